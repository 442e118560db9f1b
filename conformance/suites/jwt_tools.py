"""What forging access tokens takes: a genuine token, the server's public keys, keys of our own, and encodings."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


def encode(value: Any) -> str:
    """A JSON value, or bytes as they are, in base64url without padding."""
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@dataclass(frozen=True)
class Genuine:
    """A token that the server issued, and its public keys: what everybody may know.

    `trap` is an address of ours that a verifier has no business to fetch.
    """

    token: str
    public_keys: tuple[rsa.RSAPublicKey, ...]
    jwks: dict[str, Any]
    trap: str
    own_rsa: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    own_ec: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def parts(self) -> list[str]:
        return self.token.split(".")

    @property
    def header(self) -> dict[str, Any]:
        return json.loads(decode(self.parts[0]))

    @property
    def claims(self) -> dict[str, Any]:
        return json.loads(decode(self.parts[1]))

    def without(self, name: str) -> dict[str, Any]:
        """The genuine header less one member."""
        return {member: value for member, value in self.header.items() if member != name}

    def sign(self, header: dict[str, Any], claims: dict[str, Any] | None = None) -> str:
        """RS256 with a key of ours, other members over those of the genuine header."""
        return self.sign_whole({**self.header, **header}, claims)

    def sign_whole(self, header: dict[str, Any], claims: dict[str, Any] | None = None) -> str:
        """RS256 with a key of ours under exactly this header."""
        told = f"{encode(header)}.{encode(self.claims | (claims or {}))}"
        return f"{told}.{encode(self.own_rsa.sign(told.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def mac(self, header: dict[str, Any], secret: bytes) -> str:
        """An HMAC under a secret that the verifier might be talked into."""
        told = f"{encode({**self.header, **header})}.{self.parts[1]}"
        digest = hmac.digest(secret, told.encode(), HASHES[header["alg"]])
        return f"{told}.{encode(digest)}"

    def reheaded(self, header: Any, signature: str | None = None) -> str:
        """Another header before the genuine claims, with the genuine signature or another."""
        head = encode(header) if not isinstance(header, str) else header
        return f"{head}.{self.parts[1]}.{self.parts[2] if signature is None else signature}"

    def reclaimed(self, **claims: Any) -> str:
        """Other claims under the genuine signature."""
        return f"{self.parts[0]}.{encode(self.claims | claims)}.{self.parts[2]}"


def list_forms(key: rsa.RSAPublicKey, jwk: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The forms in which libraries hold a public key, and its bytes in each."""
    pem, numbers = to_spki(key, serialization.Encoding.PEM), key.public_numbers()
    pkcs1 = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1)
    yield "PEM", pem
    yield "PEM without the last line break", pem.strip()
    yield "PEM with CRLF", pem.replace(b"\n", b"\r\n")
    yield "PKCS#1 PEM", pkcs1
    yield "DER", to_spki(key, serialization.Encoding.DER)
    yield "base64 of DER", base64.b64encode(to_spki(key, serialization.Encoding.DER))
    yield "JWK", json.dumps(jwk).encode()
    yield "JWK without spaces", json.dumps(jwk, separators=(",", ":")).encode()
    yield "modulus", numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
    yield "modulus as text", str(jwk["n"]).encode()


def to_spki(key: rsa.RSAPublicKey, encoding: serialization.Encoding) -> bytes:
    """A public key as SubjectPublicKeyInfo."""
    return key.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)


def to_jwk(key: rsa.RSAPublicKey) -> dict[str, str]:
    """An RSA public key as a JWK."""
    numbers = key.public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), "alg": "RS256", "use": "sig"}


def to_ec_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half of a P-256 key as a JWK."""
    numbers = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": _number(numbers.x, 32), "y": _number(numbers.y, 32)}


def _number(value: int, size: int = 0) -> str:
    return encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def sign_ec(genuine: Genuine, header: dict[str, Any]) -> str:
    """The ES256 signature of that header and the genuine claims, by a key of ours."""
    told = f"{encode(header)}.{genuine.parts[1]}".encode()
    r, s = decode_dss_signature(genuine.own_ec.sign(told, ec.ECDSA(hashes.SHA256())))
    return encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def make_certificate(key: rsa.RSAPrivateKey) -> bytes:
    """A certificate that vouches for itself, as DER."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "swath.local")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def respell(tail: str) -> str:
    """The same bytes with other spare bits in the last character, or the text as it is where there are none."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    if len(tail) % 4 == 0:
        return tail
    return tail[:-1] + alphabet[alphabet.index(tail[-1]) ^ 1]


def respell_plainly(head: str, body: str, tail: str) -> str:
    swapped = tail.replace("-", "+").replace("_", "/")
    return f"{head}.{body}.{swapped if swapped != tail else tail + '+'}"


def encrypt(key: rsa.RSAPublicKey, pad: Any, header: dict[str, Any], text: bytes) -> str:
    """A compact JWE to a public key."""
    secret = AESGCM.generate_key(256)
    return seal(header, key.encrypt(secret, pad), secret, text)


def seal(header: dict[str, Any], wrapped: bytes, secret: bytes, text: bytes) -> str:
    """A compact JWE of which the content key is known (A256GCM)."""
    head, nonce = encode(header), bytes(12)
    sealed = AESGCM(secret).encrypt(nonce, text, head.encode())
    return ".".join((head, encode(wrapped), encode(nonce), encode(sealed[:-16]), encode(sealed[-16:])))
