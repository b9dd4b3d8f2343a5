"""HTTP connections that know whom they reach: a declared host, or a public one, never a neighbour by a detour.

A redirect or a next-page link may lead to an address inside the government's own network. The address is looked at
after the connection stands and before anything is sent, so that a name that changes its answer gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from commonweal.core.errors import Refused

Trusted = Callable[[str], bool]


def pool(trusted: Trusted, timeout: float) -> urllib3.PoolManager:
    """Connections that may reach hosts for which `trusted` holds, and any public address."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _judged(super()._new_conn(), self.host, trusted)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _judged(super()._new_conn(), self.host, trusted)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    made = urllib3.PoolManager(timeout=urllib3.Timeout(connect=timeout, read=timeout), retries=False)
    made.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return made


def _judged(connection: socket.socket, host: str, trusted: Trusted) -> socket.socket:
    address: Any = connection.getpeername()[0]
    if trusted(host) or public(address):
        return connection
    connection.close()
    raise Refused(
        "private-address",
        f"{host} leads to {address}, which is not a public address; name the host in COMMONWEAL_LAKE_HOSTS to allow it",
    )


def public(address: str) -> bool:
    """Whether an IP address is one of the open internet; an IPv4 address inside an IPv6 one is judged as itself."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None)
    return (inner or parsed).is_global and not (inner or parsed).is_multicast
