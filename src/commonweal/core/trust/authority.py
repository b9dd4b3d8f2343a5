"""This deployment's certification authority: a root and an issuing one for a laptop, or an outside one by its chain.

Keys are in the key store; certificates, which are public, lie in `settings.TRUST_ROOT`. Each purpose has a certificate
for its newest key; an older key keeps the one it had. An outside authority is used by installing the chain it returns
for our request; then it is also its business to tell what is revoked.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path

from asn1crypto import crl, ocsp, x509
from django.conf import settings

from commonweal.core import clock
from commonweal.core.trust import keys
from commonweal.core.trust import x509 as made
from commonweal.core.trust.algorithms import P256
from commonweal.core.trust.ports import KeyProblem

ROOT_DAYS, ISSUING_DAYS, DAYS = 20 * 365, 10 * 365, 3 * 365
RENEWED_BEFORE = timedelta(days=60)
"""A certificate that ends sooner than this is made anew for the same key when it is next needed."""
LIST_HOURS = 7 * 24
ROOT_KEY, ISSUING_KEY = "root-authority", "issuing-authority"
USAGES = {"document-seal": made.SEAL, "timestamp": made.STAMP}
"""Purposes of keys that get a certificate, and what they may be used for."""
NAMES = {"document-seal": "Document seal", "timestamp": "Time stamps"}
REASONS = ("key_compromise", "ca_compromise", "affiliation_changed", "superseded", "cessation_of_operation")


@dataclass(frozen=True)
class Held:
    """One certificate as the deployment keeps it. `chain` stands above it: the issuing authority first, the root last."""

    purpose: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    outside: bool = False

    @property
    def expires(self) -> datetime:
        """The last moment it holds."""
        return _utc(self.certificate.not_valid_after)


class Authority:
    """The authority over one folder of certificates."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder, self.origin = folder, origin

    @cached_property
    def root(self) -> x509.Certificate:
        """What a reader must trust for all else to be trusted. Made on first use. Raises KeyProblem."""
        return self._kept("root", self._new_root)

    @cached_property
    def issuing(self) -> x509.Certificate:
        """The authority that signs certificates and revocation lists. Made on first use. Raises KeyProblem."""
        return self._kept("issuing", self._new_issuing)

    def chain(self) -> tuple[x509.Certificate, x509.Certificate]:
        """Issuing authority and root."""
        return self.issuing, self.root

    def certificate(self, purpose: str) -> Held:
        """The certificate of the purpose's newest key, made or renewed where it has none that holds long enough.

        Raises KeyProblem for a purpose that has no certificates.
        """
        if purpose not in USAGES:
            raise KeyProblem(f"Keys of {purpose} get no certificate; there are: {', '.join(USAGES)}")
        key = keys.public_keys(purpose, P256)[-1]
        outside = self._installed(purpose, key.spki)
        if outside is not None:
            return outside
        path = self.folder / purpose / f"{key.id}.pem"
        if path.exists():
            found = made.read(path.read_bytes())[0]
            fresh = _utc(found.not_valid_after) - RENEWED_BEFORE > clock.now()
            if fresh and found.serial_number not in self._revoked():
                return Held(purpose, found, self.chain())
        subject = made.name(NAMES[purpose], self.origin)
        found = self.issue(key.spki, subject, USAGES[purpose], DAYS)
        _write(path, made.written([found]))
        return Held(purpose, found, self.chain())

    def every(self) -> list[Held]:
        """Every certificate there is, by purpose and age."""
        told = []
        for purpose in USAGES:
            for path in sorted((self.folder / purpose).glob("*.pem"), key=lambda p: p.stat().st_mtime):
                first, *above = made.read(path.read_bytes())
                told.append(Held(purpose, first, tuple(above) or self.chain(), bool(above)))
        return told

    def issue(self, spki: bytes, subject: x509.Name, usage: made.Usage, days: int) -> x509.Certificate:
        """A certificate for a public key, signed by the issuing authority."""
        base = f"https://{self.origin}/trust"
        return made.certificate(
            spki, subject, self.issuing.subject, _spki(ISSUING_KEY), usage, _signing(ISSUING_KEY), now=clock.now(),
            days=days, addresses=(f"{base}/revoked.crl", f"{base}/ocsp", f"{base}/issuing.crt"),
        )  # fmt: skip

    def request(self, purpose: str) -> str:
        """A request (PEM) to be sent to an outside authority for the purpose's newest key."""
        spki = keys.public_keys(purpose, P256)[-1].spki
        subject = made.name(NAMES.get(purpose, purpose), self.origin)
        return made.request(spki, subject, _signing(purpose))

    def install(self, purpose: str, chain: bytes) -> Held:
        """Use the certificate that an outside authority returned, with what stands above it (PEM).

        Raises KeyProblem when it is not for the purpose's newest key, ended, or stands alone.
        """
        try:
            first, *above = made.read(chain)
        except ValueError as error:
            raise KeyProblem("This is no chain of certificates; give the PEM text the authority returned") from error
        key = keys.public_keys(purpose, P256)[-1]
        if first.public_key.dump() != key.spki:
            raise KeyProblem(f"The first certificate is not for our newest key of {purpose}; send our request again")
        if not above:
            raise KeyProblem("The chain must name what stands above the certificate, up to the root")
        if _utc(first.not_valid_after) <= clock.now():
            raise KeyProblem("This certificate has ended")
        _write(self.folder / purpose / f"{key.id}.outside.pem", made.written([first, *above]))
        return Held(purpose, first, tuple(above), True)

    def revoke(self, serial: int, reason: str) -> None:
        """Say that a certificate of ours is not to be trusted from now on. Raises KeyProblem for an unknown reason."""
        if reason not in REASONS:
            raise KeyProblem(f"No reason is called {reason}; choose {', '.join(REASONS)}")
        told = self._revoked()
        told.setdefault(serial, (clock.now(), reason))
        rows = {f"{number:x}": [moment.isoformat(), why] for number, (moment, why) in told.items()}
        _write(self.folder / "revoked.json", json.dumps(rows, indent=1).encode())

    def revoked_at(self, serial: int) -> datetime | None:
        """Since when a certificate of ours is not to be trusted; None for one that is."""
        found = self._revoked().get(serial)
        return found[0] if found is not None else None

    def revocations(self) -> list[crl.CertificateList]:
        """The lists of the issuing authority and of the root."""
        now = clock.now()
        rows = [(serial, moment, why) for serial, (moment, why) in sorted(self._revoked().items())]
        lists = ((self.issuing, rows, ISSUING_KEY), (self.root, [], ROOT_KEY))
        return [
            made.revocation_list(
                by, told, _signing(key), now=now, hours=LIST_HOURS, number=int(now.timestamp())
            )
            for by, told, key in lists
        ]

    def status(self, question: bytes) -> bytes:
        """The answer (DER) to an OCSP request (RFC 6960). What we did not issue is unknown."""
        try:
            asked = ocsp.OCSPRequest.load(question, strict=True)
            ids = [each["req_cert"] for each in asked["tbs_request"]["request_list"]][:20]
            serials = [each["serial_number"].native for each in ids]
            nonce = asked.nonce_value
        except (ValueError, TypeError, KeyError):
            return bytes(ocsp.OCSPResponse({"response_status": "malformed_request"}).dump())
        return self._answer(list(zip(ids, serials, strict=True)), nonce)

    def _answer(self, ids: list[tuple[ocsp.CertId, int]], nonce: object) -> bytes:
        now = clock.now().replace(microsecond=0)
        revoked, ours = self._revoked(), {held.certificate.serial_number for held in self.every() if not held.outside}
        rows = []
        for cert_id, serial in ids:
            status = ocsp.CertStatus("good") if serial in ours else ocsp.CertStatus("unknown")
            if serial in revoked:
                moment, reason = revoked[serial]
                info = {"revocation_time": moment.replace(microsecond=0), "revocation_reason": reason}
                status = ocsp.CertStatus("revoked", ocsp.RevokedInfo(info))
            rows.append(
                {"cert_id": cert_id, "cert_status": status, "this_update": now, "next_update": now + timedelta(hours=12)}
            )
        extensions = [{"extn_id": "nonce", "extn_value": nonce}] if nonce is not None else None
        body = ocsp.ResponseData(
            {
                "responder_id": ocsp.ResponderId("by_name", self.issuing.subject),
                "produced_at": now,
                "responses": rows,
                **({"response_extensions": extensions} if extensions else {}),
            }
        )
        signed = {
            "tbs_response_data": body,
            "signature_algorithm": made.ALGORITHM,
            "signature": _signing(ISSUING_KEY)(body.dump()),
            "certs": [self.issuing],
        }
        answer = {"response_type": "basic_ocsp_response", "response": ocsp.BasicOCSPResponse(signed)}
        return bytes(ocsp.OCSPResponse({"response_status": "successful", "response_bytes": answer}).dump())

    def _revoked(self) -> dict[int, tuple[datetime, str]]:
        try:
            rows = json.loads((self.folder / "revoked.json").read_text())
        except FileNotFoundError:
            return {}
        return {int(serial, 16): (datetime.fromisoformat(moment), why) for serial, (moment, why) in rows.items()}

    def _installed(self, purpose: str, spki: bytes) -> Held | None:
        for path in sorted((self.folder / purpose).glob("*.outside.pem")):
            first, *above = made.read(path.read_bytes())
            if first.public_key.dump() == spki and _utc(first.not_valid_after) > clock.now():
                return Held(purpose, first, tuple(above), True)
        return None

    def _kept(self, what: str, make: Callable[[], x509.Certificate]) -> x509.Certificate:
        path = self.folder / f"{what}.pem"
        if not path.exists():
            _write(path, made.written([make()]), once=True)
        return made.read(path.read_bytes())[0]

    def _new_root(self) -> x509.Certificate:
        spki, subject = _spki(ROOT_KEY), made.name("Root authority", self.origin)
        return made.certificate(
            spki, subject, subject, spki, made.ROOT, _signing(ROOT_KEY), now=clock.now(), days=ROOT_DAYS
        )

    def _new_issuing(self) -> x509.Certificate:
        base = f"https://{self.origin}/trust"
        return made.certificate(
            _spki(ISSUING_KEY), made.name("Issuing authority", self.origin), self.root.subject, _spki(ROOT_KEY),
            made.ISSUING, _signing(ROOT_KEY), now=clock.now(), days=ISSUING_DAYS,
            addresses=(f"{base}/root.crl", f"{base}/ocsp", f"{base}/root.crt"),
        )  # fmt: skip


def current() -> Authority:
    """The authority of this deployment."""
    return Authority(Path(settings.TRUST_ROOT), settings.ORIGIN)


def _signing(purpose: str) -> Callable[[bytes], bytes]:
    return partial(_sign, purpose)


def _sign(purpose: str, message: bytes) -> bytes:
    return keys.sign(purpose, message, P256).bytes


def _spki(purpose: str) -> bytes:
    """The first key an authority had, which its certificate is for: an authority is not rotated, but followed."""
    return keys.public_keys(purpose, P256)[0].spki


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _write(path: Path, content: bytes, *, once: bool = False) -> None:
    """Put a file in place whole; with `once`, whoever is first wins and the others read theirs."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
    if not once:
        os.replace(part.name, path)
        return
    try:
        os.link(part.name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(part.name)
