"""Keys in hardware, through PKCS #11: they are made inside the module and never leave it.

The address follows RFC 7512: `pkcs11:token=commonweal?module-path=/usr/lib/softhsm/libsofthsm2.so`; the passphrase
is the user PIN. Keys are labelled `<purpose>/0001`; their identifier names algorithm and purpose. A module offers no
"make unless there", so let one process meet an empty token first (`commonweal setup`).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote

from asn1crypto.core import OctetString
from asn1crypto.keys import PublicKeyInfo

from commonweal.core.trust.algorithms import ED25519, P256
from commonweal.core.trust.ports import KeyProblem, PublicKey, Signature

_MAC = "hmac-sha256"


class TokenKeyStore:
    """A key store in a PKCS #11 token. One session, one thread at a time."""

    def __init__(self, address: str, pin: str) -> None:
        self._token, self._module = _parsed(address)
        self._pin, self._lock = pin, threading.RLock()

    def sign(self, purpose: str, message: bytes, algorithm: str = ED25519, key_id: str | None = None) -> Signature:
        """Sign with the newest key of `purpose`, made on first use, or the one named. Raises KeyProblem."""
        import hashlib

        import pkcs11
        from pkcs11.util.ec import encode_ecdsa_signature

        with self._lock:
            held = self._held(purpose, algorithm)
            if key_id is not None:
                held = [each for each in held if self._public(each, algorithm).id == key_id]
                if not held:
                    raise KeyProblem(f"{purpose} has no key {key_id} in this token")
            key = held[-1]
            if algorithm == ED25519:
                made = key.sign(message, mechanism=pkcs11.Mechanism.EDDSA)
            else:
                digest = hashlib.sha256(message).digest()
                made = encode_ecdsa_signature(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
            return Signature(self._public(key, algorithm).id, bytes(made), algorithm)

    def public_keys(self, purpose: str, algorithm: str = ED25519) -> Sequence[PublicKey]:
        """Every public key of `purpose`, oldest first. Raises KeyProblem."""
        with self._lock:
            return tuple(self._public(key, algorithm) for key in self._held(purpose, algorithm))

    def rotate(self, purpose: str, algorithm: str = ED25519) -> PublicKey:
        """Make the next key and the next secret of `purpose` inside the module."""
        with self._lock:
            self._make(purpose, len(self._held(purpose, algorithm)) + 1, algorithm)
            self._make(purpose, len(self._held(purpose, _MAC)) + 1, _MAC)
            return self.public_keys(purpose, algorithm)[-1]

    def mac(self, purpose: str, message: bytes, serial: int | None = None) -> tuple[int, bytes]:
        """HMAC-SHA-256 of `message` by the module, and the number of the secret used. Raises KeyProblem."""
        import pkcs11

        with self._lock:
            known = self._held(purpose, _MAC)
            number = len(known) if serial is None else serial
            if not 1 <= number <= len(known):
                raise KeyProblem(f"{purpose} has no secret number {number}")
            return number, bytes(known[number - 1].sign(message or b"\0", mechanism=pkcs11.Mechanism.SHA256_HMAC))

    @cached_property
    def _session(self) -> Any:
        import pkcs11

        try:
            token = pkcs11.lib(self._module).get_token(token_label=self._token)
            return token.open(rw=True, user_pin=self._pin)
        except Exception as problem:  # the module's own faults have no common base that says what to do
            raise KeyProblem(
                f"the token {self._token!r} of {self._module} does not open ({type(problem).__name__}): check the "
                "module, the token's name and COMMONWEAL_KEYS_PASSPHRASE, which is its user PIN"
            ) from problem

    def _held(self, purpose: str, algorithm: str) -> list[Any]:
        """Private keys or secrets of one sort by number, making the first where there is none."""
        import pkcs11

        if not purpose.replace("-", "").isalnum():
            raise KeyProblem(f"{purpose!r} is no name for a key: use letters, digits and hyphens")
        if algorithm not in (ED25519, P256, _MAC):
            raise KeyProblem(f"this module makes no {algorithm} keys: keep them in files, or choose another suite")
        kind = pkcs11.ObjectClass.SECRET_KEY if algorithm == _MAC else pkcs11.ObjectClass.PRIVATE_KEY
        wanted = {pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.ID: _id(purpose, algorithm)}
        found = sorted(self._session.get_objects(wanted), key=lambda key: key.label)
        if not found:
            self._make(purpose, 1, algorithm)
            return self._held(purpose, algorithm)
        return found

    def _make(self, purpose: str, serial: int, algorithm: str) -> None:
        import pkcs11
        from asn1crypto.core import PrintableString
        from pkcs11.util.ec import encode_named_curve_parameters

        common = {"id": _id(purpose, algorithm), "label": f"{purpose}/{serial:04}", "store": True}
        if algorithm == _MAC:
            self._session.generate_key(
                pkcs11.KeyType.GENERIC_SECRET, 256, **common,
                capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
            )  # fmt: skip
            return
        ed = algorithm == ED25519
        curve = PrintableString("edwards25519").dump() if ed else encode_named_curve_parameters("secp256r1")
        parameters = self._session.create_domain_parameters(
            pkcs11.KeyType.EC_EDWARDS if ed else pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: curve}, local=True
        )
        mechanism = pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN if ed else pkcs11.Mechanism.EC_KEY_PAIR_GEN
        parameters.generate_keypair(mechanism=mechanism, **common)

    def _public(self, key: Any, algorithm: str) -> PublicKey:
        """The public half that was stored beside a private key."""
        import pkcs11

        wanted = {
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PUBLIC_KEY,
            pkcs11.Attribute.ID: key.id,
            pkcs11.Attribute.LABEL: key.label,
        }
        point = OctetString.load(next(iter(self._session.get_objects(wanted)))[pkcs11.Attribute.EC_POINT]).native
        if algorithm == ED25519:
            return PublicKey(algorithm, bytes.fromhex("302a300506032b6570032100") + point)
        named = {"algorithm": "ec", "parameters": {"named": "secp256r1"}}
        return PublicKey(algorithm, PublicKeyInfo({"algorithm": named, "public_key": point}).dump())


def _id(purpose: str, algorithm: str) -> bytes:
    return f"{algorithm}/{purpose}".encode()


def _parsed(address: str) -> tuple[str, str]:
    """Token label and module path of an RFC 7512 address. Raises KeyProblem."""
    path, _, query = address.removeprefix("pkcs11:").partition("?")
    parts = dict(part.partition("=")[::2] for part in path.split(";"))
    module = parse_qs(query).get("module-path", [""])[0]
    if not parts.get("token") or not module:
        raise KeyProblem("COMMONWEAL_KEYS reads pkcs11:token=NAME?module-path=/path/of/the/module.so")
    return unquote(parts["token"]), module
