"""Keys as encrypted files that only their owner reads: `<root>/<purpose>/0001.ed25519` (PKCS #8) and `0001.secret`.

A key is written whole under a temporary name and then linked into place, so that two processes that meet an
empty store agree on one key and a crash leaves no half of one.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from asn1crypto import pem

from commonweal.core.trust import algorithms
from commonweal.core.trust.adapters.keyring import MAGIC, Keyring
from commonweal.core.trust.adapters.placing import place, replace
from commonweal.core.trust.algorithms import ED25519, PrivateKey
from commonweal.core.trust.ports import KeyProblem, PublicKey, Signature

T = TypeVar("T")


class FileKeyStore:
    """A key store in a folder. Loaded keys are kept until the folder changes, so rotation elsewhere is seen."""

    def __init__(self, root: Path, keyring: Keyring) -> None:
        self.root = root
        self._keyring = keyring
        self._loaded: dict[tuple[str, str], tuple[int, dict[int, object]]] = {}

    def sign(self, purpose: str, message: bytes, algorithm: str = ED25519, key_id: str | None = None) -> Signature:
        """Sign `message` with the newest key of `purpose`, made on first use, or the one named. Raises KeyProblem."""
        held = self._signing(purpose, algorithm)
        key = held[max(held)]
        if key_id is not None:
            fitting = [each for each in held.values() if PublicKey(algorithm, each.public).id == key_id]
            if not fitting:
                raise KeyProblem(f"{purpose} has no key {key_id}; restore it from a backup")
            key = fitting[0]
        return Signature(PublicKey(algorithm, key.public).id, key.sign(message), algorithm)

    def public_keys(self, purpose: str, algorithm: str = ED25519) -> Sequence[PublicKey]:
        """Every public key of `purpose`, oldest first. Raises KeyProblem."""
        return tuple(PublicKey(algorithm, key.public) for _, key in sorted(self._signing(purpose, algorithm).items()))

    def rotate(self, purpose: str, algorithm: str = ED25519) -> PublicKey:
        """Make the next signing key and the next secret of `purpose`; the old ones stay. Raises KeyProblem."""
        newest = max(self._signing(purpose, algorithm))
        self._place(purpose, newest + 1, algorithm, algorithms.named(algorithm).generate())
        self._place(purpose, max(self._secrets(purpose)) + 1, "secret", secrets.token_bytes(32))
        return self.public_keys(purpose, algorithm)[-1]

    def mac(self, purpose: str, message: bytes, serial: int | None = None) -> tuple[int, bytes]:
        """HMAC-SHA-256 (RFC 2104) of `message` and the number of the secret used. Raises KeyProblem."""
        known = self._secrets(purpose)
        number = max(known) if serial is None else serial
        if number not in known:
            raise KeyProblem(f"{purpose} has no secret number {number}")
        return number, hmac.digest(known[number], message, "sha256")

    def _signing(self, purpose: str, algorithm: str) -> dict[int, PrivateKey]:
        known = algorithms.named(algorithm)
        return self._all(purpose, algorithm, known.load, known.generate)

    def _secrets(self, purpose: str) -> dict[int, bytes]:
        return self._all(purpose, "secret", _load_secret, lambda: secrets.token_bytes(32))

    def _all(self, purpose: str, suffix: str, load: Callable[[bytes], T], fresh: Callable[[], bytes]) -> dict[int, T]:
        """Every key of one sort by serial number, making the first where there is none."""
        folder = self._folder(purpose)
        try:
            changed = folder.stat().st_mtime_ns
        except FileNotFoundError:
            changed = -1
        held = self._loaded.get((purpose, suffix))
        if held is not None and held[0] == changed:
            return held[1]  # type: ignore[return-value]
        if suffix == ED25519:
            self._encrypt_plain_keys(folder)
        paths = sorted(folder.glob(f"[0-9]*.{suffix}"))
        if not paths:
            self._place(purpose, 1, suffix, fresh())
            return self._all(purpose, suffix, load, fresh)
        keys = {int(path.stem): self._opened(path, load) for path in paths}
        self._loaded[(purpose, suffix)] = (changed, dict(keys))
        return keys

    def _place(self, purpose: str, serial: int, suffix: str, content: bytes) -> None:
        """Put a key in place unless another process was first."""
        folder = self._folder(purpose)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{serial:04}.{suffix}"
        place(path, self._keyring.encrypt(content, _name(path)))

    def _opened(self, path: Path, load: Callable[[bytes], T]) -> T:
        """The key in a file. Raises KeyProblem for one that is damaged or that other users can read."""
        content = _guarded(path)
        if not content.startswith(MAGIC) and path.suffix == ".secret" and len(content) == 32:
            replace(path, self._keyring.encrypt(content, _name(path)))  # written before keys were encrypted
        elif not content.startswith(MAGIC):
            raise KeyProblem(f"{path} is damaged (not an encrypted key); restore it from a backup")
        else:
            content = self._keyring.decrypt(content, _name(path))
        try:
            return load(content)
        except (ValueError, TypeError) as problem:
            raise KeyProblem(f"{path} is damaged ({problem}); restore it from a backup") from problem

    def _encrypt_plain_keys(self, folder: Path) -> None:
        """Take over keys written as plain PEM, before keys were encrypted: the same key, no longer readable."""
        for path in sorted(folder.glob("[0-9]*.pem")):
            try:
                _, _, content = pem.unarmor(_guarded(path))
                algorithms.named(ED25519).load(content)
            except ValueError as problem:
                raise KeyProblem(f"{path} is damaged ({problem}); restore it from a backup") from problem
            taken = path.with_suffix(f".{ED25519}")
            place(taken, self._keyring.encrypt(content, _name(taken)))
            path.unlink(missing_ok=True)

    def _folder(self, purpose: str) -> Path:
        if not purpose.replace("-", "").isalnum():
            raise KeyProblem(f"{purpose!r} is no name for a key: use letters, digits and hyphens")
        return self.root / purpose


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _load_secret(content: bytes) -> bytes:
    if len(content) != 32:
        raise ValueError("not 32 bytes")
    return content


def _guarded(path: Path) -> bytes:
    if path.stat().st_mode & 0o077:
        raise KeyProblem(f"{path} can be read by other users; run: chmod 600 {path}")
    return path.read_bytes()
