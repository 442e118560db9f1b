"""Tokens over HTTP, and what operations look at."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.api.api_world import API, Caller, Service, plan_body
from tests.full_disk import full_disk

from swath.oauth.client_authentication import CLIENT_FAILURES

GRANT = "client_credentials"


@pytest.fixture
def anyone(service: Service) -> TestClient:
    return service.anonymous()


def ask(anyone: TestClient, caller: Caller, **changes: Any) -> Any:
    grant = {"grant_type": GRANT, "client_id": caller.client_id, "client_secret": caller.secret, **changes}
    return anyone.post(
        "/oauth/token", json={name: value for name, value in grant.items() if value is not None}
    )


def test_a_token_is_given_as_the_public_description_shows(anyone: TestClient, acme: Caller) -> None:
    answer = ask(anyone, acme)
    token = answer.json()
    assert (answer.status_code, token["expires_in"], token["token_type"]) == (200, 86_400, "Bearer")
    assert answer.headers["cache-control"] == "no-store"
    assert "refresh_token" not in token
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert anyone.get(f"{API}/account", headers=headers).json()["id"] == acme.account_id


def test_forms_and_basic_are_taken_too(anyone: TestClient, acme: Caller) -> None:
    form = {"grant_type": GRANT, "client_id": acme.client_id, "client_secret": acme.secret}
    assert anyone.post("/oauth/token", data=form).status_code == 200
    assert (
        anyone.post(
            "/oauth/token", data={"grant_type": GRANT}, auth=(acme.client_id, acme.secret)
        ).status_code
        == 200
    )


def test_a_token_may_ask_for_less_but_not_for_more(
    anyone: TestClient, acme: Caller, service: Service
) -> None:
    token = ask(anyone, acme, scope="catalog").json()
    assert token["scope"] == "catalog"
    assert service.tokens.verify(token["access_token"]).scopes == {"catalog"}
    assert ask(anyone, acme, scope="catalog ops").json()["error"] == "invalid_scope"


def test_an_audience_may_be_named_if_it_is_ours(anyone: TestClient, acme: Caller, service: Service) -> None:
    assert ask(anyone, acme, audience=service.tokens.audience).status_code == 200
    assert ask(anyone, acme, audience="https://elsewhere.test").json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ["client_credentials"]}, 400, "invalid_request"),
    ],
)
def test_refusals_are_those_of_rfc_6749(
    anyone: TestClient, acme: Caller, changes: dict[str, Any], status: int, error: str
) -> None:
    answer = ask(anyone, acme, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_whoever_exists_or_not_is_answered_alike(anyone: TestClient, acme: Caller) -> None:
    wrong, nobody = ask(anyone, acme, client_secret="x"), ask(anyone, acme, client_id="nobody")
    assert (wrong.status_code, wrong.json()) == (nobody.status_code, nobody.json())


def test_a_secret_in_the_address_is_not_taken(anyone: TestClient, acme: Caller) -> None:
    params = {"grant_type": GRANT, "client_id": acme.client_id, "client_secret": acme.secret}
    assert anyone.post("/oauth/token", params=params).json()["error"] == "invalid_request"


def test_guessing_is_slowed_down(anyone: TestClient, acme: Caller, rival: Caller) -> None:
    for _ in range(CLIENT_FAILURES):
        assert ask(anyone, acme, client_secret="guess").status_code == 401
    answer = ask(anyone, acme, client_secret="guess")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert ask(anyone, rival).status_code == 200


def test_programs_find_the_keys_and_the_endpoint(anyone: TestClient) -> None:
    metadata = anyone.get("/.well-known/oauth-authorization-server").json()
    assert metadata["grant_types_supported"] == [GRANT]
    assert metadata["token_endpoint"] == "http://testserver/oauth/token"
    (key,) = anyone.get(metadata["jwks_uri"]).json()["keys"]
    assert (key["kty"], key["alg"], key["use"]) == ("RSA", "RS256", "sig")
    assert "d" not in key


def test_a_basic_header_of_garbage_is_challenged(anyone: TestClient) -> None:
    garbage = base64.b64encode(b"\xff\xfe").decode()
    answer = anyone.post(
        "/oauth/token", data={"grant_type": GRANT}, headers={"Authorization": f"Basic {garbage}"}
    )
    assert answer.status_code == 401


def test_alive_and_ready(anyone: TestClient) -> None:
    assert anyone.get("/livez").json() == {"status": "alive"}
    ready = anyone.get("/readyz").json()
    assert (ready["status"], ready["checks"]) == ("ready", {"store": "ok", "jobs": "ok"})
    assert ready["elements"]["satellites"] == ready["elements"]["usable"] == 12


def test_not_ready_when_no_job_would_be_done(anyone: TestClient, service: Service) -> None:
    service.jobs.running = False
    answer = anyone.get("/readyz")
    service.jobs.running = True
    assert (answer.status_code, answer.json()["checks"]["store"]) == (503, "ok")
    assert anyone.get("/livez").status_code == 200


def test_not_ready_while_nothing_can_be_kept(fresh: Service) -> None:
    anyone, acme = fresh.anonymous(), fresh.caller("acme")
    with full_disk():
        refused = acme.post("plans", plan_body(fresh.clock.at))
        ready = anyone.get("/readyz")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
    assert "kept" in ready.json()["checks"]["store"]
    assert anyone.get("/readyz").status_code == 200


def test_old_elements_are_told_but_do_not_close_the_service(anyone: TestClient, service: Service) -> None:
    service.clock.at += timedelta(days=60)
    answer = anyone.get("/readyz")
    assert (answer.status_code, answer.json()["elements"]["usable"]) == (200, 0)


def test_metrics_count_calls_by_route_and_work_by_status(fresh: Service) -> None:
    anyone, acme = fresh.anonymous(), fresh.caller("acme")
    plan = acme.post("plans", plan_body(fresh.clock.at)).json()["id"]
    acme.get(f"/collections/plans/items/{plan}")
    fresh.clock.at += timedelta(seconds=90)
    text = anyone.get("/metrics").text
    route = f'route="{API}/collections/plans/items/{{item_id}}"'
    assert f'swath_http_requests_total{{method="GET",{route},status="200"}} 1.0' in text
    assert 'swath_plans{status="PROCESSING"} 1.0' in text
    assert 'swath_tasking_requests{status="PLANNED"} 0.0' in text
    assert "swath_due_work_late_seconds 90.0" in text
    assert plan not in text
