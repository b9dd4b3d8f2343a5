"""Commonweal: the software a government runs its services and its data on."""

__version__ = "0.1.0"
