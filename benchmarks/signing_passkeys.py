"""How many kept passkey signatures the signing room checks again in a second, beside the bare ES256 verification."""

from __future__ import annotations

import hashlib
import os
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

from commonweal.office.signing.assertions import check, kept, text

ROUNDS = 2_000
DOCUMENT = hashlib.sha256(b"a document").digest()


def main() -> None:
    """Print the table."""
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
    told = f'{{"type":"webauthn.get","challenge":"{text(DOCUMENT)}","origin":"https://example.org"}}'.encode()
    data = hashlib.sha256(b"example.org").digest() + b"\x05" + b"\0\0\0\1"
    message = data + hashlib.sha256(told).digest()
    signature = key.sign(message, ec.ECDSA(hashes.SHA256()))
    response = {"clientDataJSON": text(told), "authenticatorData": text(data), "signature": text(signature)}
    answer = {"rawId": text(os.urandom(32)), "response": response}
    evidence = kept(answer, cbor.encode(cose), "example.org", "https://example.org")
    began = time.perf_counter()
    for _ in range(ROUNDS):
        check(evidence, DOCUMENT)
    ours = ROUNDS / (time.perf_counter() - began)
    public = key.public_key()
    began = time.perf_counter()
    for _ in range(ROUNDS):
        public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    bare = ROUNDS / (time.perf_counter() - began)
    print("| kept passkey signatures checked a second | bare ES256 | ratio |\n|---|---|---|")
    print(f"| {ours:,.0f} | {bare:,.0f} | {bare / ours:.2f} |")


if __name__ == "__main__":
    main()
