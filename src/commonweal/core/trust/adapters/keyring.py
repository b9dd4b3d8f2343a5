"""One data key that encrypts every key file, itself wrapped under a passphrase kept somewhere else.

`keyring.json` in the folder holds the wrapped key. A copy of the folder without the passphrase opens nothing.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from commonweal.core.trust.adapters.placing import place, replace
from commonweal.core.trust.ports import KeyProblem
from commonweal.core.trust.suites import INTERNATIONAL, Broken

MADE = "made-"
"""How a passphrase begins that a machine drew at random; it needs no stretching."""
MAGIC = b"CWK1"
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}


def made_passphrase() -> str:
    """A passphrase of 256 random bits."""
    return MADE + secrets.token_urlsafe(32)


class Keyring:
    """Encrypts and decrypts key files (AES-256-GCM). Opens the folder's data key once a process."""

    def __init__(self, root: Path, passphrase: str) -> None:
        self._path, self._passphrase, self._key = root / "keyring.json", passphrase, b""

    def encrypt(self, content: bytes, name: str) -> bytes:
        """The content of a key file to be kept under `name`."""
        return MAGIC + INTERNATIONAL.encrypt(self._data_key(), content, name.encode())

    def decrypt(self, box: bytes, name: str) -> bytes:
        """What is in the key file `name`. Raises KeyProblem."""
        try:
            return INTERNATIONAL.decrypt(self._data_key(), box[len(MAGIC) :], name.encode())
        except Broken as problem:
            raise KeyProblem(f"{name} is damaged ({problem}); restore it from a backup") from problem

    def change_passphrase(self, new: str) -> None:
        """Wrap the data key under another passphrase; the key files stay as they are."""
        key = self._data_key()
        replace(self._path, _wrapped(key, new))
        self._passphrase = new

    def _data_key(self) -> bytes:
        if not self._key:
            if not self._path.exists():
                if not self._passphrase:
                    raise KeyProblem("no passphrase for the keys: set COMMONWEAL_KEYS_PASSPHRASE_FILE")
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                place(self._path, _wrapped(os.urandom(32), self._passphrase))
            self._key = _unwrapped(self._path, self._passphrase)
        return self._key


def _wrapped(key: bytes, passphrase: str) -> bytes:
    salt = os.urandom(16)
    form: dict[str, Any] = {"version": 1, "kdf": "hkdf-sha256"}
    if not passphrase.startswith(MADE):
        form = {"version": 1, "kdf": "scrypt", **_SCRYPT}
    box = INTERNATIONAL.encrypt(_stretched(passphrase, salt, form), key, b"keyring")
    form |= {"salt": base64.b64encode(salt).decode(), "wrapped": base64.b64encode(box).decode()}
    return json.dumps(form, indent=1).encode()


def _unwrapped(path: Path, passphrase: str) -> bytes:
    try:
        form = json.loads(path.read_text())
        salt, box = base64.b64decode(form["salt"]), base64.b64decode(form["wrapped"])
        return INTERNATIONAL.decrypt(_stretched(passphrase, salt, form), box, b"keyring")
    except Broken:
        raise KeyProblem(
            f"the passphrase does not open {path}; COMMONWEAL_KEYS_PASSPHRASE(_FILE) must be the one it was made with"
        ) from None
    except (KeyError, ValueError, TypeError) as problem:
        raise KeyProblem(f"{path} is damaged ({problem}); restore it from a backup") from problem


def _stretched(passphrase: str, salt: bytes, form: dict[str, Any]) -> bytes:
    """A wrapping key: scrypt (RFC 7914) for what a person chose, HKDF (RFC 5869) for what a machine drew."""
    if form["kdf"] == "scrypt":
        n, r, p = int(form["n"]), int(form["r"]), int(form["p"])
        if n > 2**20 or r > 32 or p > 16:
            raise ValueError("scrypt parameters too large")
        return Scrypt(salt, 32, n, r, p).derive(passphrase.encode())
    return HKDF(hashes.SHA256(), 32, salt, b"commonweal keyring").derive(passphrase.encode())
