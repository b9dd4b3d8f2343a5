"""The register: what government declares, read from YAML into one frozen value. Pure Python."""

from commonweal.register.faults import Fault
from commonweal.register.loader import load
from commonweal.register.register import Register, ServiceBundle

__all__ = ["Fault", "Register", "ServiceBundle", "load"]
