"""Time stamps (RFC 3161): our own authority for a laptop, an outside one by its address.

token = timestamps.stamp(hashlib.sha256(content).digest())     # DER; openssl ts -verify reads it
moment = timestamps.verify(token, digest)                      # raises Refused when it is not over that digest
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as der
from django.conf import settings

from commonweal.core import clock
from commonweal.core.errors import Refused
from commonweal.core.trust import authority, keys, shelf
from commonweal.core.trust.algorithms import P256
from commonweal.core.trust.profiles import TIMESTAMPING

ALGORITHM = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
POLICY = "2.25.205446118394201373920187534125310954711"
"""Our policy, an OID made of a UUID (X.667): the moment is this server's clock when it signed."""
DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
MOST_BYTES = 4_096


def stamp(digest: bytes) -> bytes:
    """A token (DER, ContentInfo) that says this SHA-256 digest existed now. Raises Refused where none can be had."""
    question = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
            "nonce": secrets.randbits(63),
            "cert_req": True,
        }
    )
    answer = tsp.TimeStampResp.load(ask(question.dump()))
    token = bytes(answer["time_stamp_token"].dump())
    verify(token, digest)
    if _info(token)["nonce"].native != question["nonce"].native:
        raise Refused("no-timestamp", "The time-stamping authority answered another question")
    return token


def ask(question: bytes) -> bytes:
    """The answer (DER, TimeStampResp) of the authority this deployment uses. Raises Refused unless it has a stamp."""
    if settings.TIMESTAMPS == "embedded":
        return respond(question)
    import requests

    try:
        answer = requests.post(
            settings.TIMESTAMPS, data=question, headers={"Content-Type": "application/timestamp-query"}, timeout=20
        )
        answer.raise_for_status()
    except requests.RequestException as error:
        raise Refused("no-timestamp", "The time-stamping authority cannot be reached; try again later") from error
    content = answer.content[: 64 * 1024]
    try:
        status = tsp.TimeStampResp.load(content, strict=True)["status"]["status"].native
    except (ValueError, TypeError, KeyError) as error:
        raise Refused("no-timestamp", "The time-stamping authority gave no stamp") from error
    if status not in ("granted", "granted_with_mods"):
        raise Refused("no-timestamp", f"The time-stamping authority answered: {status}")
    return content


def respond(question: bytes) -> bytes:
    """Our own answer (DER, TimeStampResp) to a question (DER, TimeStampReq); a refusal names what is wrong with it."""
    try:
        asked = tsp.TimeStampReq.load(question[:MOST_BYTES], strict=True)
        kind = asked["message_imprint"]["hash_algorithm"]["algorithm"].native
        digest = asked["message_imprint"]["hashed_message"].native
        nonce, policy = asked["nonce"].native, asked["req_policy"].native
        wants = bool(asked["cert_req"].native)
    except (ValueError, TypeError, KeyError):
        return _refusal("bad_data_format")
    if kind not in DIGESTS or len(digest) != DIGESTS[kind]:
        return _refusal("bad_alg")
    if policy not in (None, POLICY):
        return _refusal("unaccepted_policy")
    chain = shelf.parsed(authority.usable(TIMESTAMPING))
    told: dict[str, Any] = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": {"hash_algorithm": {"algorithm": kind}, "hashed_message": digest},
        "serial_number": secrets.randbits(120) | 1 << 120,
        "gen_time": clock.now().replace(microsecond=0),
        "accuracy": {"seconds": 1},
        "tsa": der.GeneralName("directory_name", chain[0].subject),
    }
    if nonce is not None:
        told["nonce"] = nonce
    token = _signed(tsp.TSTInfo(told).dump(), chain, wants)
    return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())


def verify(token: bytes, digest: bytes) -> datetime:
    """The moment a token (DER) says that the SHA-256 `digest` existed at.

    Checks the digest, the token's own digests and the signature by the certificate it carries; whether that
    certificate is trusted is the business of who reads documents (`documents.validate`). Raises Refused `timestamp`.
    """
    try:
        content = cms.ContentInfo.load(token, strict=True)["content"]
        inner = bytes(content["encap_content_info"]["content"].parsed.dump())
        info = tsp.TSTInfo.load(inner)
        (signer,) = content["signer_infos"]
        imprint = info["message_imprint"]
        attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
        spki, hashed = _signer_key(content, signer), signer["digest_algorithm"]["algorithm"].native
        signed = bytes(signer["signed_attrs"].untag().dump())
        whole = (
            imprint["hash_algorithm"]["algorithm"].native == "sha256"
            and hmac.compare_digest(imprint["hashed_message"].native, digest)
            and hashed in DIGESTS
            and attributes["message_digest"][0].native == hashlib.new(hashed, inner).digest()
        )
        moment: datetime = info["gen_time"].native
    except (ValueError, TypeError, KeyError, LookupError) as error:
        raise Refused("timestamp", "This is no time stamp that can be read") from error
    if not whole or not _holds(spki, signed, signer["signature"].native, _signed_with(signer, hashed)):
        raise Refused("timestamp", "This time stamp is of something else, or was changed")
    return moment.astimezone(UTC)


def _signed(info: bytes, chain: list[der.Certificate], with_certificates: bool) -> cms.ContentInfo:
    digest = {"algorithm": "sha256"}
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "signing_time", "values": [cms.Time("utc_time", clock.now().replace(microsecond=0))]},
            {"type": "message_digest", "values": [hashlib.sha256(info).digest()]},
            {"type": "signing_certificate_v2", "values": [_reference(chain[0])]},
        ]
    )
    certificate = chain[0]
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number", {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        ),
        "digest_algorithm": digest,
        "signed_attrs": attributes,
        "signature_algorithm": ALGORITHM,
        "signature": keys.sign(TIMESTAMPING, attributes.dump(), P256).bytes,
    }
    body: dict[str, Any] = {
        "version": "v3",
        "digest_algorithms": [algos.DigestAlgorithm(digest)],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
        "signer_infos": [signer],
    }
    if with_certificates:
        body["certificates"] = [cms.CertificateChoices("certificate", each) for each in chain[:-1]]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(body)})


def _reference(certificate: der.Certificate) -> tsp.SigningCertificateV2:
    """Which certificate signed (RFC 5035), so that another one of the same key cannot stand in for it."""
    hashed = {"cert_hash": hashlib.sha256(certificate.dump()).digest()}
    return tsp.SigningCertificateV2({"certs": [tsp.ESSCertIDv2(hashed)]})


def _signer_key(content: Any, signer: Any) -> bytes:
    serial = signer["sid"].chosen["serial_number"].native
    found = [each.chosen for each in content["certificates"] if each.chosen.serial_number == serial]
    return bytes(found[0].public_key.dump())


def _info(token: bytes) -> Any:
    """What a token says, of one that `verify` has read."""
    return cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed


def _signed_with(signer: Any, hashed: str) -> str:
    """The digest inside the signature: named by its algorithm, or else the same as of the content."""
    named = str(signer["signature_algorithm"]["algorithm"].native).partition("_")[0]
    return named if named in DIGESTS else hashed


def _holds(spki: bytes, message: bytes, signature: bytes, hashed: str) -> bool:
    """Whether a certificate's key made a signature: ECDSA or RSA (PKCS #1 1.5), as time-stamping authorities use."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    key = serialization.load_der_public_key(spki)
    kinds = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
    digest = kinds[hashed]
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), digest)
        else:
            return False
    except InvalidSignature:
        return False
    return True


class _Refusal(core.Sequence):
    """A TimeStampResp without a token, which the library's own class insists on."""

    _fields = [("status", tsp.PKIStatusInfo)]


def _refusal(why: str) -> bytes:
    return bytes(_Refusal({"status": {"status": "rejection", "fail_info": {why}}}).dump())
