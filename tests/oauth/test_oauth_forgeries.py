"""The forgeries of `conformance/suites`: our verifier refuses each of them, and each kind gets past a careless one."""

import hmac
import json
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from swath.clock import FrozenClock
from swath.errors import Unauthenticated
from swath.oauth.keys import KeyRing
from swath.oauth.tokens import Tokens

SUITES = Path(__file__).parent.parent.parent / "conformance" / "suites"

Verifier = Callable[[str], bool]


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SUITES)
    return import_module("jwt_tools")


@pytest.fixture
def genuine(tools: ModuleType, tokens: Tokens, ring: KeyRing, clock: FrozenClock) -> Any:
    """A token of ours, and what everybody may know of our keys."""
    jwks = ring.build_jwks(clock.now())
    public = load_pem_public_key(ring.current().rsa.as_pem(private=False))
    token = tokens.issue("client", "account", ["tasking"])
    return tools.Genuine(token, (public,), jwks, "http://127.0.0.1:9")


@pytest.fixture
def forgeries(tools: ModuleType, genuine: Any) -> Mapping[str, str]:
    return dict(import_module("jwt_forgeries").make_all(genuine))


def is_let_in(tokens: Tokens, token: str) -> bool:
    try:
        tokens.verify(token)
    except Unauthenticated:
        return False
    return True


def test_none_is_let_in_and_none_breaks_anything(
    tokens: Tokens, genuine: Any, forgeries: Mapping[str, str]
) -> None:
    assert is_let_in(tokens, genuine.token)
    assert [name for name, token in forgeries.items() if is_let_in(tokens, token)] == []
    assert is_let_in(tokens, genuine.token)


def test_there_are_many_and_no_two_are_alike(forgeries: Mapping[str, str]) -> None:
    assert len(forgeries) >= 200
    # Headers without a kid and with the kid None are told apart; what is the same token must be the same attack.
    assert len(set(forgeries.values())) > 0.95 * len(forgeries)


def verify_rsa(key: rsa.RSAPublicKey, told: str, signature: bytes) -> bool:
    try:
        key.verify(signature, told.encode(), padding.PKCS1v15(), hashes.SHA256())
    except Exception:
        return False
    return True


def careless(tools: ModuleType, genuine: Any) -> Mapping[str, Verifier]:
    """Verifiers with one fault each, as they were found in libraries."""
    (key,) = genuine.public_keys
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def split(token: str) -> tuple[dict[str, Any], str, bytes]:
        head, body, tail = token.split(".")
        return json.loads(tools.decode(head)), f"{head}.{body}", tools.decode(tail)

    def without_algorithm(token: str) -> bool:
        return str(split(token)[0].get("alg")).lower() == "none"

    def confusing_keys(token: str) -> bool:
        header, told, signature = split(token)
        return header["alg"] == "HS256" and hmac.digest(pem, told.encode(), "sha256") == signature

    def led_by_kid(token: str) -> bool:
        header, told, signature = split(token)
        known = header["alg"] == "HS256" and "dev/null" in str(header["kid"])
        return known and hmac.digest(b"", told.encode(), "sha256") == signature

    def taking_keys_along(token: str) -> bool:
        header, told, signature = split(token)
        n, e = (int.from_bytes(tools.decode(header["jwk"][name]), "big") for name in ("n", "e"))
        return verify_rsa(rsa.RSAPublicNumbers(e, n).public_key(), told, signature)

    def psychic(token: str) -> bool:
        header, _, signature = split(token)
        return str(header["alg"]).startswith("ES") and not any(signature)

    def not_looking_at_crit(token: str) -> bool:
        header, told, signature = split(token)
        return "crit" in header and verify_rsa(key, f"{genuine.parts[0]}.{told.split('.')[1]}", signature)

    def lenient(token: str) -> bool:
        _, told, signature = split(token)
        return verify_rsa(key, told, signature)

    def decrypting(token: str) -> bool:
        return token.count(".") == 4

    return {
        check.__name__: check
        for check in (
            without_algorithm,
            confusing_keys,
            led_by_kid,
            taking_keys_along,
            psychic,
            not_looking_at_crit,
            lenient,
            decrypting,
        )
    }


def count_let_in(check: Verifier, forgeries: Mapping[str, str]) -> int:
    def passes(token: str) -> bool:
        try:
            return check(token)
        except Exception:
            return False

    return sum(passes(token) for token in forgeries.values())


def test_each_kind_would_get_past_a_careless_verifier(
    tools: ModuleType, genuine: Any, forgeries: Mapping[str, str]
) -> None:
    let_in = {name: count_let_in(check, forgeries) for name, check in careless(tools, genuine).items()}
    assert all(let_in.values()), let_in
