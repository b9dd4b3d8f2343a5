"""A certificate as an SD-JWT VC: the holder shows the facts they choose, and proves that it is theirs (pure).

SD-JWT is RFC 9901; the credential type is draft-ietf-oauth-sd-jwt-vc. A credential is one signed token and one
disclosure for each fact, with `~` between; the token holds only digests, so a disclosure left out tells nothing.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from commonweal.office.certificates import jose
from commonweal.office.certificates.jose import Malformed

TYPE, BINDING_TYPE = "dc+sd-jwt", "kb+jwt"
TYPES = frozenset({TYPE, "vc+sd-jwt"})
"""The type issued, and the one drafts before November 2024 used."""
LIMIT = 200_000
"""Characters; what is longer is no credential of ours."""
PROTECTED = frozenset({"iss", "nbf", "exp", "cnf", "vct", "status", "_sd", "_sd_alg", "..."})
"""Claims that are never disclosed selectively (draft-ietf-oauth-sd-jwt-vc, section 2.2.2.2)."""
_BINDING_AGE = 600


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One fact that may be shown: its text as it travels, its name and value."""

    text: str
    name: str
    value: Any

    @property
    def digest(self) -> str:
        """What the token holds in its place (RFC 9901, section 4.2.3)."""
        return _digest(self.text)


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential or presentation taken apart; nothing in it is true until `check` says so."""

    token: jose.Jws
    disclosures: tuple[Disclosure, ...]
    binding: jose.Jws | None
    presented: str
    """What a key binding hashes: everything up to and with the last `~`."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a credential says and what is wrong with it.

    `problems` are (code, parameters): `signature` | `disclosure` (name) | `twice` (name) | `binding-missing` |
    `binding-signature` | `binding-other` | `binding-audience` | `binding-old`.
    """

    claims: Mapping[str, Any]
    shown: Mapping[str, Any]
    hidden: int
    bound: bool
    problems: tuple[tuple[str, Mapping[str, Any]], ...] = field(default=())


def issue(
    claims: Mapping[str, Any], facts: Mapping[str, Any], kid: str, signer: jose.Sign, *,
    holder: Mapping[str, Any] | None = None, salt: Callable[[], str] = lambda: secrets.token_urlsafe(16),
) -> str:  # fmt: skip
    """A credential with `claims` open and each of `facts` selectively disclosable; bound to the JWK `holder` if given.

    Raises ValueError for a fact with a name that may not be hidden.
    """
    if wrong := PROTECTED & facts.keys():
        raise ValueError(f"{sorted(wrong)} may not be disclosed selectively")
    disclosures = [jose.encode(_json([salt(), name, value])) for name, value in facts.items()]
    payload = {**claims, "_sd": sorted(_digest(each) for each in disclosures), "_sd_alg": "sha-256"}
    if holder is not None:
        payload["cnf"] = {"jwk": {name: holder[name] for name in ("kty", "crv", "x", "y")}}
    token = jose.sign({"typ": TYPE, "kid": kid}, payload, signer)
    return "~".join([token, *disclosures, ""])


def parse(text: str) -> Credential:
    """Take a credential or a presentation apart. Raises Malformed."""
    text = "".join(text.split())
    if len(text) > LIMIT:
        raise Malformed("this is longer than any certificate")
    token, *rest = text.split("~")
    if not rest:
        raise Malformed("an SD-JWT has a ~ after its token")
    last = rest.pop()
    parsed = jose.parse(token)
    if str(parsed.header.get("typ")) not in TYPES:
        raise Malformed("this token is not a certificate in SD-JWT form")
    disclosures = tuple(_disclosure(each) for each in rest)
    return Credential(parsed, disclosures, jose.parse(last) if last else None, text.removesuffix(last))


def check(
    credential: Credential, keys: Sequence[bytes], now: int, *, audience: str | None = None, nonce: str | None = None
) -> Checked:
    """Whether one of `keys` (DER) signed it, and every disclosure and the key binding belong to it.

    `now` is in seconds since 1970. A presentation with a key binding is held to it; one whose `audience` is asked
    for must have one (RFC 9901, section 7.3). Dates and status are for the caller to judge.
    """
    payload = credential.token.payload
    problems: list[tuple[str, Mapping[str, Any]]] = []
    if not any(credential.token.signed_by(key) for key in keys):
        problems.append(("signature", {}))
    if payload.get("_sd_alg", "sha-256") != "sha-256":
        raise Malformed("the digests of this certificate are of a kind not known here")
    listed = payload.get("_sd", [])
    promised = {each for each in listed if isinstance(each, str)} if isinstance(listed, list) else set()
    shown: dict[str, Any] = {}
    for each in credential.disclosures:
        if each.digest not in promised:
            problems.append(("disclosure", {"name": each.name}))
        elif each.name in shown or each.name in payload:
            problems.append(("twice", {"name": each.name}))
        else:
            shown[each.name] = each.value
    problems += _binding_problems(credential, now, audience, nonce)
    bound = credential.binding is not None and not any(code.startswith("binding") for code, _ in problems)
    open_claims = {name: value for name, value in payload.items() if name not in {"_sd", "_sd_alg"}}
    return Checked(open_claims, shown, max(len(promised) - len(shown), 0), bound, tuple(problems))


def choose(text: str, names: Collection[str]) -> str:
    """The presentation that shows only the facts `names`. Raises Malformed."""
    credential = parse(text)
    token = "".join(text.split()).split("~", 1)[0]
    return "~".join([token, *(each.text for each in credential.disclosures if each.name in names), ""])


def bind(presentation: str, audience: str, nonce: str, now: int, signer: jose.Sign) -> str:
    """The presentation with a key binding by the holder's key, as a wallet makes one (RFC 9901, section 4.3)."""
    payload = {"iat": now, "aud": audience, "nonce": nonce, "sd_hash": _digest(presentation)}
    return presentation + jose.sign({"typ": BINDING_TYPE}, payload, signer)


def _binding_problems(
    credential: Credential, now: int, audience: str | None, nonce: str | None
) -> list[tuple[str, Mapping[str, Any]]]:
    proof = credential.binding
    if proof is None:
        return [("binding-missing", {})] if audience is not None else []
    confirmed = credential.token.payload.get("cnf")
    try:
        key = jose.spki_of(confirmed.get("jwk") if isinstance(confirmed, dict) else None)
    except Malformed:
        return [("binding-signature", {})]
    said = proof.payload
    if proof.header.get("typ") != BINDING_TYPE or not proof.signed_by(key):
        return [("binding-signature", {})]
    if said.get("sd_hash") != _digest(credential.presented):
        return [("binding-other", {})]
    if (audience is not None and said.get("aud") != audience) or (nonce is not None and said.get("nonce") != nonce):
        return [("binding-audience", {})]
    made = said.get("iat")
    if audience is not None and (not isinstance(made, int) or abs(now - made) > _BINDING_AGE):
        return [("binding-old", {})]
    return []


def _disclosure(text: str) -> Disclosure:
    try:
        parts = jose.unpacked(text)
    except Malformed:
        raise Malformed("a disclosure of this certificate cannot be read") from None
    if not isinstance(parts, list) or len(parts) != 3 or not isinstance(parts[1], str):
        raise Malformed("a disclosure of this certificate is not a salt, a name and a value")
    if parts[1] in PROTECTED:
        raise Malformed(f"a disclosure may not be named {parts[1]}")
    return Disclosure(text, parts[1], parts[2])


def _digest(text: str) -> str:
    return jose.encode(hashlib.sha256(text.encode()).digest())


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
