"""What pyHanko needs to sign with keys that never leave their store, and to stamp with the authority in use."""

from __future__ import annotations

from asn1crypto import tsp, x509
from pyhanko.sign.signers import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from commonweal.core.trust import keys, timestamps
from commonweal.core.trust.algorithms import P256
from commonweal.core.trust.timestamps import ALGORITHM

LONGEST = 72
"""Bytes of an ECDSA signature over P-256 at most, as DER."""


class StoreSigner(Signer):
    """Signs with the newest P-256 key of a purpose."""

    def __init__(self, purpose: str, chain: list[x509.Certificate]) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(chain[1:])
        super().__init__(signing_cert=chain[0], cert_registry=store, signature_mechanism=ALGORITHM)
        self._purpose = purpose

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature over the attributes pyHanko made. Raises ValueError for another digest than SHA-256."""
        if digest_algorithm.lower() != "sha256":
            raise ValueError(f"our keys sign SHA-256, not {digest_algorithm}")
        return bytes(LONGEST) if dry_run else keys.sign(self._purpose, data, P256).bytes


class _OurStamper(TimeStamper):
    """Asks the authority this deployment uses; our own without a detour over HTTP."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(timestamps.ask(req.dump()))


def stamper() -> TimeStamper:
    """A stamper for one document."""
    return _OurStamper()
