"""Mission control's door opens for mission control alone, and refuses what it cannot use."""

import pytest
from tests.acceptance.bad_input_world import CLOCK, PLANS, REQUESTS, SEARCH, World, assert_refused
from tests.acceptance.forge import Forge

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]

OPS = [
    ("GET", "/ops/v1/captures"),
    ("GET", "/ops/v1/captures/x"),
    ("GET", "/ops/v1/contacts?satellite=GRUS-1A"),
    ("GET", "/ops/v1/schedules/latest"),
    ("POST", "/ops/v1/captures/x/result"),
    ("POST", "/ops/v1/captures/x/downlink"),
    ("PUT", "/ops/v1/captures/x/scene/pan"),
    ("GET", "/ops/v1/uplinks"),
    ("POST", "/ops/v1/uplinks/x/acknowledge"),
]


@pytest.mark.parametrize(("method", "path"), OPS)
def test_mission_controls_door_is_not_a_customers(world: World, forge: Forge, method: str, path: str) -> None:
    """Neither with a customer's own token nor with one that claims a scope its client was never given."""
    claims = forge.tokens.issue(forge.claims["sub"], forge.claims["account"], ["tasking", "ops"])
    for token in (forge.sound, claims):
        headers = {"authorization": f"Bearer {token}"}
        answer = world.visitor.request(method, path, headers=headers)
        assert_refused(answer, 403, "scope ops")
        assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", PLANS), ("POST", REQUESTS), ("GET", SEARCH), ("POST", CLOCK)]
)
def test_a_customers_doors_are_not_mission_controls(world: World, method: str, path: str) -> None:
    assert_refused(world.operator.http.request(method, path), 403, "scope")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "/ops/v1/captures?status=GONE", None, 400, "there is no status"),
        ("GET", "/ops/v1/contacts?satellite=GRUS-9", None, 404, "the fleet has"),
        ("GET", "/ops/v1/contacts", None, 400, "satellite"),
        ("GET", "/ops/v1/contacts?satellite=GRUS-1A&start=2026-08-22", None, 400, "start"),
        ("GET", "/ops/v1/schedules/0", None, 404, "version"),
        ("GET", f"/ops/v1/schedules/{10**30}", None, 404, "version"),
        ("GET", "/ops/v1/schedules/latest?f=pdf", None, 400, "geojson"),
        ("GET", "/ops/v1/captures/%00", None, 404, "no capture"),
        ("POST", "/ops/v1/captures/x/downlink", b'{"outcome": "done"}', 404, "no capture"),
        ("POST", "/ops/v1/captures/x/downlink", b'{"outcome": "late"}', 422, "expected"),
        ("PUT", "/ops/v1/captures/x/scene/pan", b"x", 404, "no capture"),
        ("POST", "/ops/v1/captures/x/result", b'{"outcome": "lost"}', 422, "done"),
        ("POST", "/ops/v1/captures/x/result", b"\xff", 400, ""),
        ("GET", "/ops/v1/uplinks?status=GONE", None, 400, "there is no status"),
        ("GET", "/ops/v1/uplinks?satellite=GRUS-9", None, 404, "the fleet has"),
        ("GET", "/ops/v1/uplinks?end=1999-01-01T00:00:00Z", None, 400, "after the start"),
        ("GET", "/ops/v1/uplinks/%00", None, 404, "ids look like"),
        ("GET", "/ops/v1/uplinks/GRUS-1A.20261399T000000Z", None, 404, "does not exist"),
        ("POST", "/ops/v1/uplinks/x/acknowledge", b'{"outcome": "missed"}', 422, "at is missing"),
    ],
)
def test_mission_controls_door_refuses(
    world: World, method: str, path: str, body: bytes | None, status: int, words: str
) -> None:
    headers = {"content-type": "application/json"}
    answer = world.operator.http.request(method, path, content=body, headers=headers)
    assert_refused(answer, status)
    assert words.lower() in answer.json()["detail"].lower()
