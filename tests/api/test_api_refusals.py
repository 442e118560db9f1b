"""Refusals: one shape for all, the right status, never a word too much."""

import logging
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from pydantic import BaseModel
from starlette.responses import PlainTextResponse
from tests.api.api_world import API, Caller, Service, plan_body, problem

from swath import errors
from swath.api.app import assemble
from swath.api.problems import STATUS
from swath.errors import Fault, Invalid, SwathError, TooMany, Unavailable
from swath.settings import Settings
from swath.store.database import SqlStore, build_engine
from swath.tasking.accounts import revoke_client


class Body(BaseModel):
    number: int


@pytest.fixture
def anyone(service: Service) -> TestClient:
    return service.anonymous()


def client_for(error: Exception, settings: Settings) -> TestClient:
    """An application whose one address raises this."""
    router = APIRouter()

    @router.get("/boom")
    def boom() -> None:
        raise error

    @router.post("/body")
    def body(sent: Body, count: int = 1) -> int:
        return sent.number * count

    return TestClient(assemble(settings, [], [router]), raise_server_exceptions=False)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def test_every_error_of_the_tree_has_a_status() -> None:
    kinds = {
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SwathError)
    }
    assert kinds - {SwathError} == set(STATUS)


def test_who_sent_no_token_is_challenged_without_an_error_code(anyone: TestClient) -> None:
    answer = anyone.get(f"{API}/collections/plans/items")
    assert problem(answer)["status"] == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="swath"'


@pytest.mark.parametrize("header", ["Bearer x", "Bearer a.b.c", "bearer  ", "Bearer a b", "Bearer é"])
def test_a_token_that_does_not_hold_is_an_invalid_token(anyone: TestClient, header: str) -> None:
    answer = anyone.get(f"{API}/collections/plans/items", headers={"Authorization": header.encode()})
    assert problem(answer)["status"] == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_token_without_the_scope_is_forbidden(service: Service) -> None:
    answer = service.caller("viewer", scopes=("catalog",)).http.get(f"{API}/collections/plans/items")
    assert problem(answer)["code"] == "insufficient_scope"
    assert (answer.status_code, 'scope="tasking"' in answer.headers["www-authenticate"]) == (403, True)


def test_a_bad_token_does_not_open_what_is_open_without_one(anyone: TestClient) -> None:
    answer = anyone.get(f"{API}/collections/satellites/items", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401


@pytest.mark.parametrize("where", ["here", "by another process"])
def test_a_revoked_client_is_out_at_once(service: Service, acme: Caller, where: str) -> None:
    for _ in range(2):
        acme.get("/account")
    store = service.store if where == "here" else SqlStore(build_engine(str(service.store.engine.url)))
    with store.begin() as uow:
        revoke_client(uow, acme.client_id, service.clock.now())
    assert acme.http.get(f"{API}/account").status_code == 401
    if store is not service.store:
        store.close()


@pytest.mark.parametrize(
    "path", ["/nowhere", f"{API}/nowhere", f"{API}/collections/nowhere", f"{API}/collections/nowhere/items"]
)
def test_an_address_that_leads_nowhere_is_not_found(anyone: TestClient, path: str) -> None:
    assert problem(anyone.get(path))["status"] == 404


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/collections", {"GET", "HEAD", "OPTIONS"}),
        ("/collections/satellites/items", {"GET", "HEAD", "OPTIONS"}),
        ("/collections/plans/items", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("/collections/plans/items/x", {"GET", "HEAD", "DELETE", "OPTIONS"}),
        ("/collections/requests/items/x", {"GET", "HEAD", "OPTIONS"}),
        ("/collections/requests/items/x/cancel", {"POST", "OPTIONS"}),
    ],
)
def test_allow_tells_the_truth(anyone: TestClient, path: str, methods: set[str]) -> None:
    options = anyone.options(f"{API}{path}")
    assert options.status_code == 200
    assert set(options.headers["allow"].split(", ")) == methods
    refused = anyone.request("PATCH", f"{API}{path}")
    assert problem(refused)["status"] == 405
    assert set(refused.headers["allow"].split(", ")) == methods


def test_head_is_get_without_the_body(anyone: TestClient) -> None:
    get, head = anyone.get(f"{API}/conformance"), anyone.head(f"{API}/conformance")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("application/json", 200),
        ("application/*;q=0.5", 200),
        ("text/html, application/geo+json;q=0.2", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("text/html", 406),
        ("application/x-nope", 406),
        ("application/json;q=0, text/csv", 406),
    ],
)
def test_accept_is_listened_to(anyone: TestClient, accept: str, status: int) -> None:
    answer = anyone.get(
        f"{API}/collections/satellites/items", params={"limit": 1}, headers={"Accept": accept}
    )
    assert answer.status_code == status


def test_f_overrules_accept(anyone: TestClient) -> None:
    answer = anyone.get(f"{API}/collections", params={"f": "json"}, headers={"Accept": "text/html"})
    assert answer.status_code == 200


def test_documents_take_no_other_parameter(anyone: TestClient) -> None:
    for path in (
        "/",
        "/conformance",
        "/collections",
        "/collections/plans",
        "/api",
        "/collections/plans/queryables",
    ):
        assert problem(anyone.get(f"{API}{path}", params={"colour": "red"}))["parameter"] == "colour"


def test_those_who_should_wait_are_told_how_long(settings: Settings) -> None:
    for error, status in (
        (TooMany("Slow down.", retry_after_s=7), 429),
        (Unavailable("Later.", retry_after_s=7), 503),
    ):
        answer = client_for(error, settings).get("/boom")
        assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")


def test_every_fault_of_a_body_is_listed(settings: Settings) -> None:
    error = Invalid(Fault("/a", "one", "First."), Fault("/b", "two", "Second."))
    refusal = problem(client_for(error, settings).get("/boom"))
    assert [fault["pointer"] for fault in refusal["errors"]] == ["/a", "/b"]
    assert refusal["detail"] == "First. Second."


def test_a_fault_of_ours_says_nothing_but_its_id(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client_for(RuntimeError("password=hunter2"), settings).get("/boom")
    refusal = problem(answer)
    assert refusal["status"] == 500
    assert refusal["request_id"] == answer.headers["x-request-id"]
    assert "hunter2" not in answer.text
    assert "hunter2" in caplog.text


def test_a_sane_request_id_is_kept_and_another_is_not(anyone: TestClient) -> None:
    assert anyone.get("/livez", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert "<" not in anyone.get("/livez", headers={"X-Request-ID": "<script>"}).headers["x-request-id"]


@pytest.mark.parametrize(
    ("body", "query", "status"),
    [(b"{", "", 400), (b'{"number": "x"}', "", 422), (b'{"number": 1}', "?count=x", 400), (b"\xff", "", 400)],
)
def test_rooms_that_let_fastapi_check_refuse_in_the_same_way(
    settings: Settings, body: bytes, query: str, status: int
) -> None:
    client = client_for(RuntimeError(), settings)
    answer = client.post(f"/body{query}", content=body, headers={"Content-Type": "application/json"})
    assert problem(answer)["status"] == status


def test_answers_carry_headers_that_protect_and_open_them(anyone: TestClient) -> None:
    answer = anyone.get(f"{API}/", headers={"Origin": "https://browser.test"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    preflight = anyone.options(
        f"{API}/collections/plans/items",
        headers={
            "Origin": "https://browser.test",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,idempotency-key",
        },
    )
    assert preflight.status_code == 200
    assert "idempotency-key" in preflight.headers["access-control-allow-headers"].lower()


def test_documents_are_compressed_and_assets_are_not(settings: Settings) -> None:
    router = APIRouter()
    for path in ("/document", "/assets/band0.tif"):
        router.add_api_route(path, lambda: PlainTextResponse("x" * 5000), methods=["GET"])
    client = TestClient(assemble(settings, [], [router]))
    assert client.get("/document").headers["content-encoding"] in ("br", "gzip")
    assert "content-encoding" not in client.get("/assets/band0.tif").headers


def test_refusals_change_nothing(acme: Caller, service: Service) -> None:
    before = acme.get("/account")
    acme.post("plans", plan_body(service.clock.at, name=""))
    acme.post("requests", {})
    assert acme.get("/account") == before
