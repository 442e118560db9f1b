"""Tokens over HTTP: what only the holder of our keys can forge, how tokens end, and what odd calls are answered."""

import base64
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.api.api_world import API, Caller, Service

from swath.oauth.client_authentication import CLIENT_FAILURES
from swath.oauth.clients import holds
from swath.oauth.registry import Registry
from swath.oauth.tokens import TYPE
from swath.tasking.accounts import revoke_client

FORM = "application/x-www-form-urlencoded"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def anyone(service: Service) -> TestClient:
    return service.anonymous()


def ask(anyone: TestClient, caller: Caller, path: str = "/oauth/token", **form: str) -> Any:
    return anyone.post(path, data=form or GRANT, auth=(caller.client_id, caller.secret))


def enter(anyone: TestClient, token: str, path: str = f"{API}/account") -> Any:
    return anyone.get(path, headers={"Authorization": f"Bearer {token}"})


class TestForgedWithOurKey:
    """Only we can make these: what the signature cannot refuse, the claims must."""

    def make(self, service: Service, caller: Caller, key: RSAKey | None = None, **claims: Any) -> str:
        """A token as ours are, with other claims, signed by our current key or another."""
        now = int(datetime.now(UTC).timestamp())
        signing = service.tokens.keys.current()
        told = {
            "iss": service.tokens.issuer,
            "aud": service.tokens.audience,
            "sub": caller.client_id,
            "account": caller.account_id,
            "scope": "tasking",
            "jti": "made by hand",
            "iat": now,
            "exp": now + 60,
            **claims,
        }
        header = {"alg": "RS256", "typ": TYPE, "kid": signing.kid}
        return jwt.encode(header, told, key or signing.rsa, ["RS256"])

    def test_without_a_change_it_is_let_in(self, service: Service, anyone: TestClient, acme: Caller) -> None:
        assert enter(anyone, self.make(service, acme)).status_code == 200

    @pytest.mark.parametrize(
        "claims",
        [
            {"exp": 1},
            {"exp": 10**400},
            {"nbf": 4_000_000_000},
            {"iat": 4_000_000_000},
            {"iss": "https://issuer.evil.test/"},
            {"aud": "https://api.evil.test/"},
            {"sub": "nobody"},
            {"account": "00000000-0000-0000-0000-000000000000"},
            {"jti": None},
        ],
    )
    def test_claims_that_do_not_hold_are_refused(
        self, service: Service, anyone: TestClient, acme: Caller, claims: dict[str, Any]
    ) -> None:
        answer = enter(anyone, self.make(service, acme, **claims))
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]

    @pytest.mark.parametrize("scope", ["", "catalog", "TASKING", "tasking,catalog", "admin"])
    def test_another_scope_is_not_enough(
        self, service: Service, anyone: TestClient, acme: Caller, scope: str
    ) -> None:
        answer = enter(anyone, self.make(service, acme, scope=scope))
        assert answer.status_code == 403
        assert 'error="insufficient_scope", scope="tasking"' in answer.headers["www-authenticate"]

    def test_another_account_is_not_reached(
        self, service: Service, anyone: TestClient, acme: Caller, rival: Caller
    ) -> None:
        assert enter(anyone, self.make(service, acme, account=rival.account_id)).status_code == 401

    def test_another_key_under_our_kid_is_refused(
        self, service: Service, anyone: TestClient, acme: Caller
    ) -> None:
        stranger = RSAKey.generate_key(2048)
        assert enter(anyone, self.make(service, acme, key=stranger)).status_code == 401

    @pytest.mark.parametrize("seconds", [-20, 20])
    def test_clocks_may_differ_a_little(
        self, service: Service, anyone: TestClient, acme: Caller, seconds: int
    ) -> None:
        issued = int(datetime.now(UTC).timestamp()) + seconds
        assert enter(anyone, self.make(service, acme, iat=issued, nbf=issued)).status_code == 200


def test_moving_simulated_time_opens_and_closes_no_door(
    service: Service, anyone: TestClient, acme: Caller
) -> None:
    token = ask(anyone, acme).json()["access_token"]
    ended = TestForgedWithOurKey().make(service, acme, exp=int(time.time()) - 1)
    for years in (-5, 5):
        service.clock.at += timedelta(days=365 * years)
        assert enter(anyone, token).status_code == 200
        assert enter(anyone, ended).status_code == 401
        assert ask(anyone, acme).status_code == 200


class TestRevocation:
    def test_a_client_ends_its_token(self, anyone: TestClient, acme: Caller) -> None:
        lost, kept = (ask(anyone, acme).json()["access_token"] for _ in range(2))
        answer = ask(anyone, acme, "/oauth/revoke", token=lost, token_type_hint="access_token")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["cache-control"] == "no-store"
        assert (enter(anyone, lost).status_code, enter(anyone, kept).status_code) == (401, 200)
        assert ask(anyone, acme, "/oauth/revoke", token=lost).status_code == 200

    def test_no_client_ends_another_s(self, anyone: TestClient, acme: Caller, rival: Caller) -> None:
        answer = ask(anyone, rival, "/oauth/revoke", token=acme.token)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
        assert enter(anyone, acme.token).status_code == 200

    @pytest.mark.parametrize("token", ["garbage", "a.b.c", "%00", "x" * 10_000])
    def test_what_is_no_token_is_no_fault(self, anyone: TestClient, acme: Caller, token: str) -> None:
        """RFC 7009 section 2.2: the client could do nothing about it."""
        assert ask(anyone, acme, "/oauth/revoke", token=token).status_code == 200

    @pytest.mark.parametrize(
        ("form", "secret", "status", "error"),
        [
            ({"token": "x"}, "wrong", 401, "invalid_client"),
            ({"hint": "x"}, None, 400, "invalid_request"),
        ],
    )
    def test_refusals_are_those_of_the_token_endpoint(
        self,
        anyone: TestClient,
        acme: Caller,
        form: dict[str, str],
        secret: str | None,
        status: int,
        error: str,
    ) -> None:
        answer = anyone.post("/oauth/revoke", data=form, auth=(acme.client_id, secret or acme.secret))
        assert (answer.status_code, answer.json()["error"]) == (status, error)

    def test_a_revoked_client_gets_no_token(self, service: Service, anyone: TestClient, acme: Caller) -> None:
        token = ask(anyone, acme).json()["access_token"]
        with service.store.begin() as uow:
            revoke_client(uow, acme.client_id, service.tokens.now())
        assert ask(anyone, acme).json()["error"] == "invalid_client"
        assert enter(anyone, token).status_code == 401


class TestAnswer:
    def test_who_asks_for_no_scope_is_told_none(self, anyone: TestClient, acme: Caller) -> None:
        assert set(ask(anyone, acme).json()) == {"access_token", "token_type", "expires_in"}

    def test_who_asks_for_some_is_told_them_once(self, anyone: TestClient, acme: Caller) -> None:
        answer = ask(anyone, acme, **GRANT, scope="catalog tasking catalog")
        assert answer.json()["scope"] == "catalog tasking"

    def test_metadata_names_every_address(self, anyone: TestClient) -> None:
        told = anyone.get("/.well-known/oauth-authorization-server").json()
        assert told["revocation_endpoint"] == "http://testserver/oauth/revoke"
        for method in told["token_endpoint_auth_methods_supported"]:
            assert method in ("client_secret_basic", "client_secret_post")


class TestOddCalls:
    def basic(self, user: str, password: str) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}

    def test_credentials_may_be_percent_encoded_throughout(self, anyone: TestClient, acme: Caller) -> None:
        """RFC 6749 section 2.3.1: every character may be, and some clients do it to all."""
        coded = ["".join(f"%{ord(c):02X}" for c in text) for text in (acme.client_id, acme.secret)]
        assert anyone.post("/oauth/token", data=GRANT, headers=self.basic(*coded)).status_code == 200

    @pytest.mark.parametrize(
        "text", ["a:b", "é", "\x00", "%", "%zz", "%ff", "+", "密", "x" * 5000, "' OR 1=1 --"]
    )
    def test_odd_credentials_are_wrong_and_no_more(self, anyone: TestClient, acme: Caller, text: str) -> None:
        for user, password in ((text, "x"), (acme.client_id, text), (quote_plus(text), quote_plus(text))):
            answer = anyone.post("/oauth/token", data=GRANT, headers=self.basic(user, password))
            assert answer.status_code in (401, 429)
            answer = anyone.post("/oauth/token", data={**GRANT, "client_id": user, "client_secret": password})
            assert answer.status_code in (401, 429)

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"grant_type=" + b"x" * 2_000_000, 413),
            (b"a=1&" * 200_000, 400),
            (b"&" * 900_000, 400),
            (b"", 400),
        ],
    )
    def test_huge_bodies_are_refused(self, anyone: TestClient, body: bytes, status: int) -> None:
        answer = anyone.post("/oauth/token", content=body, headers={"Content-Type": FORM})
        assert answer.status_code == status

    @pytest.mark.parametrize(
        "content_type", ["text/plain", "application/xml", "multipart/form-data", "", "x" * 500]
    )
    def test_other_bodies_are_not_read(self, anyone: TestClient, acme: Caller, content_type: str) -> None:
        headers = {"Content-Type": content_type, **self.basic(acme.client_id, acme.secret)}
        answer = anyone.post("/oauth/token", content=b"grant_type=client_credentials", headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD"])
    def test_other_methods_are_not_taken(self, anyone: TestClient, method: str) -> None:
        for path in ("/oauth/token", "/oauth/revoke"):
            assert anyone.request(method, path).status_code == 405


def test_who_guesses_is_not_let_in_by_the_right_secret_either(fresh: Service) -> None:
    acme, anyone = fresh.caller("acme"), fresh.anonymous()
    for _ in range(CLIENT_FAILURES):
        anyone.post("/oauth/token", data=GRANT, auth=(acme.client_id, "guess"))
    refused = ask(anyone, acme)
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert int(refused.headers["retry-after"]) >= 1


@pytest.fixture
def address(fresh: Service) -> Iterator[str]:
    """The service behind a real server, which believes proxies on the loopback as `swath serve` does."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            fresh.app, log_level="warning", forwarded_allow_ips=["127.0.0.1"], lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def test_behind_a_proxy_callers_are_told_apart(fresh: Service, address: str) -> None:
    acme = fresh.caller("acme")

    def guess(caller: str) -> int:
        headers = {"X-Forwarded-For": caller}
        return httpx.post(
            f"{address}/oauth/token", data=GRANT, auth=(acme.client_id, "guess"), headers=headers
        ).status_code

    # What weighs wears off meanwhile: on a slow machine some more are let through.
    tried = next(number for number in range(10 * CLIENT_FAILURES) if guess("192.0.2.1") == 429)
    assert tried >= CLIENT_FAILURES
    assert (
        guess("203.0.113.9, 192.0.2.1") == 429
    )  # what a caller says of itself comes before what the proxy adds
    assert guess("192.0.2.2") == 401


def test_secrets_that_take_turns_both_get_tokens(service: Service, anyone: TestClient, acme: Caller) -> None:
    registry = Registry(service.store, service.clock, service.tokens, service.digest_key)
    issued = registry.rotate_secret(acme.client_id, timedelta(hours=1))
    for secret, status in ((acme.secret, 200), (issued.client_secret, 200), ("neither", 401)):
        answer = anyone.post("/oauth/token", data=GRANT, auth=(acme.client_id, secret))
        assert answer.status_code == status
    with service.store.read() as reader:
        client = reader.api_client(acme.client_id)
    assert not holds(service.digest_key, client, acme.secret, service.tokens.now() + timedelta(hours=1))
