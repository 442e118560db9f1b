"""No door opens for a forged, expired, revoked or missing token, and no token is given for bad credentials."""

from collections.abc import Callable

import pytest
from tests.acceptance.bad_input_world import (
    CLOCK,
    FAULTS,
    FILE,
    ITEM,
    PLANS,
    REQUESTS,
    SATELLITES,
    SEARCH,
    TOKEN,
    Json,
    World,
    assert_refused,
)
from tests.acceptance.forge import FORGERIES, Forge
from tests.serving import API

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]

DOORS = [
    ("GET", f"{API}/account"),
    ("GET", PLANS),
    ("GET", SATELLITES),
    ("POST", PLANS),
    ("POST", REQUESTS),
    ("GET", SEARCH),
    ("GET", ITEM),
    ("GET", FILE),
    ("GET", "/ops/v1/schedules/latest"),
    ("POST", CLOCK),
    ("GET", FAULTS),
]


def test_a_sound_token_taken_apart_and_put_together_opens(world: World, forge: Forge) -> None:
    """The forgeries below fail for what was changed in them, not for how they were made."""
    for token in (forge.sound, forge.parts(), forge.ours()):
        answer = world.visitor.get(PLANS, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == (401 if token == forge.parts() != forge.sound else 200)


@pytest.mark.parametrize("make", FORGERIES.values(), ids=FORGERIES)
def test_no_door_opens_for_a_token_that_is(world: World, forge: Forge, make: Callable[[Forge], str]) -> None:
    headers = {"authorization": f"Bearer {make(forge)}"}
    for method, path in DOORS:
        answer = world.visitor.request(method, path, headers=headers)
        assert_refused(answer, 401)
        assert answer.headers["www-authenticate"].startswith('Bearer realm="swath", error="invalid_token"')


def test_no_door_opens_for_a_client_that_was_revoked(world: World) -> None:
    for method, path in DOORS:
        headers = {"authorization": world.revoked_token}
        assert_refused(world.visitor.request(method, path, headers=headers), 401, "revoked")


def test_no_door_opens_without_a_token(world: World) -> None:
    for method, path in DOORS:
        if path != SATELLITES:
            answer = world.visitor.request(method, path)
            assert_refused(answer, 401, "Authorization: Bearer <token>")
            assert answer.headers["www-authenticate"] == 'Bearer realm="swath"'


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Basic abc", "Bearer a b", "swordfish", b"Bearer \xff\xfe", "Bearer a.b.c, Bearer d"],
)
def test_an_authorization_that_cannot_be_read_is_refused(world: World, header: str | bytes) -> None:
    answer = world.visitor.get(f"{API}/account", headers={"authorization": header})
    assert_refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="swath"')


def test_a_token_in_the_address_does_not_count(world: World, forge: Forge) -> None:
    assert_refused(world.visitor.get(f"{API}/account?access_token={forge.sound}"), 401)


BAD_GRANTS: dict[str, tuple[Json, int, str]] = {
    "another secret": ({"client_secret": "swordfish"}, 401, "invalid_client"),
    "no secret": ({"client_secret": None}, 401, "invalid_client"),
    "an unknown client": ({"client_id": "' OR 1=1 --"}, 401, "invalid_client"),
    "a NUL": ({"client_id": "a\0"}, 401, "invalid_client"),
    "a list for a secret": ({"client_secret": []}, 400, "invalid_request"),
    "another grant": ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    "no grant": ({"grant_type": None}, 400, "invalid_request"),
    "another audience": ({"audience": "https://elsewhere.example"}, 400, "invalid_request"),
    "the operator's scope": ({"scope": "tasking ops"}, 400, "invalid_scope"),
    "a scope there is not": ({"scope": "everything"}, 400, "invalid_scope"),
}


@pytest.mark.parametrize(("changes", "status", "code"), BAD_GRANTS.values(), ids=BAD_GRANTS)
def test_no_token_is_given_for(world: World, changes: Json, status: int, code: str) -> None:
    grant = {
        "grant_type": "client_credentials",
        "client_id": world.credentials["client_id"],
        "client_secret": world.credentials["client_secret"],
    }
    answer = world.visitor.post(TOKEN, json={**grant, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.json()["error_description"]
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"\xff", "application/json"),
        (b"[]", "application/json"),
        (b"[" * 5_000, "application/json"),
        (b"{}", "text/plain"),
        (b"client_id=%ff", "application/x-www-form-urlencoded"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"&".join([b"a=1"] * 2_000), "application/x-www-form-urlencoded"),
    ],
    ids=str,
)
def test_no_token_is_given_for_a_body_like(world: World, body: bytes, media_type: str) -> None:
    headers = {"content-type": media_type}
    answer = world.visitor.post(TOKEN, content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
