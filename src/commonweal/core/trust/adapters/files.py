"""Keys as files that only their owner reads: `<root>/<purpose>/0001.pem` (PKCS #8) and `0001.secret`.

A key is written whole under a temporary name and then linked into place, so that two processes that meet an
empty store agree on one key and a crash leaves no half of one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from commonweal.core.trust.ports import KeyProblem, PublicKey, Signature

T = TypeVar("T")
_SERIAL_BYTES = 2


class FileKeyStore:
    """A key store in a folder. Loaded keys are kept until the folder changes, so rotation elsewhere is seen."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._loaded: dict[tuple[str, str], tuple[int, dict[int, object]]] = {}

    def sign(self, purpose: str, message: bytes) -> Signature:
        """Sign `message` with the newest key of `purpose`, made on first use. Raises KeyProblem."""
        keys = self._signing(purpose)
        key = keys[max(keys)]
        return Signature(_public(key.public_key()).id, key.sign(message))

    def public_keys(self, purpose: str) -> Sequence[PublicKey]:
        """Every public key of `purpose`, oldest first. Raises KeyProblem."""
        return tuple(_public(key.public_key()) for _, key in sorted(self._signing(purpose).items()))

    def rotate(self, purpose: str) -> PublicKey:
        """Make the next signing key and the next secret of `purpose`; the old ones stay. Raises KeyProblem."""
        newest = max(self._signing(purpose))
        self._place(purpose, newest + 1, "pem", _fresh_signing())
        self._place(purpose, max(self._secrets(purpose)) + 1, "secret", secrets.token_bytes(32))
        return self.public_keys(purpose)[-1]

    def seal(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA-256 (RFC 2104) of `message`, behind the two-byte number of the secret used."""
        known = self._secrets(purpose)
        serial = max(known)
        return serial.to_bytes(_SERIAL_BYTES, "big") + hmac.digest(known[serial], message, "sha256")

    def unbroken(self, purpose: str, message: bytes, seal: bytes) -> bool:
        """Whether `seal` is the one this store makes for `message`; compared in constant time."""
        secret = self._secrets(purpose).get(int.from_bytes(seal[:_SERIAL_BYTES], "big"))
        return secret is not None and hmac.compare_digest(
            hmac.digest(secret, message, "sha256"), bytes(seal[_SERIAL_BYTES:])
        )

    def _signing(self, purpose: str) -> dict[int, Ed25519PrivateKey]:
        return self._all(purpose, "pem", _load_signing, _fresh_signing)

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
        paths = sorted(folder.glob(f"[0-9]*.{suffix}"))
        if not paths:
            self._place(purpose, 1, suffix, fresh())
            return self._all(purpose, suffix, load, fresh)
        keys = {int(path.stem): _loaded(path, load) for path in paths}
        self._loaded[(purpose, suffix)] = (changed, dict(keys))
        return keys

    def _place(self, purpose: str, serial: int, suffix: str, content: bytes) -> None:
        """Put a key in place unless another process was first."""
        folder = self._folder(purpose)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, folder / f"{serial:04}.{suffix}")
        except FileExistsError:
            pass
        finally:
            os.unlink(temporary)

    def _folder(self, purpose: str) -> Path:
        if not purpose.replace("-", "").isalnum():
            raise KeyProblem(f"{purpose!r} is no name for a key: use letters, digits and hyphens")
        return self.root / purpose


def _public(key: Ed25519PublicKey) -> PublicKey:
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return PublicKey(hashlib.sha256(raw).hexdigest()[:16], raw, pem)


def _fresh_signing() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _load_signing(content: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(content, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")
    return key


def _load_secret(content: bytes) -> bytes:
    if len(content) != 32:
        raise ValueError("not 32 bytes")
    return content


def _loaded(path: Path, load: Callable[[bytes], T]) -> T:
    """The key in a file. Raises KeyProblem for one that is damaged or that other users can read."""
    if path.stat().st_mode & 0o077:
        raise KeyProblem(f"{path} can be read by other users; run: chmod 600 {path}")
    try:
        return load(path.read_bytes())
    except (ValueError, TypeError) as problem:
        raise KeyProblem(f"{path} is damaged ({problem}); restore it from a backup") from problem
