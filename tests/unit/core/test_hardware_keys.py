"""Keys in a PKCS #11 module: SoftHSM stands for the hardware."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commonweal.core.trust import algorithms, authority, documents, keys
from commonweal.core.trust.ports import KeyProblem

MODULES = [
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
]


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fresh token, PIN 1234; a module reads its configuration once a process."""
    tool, module = shutil.which("softhsm2-util"), next((path for path in MODULES if path.exists()), None)
    if tool is None or module is None:
        pytest.skip("needs SoftHSM: apt install softhsm2")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    form = [tool, "--init-token", "--free", "--label", "office", "--pin", "1234", "--so-pin", "5678"]
    subprocess.run(form, check=True, capture_output=True)
    yield f"pkcs11:token=office?module-path={module}"
    patch.undo()


@pytest.fixture
def hardware(token: str, settings: Any) -> None:
    settings.KEYS_ROOT, settings.KEYS_PASSPHRASE = token, "1234"


@pytest.mark.parametrize("algorithm", ["ed25519", "p256"])
@pytest.mark.usefixtures("hardware")
def test_what_the_module_signs_verifies_anywhere_and_survives_a_rotation(algorithm: str) -> None:
    before = keys.sign("document", b"hello", algorithm)
    assert algorithms.named(algorithm).verify(
        keys.public_keys("document", algorithm)[-1].spki, b"hello", before.bytes
    ), "a library that knows nothing of the module agrees"
    fresh = keys.rotate("document", algorithm)
    assert keys.sign("document", b"hello", algorithm).key_id == fresh.id != before.key_id
    assert keys.verify("document", b"hello", before)
    assert not keys.verify("document", b"hullo", before)
    assert not keys.verify("other", b"hello", before)


@pytest.mark.usefixtures("hardware")
def test_seals_and_fields_are_kept_under_secrets_of_the_module() -> None:
    code, box = keys.seal("field", b"x"), keys.encrypt("field", b"330102", "person:1")
    index = keys.blind_index("field", "330102")
    keys.rotate("field")
    assert keys.unbroken("field", b"x", code)
    assert not keys.unbroken("field", b"y", code)
    assert keys.decrypt("field", box, "person:1") == b"330102"
    assert keys.blind_index("field", "330102") == index


@pytest.mark.usefixtures("hardware")
def test_an_algorithm_the_module_lacks_is_refused_with_what_to_do() -> None:
    with pytest.raises(KeyProblem, match="makes no sm2 keys: keep them in files"):
        keys.sign("document", b"hello", "sm2")


def test_a_wrong_pin_and_a_wrong_address_say_what_to_mend(token: str, settings: Any) -> None:
    settings.KEYS_ROOT, settings.KEYS_PASSPHRASE = token.replace("office", "nowhere"), "1234"
    with pytest.raises(KeyProblem, match="COMMONWEAL_KEYS_PASSPHRASE, which is its user PIN"):
        keys.sign("document", b"hello")
    settings.KEYS_ROOT = "pkcs11:office"
    with pytest.raises(KeyProblem, match="COMMONWEAL_KEYS reads pkcs11:token="):
        keys.sign("document", b"hello")


@pytest.mark.usefixtures("hardware")
def test_a_document_is_sealed_with_a_key_of_the_module(settings: Any, tmp_path: Path) -> None:
    settings.TRUST_ROOT = tmp_path / "trust"
    plain = documents.compose("#data.title", {}, language="en", title="Permit")
    sealed = documents.seal(plain, reason="Issued")
    keys.rotate(authority.ISSUING, "p256")
    keys.rotate("document-seal", "p256")
    assert documents.validate(sealed).verdict == "valid"
    assert documents.validate(documents.seal(plain, reason="Issued")).verdict == "valid"
