"""Requests that are not made, and keys that make nothing."""

import pytest
from tests.acceptance.bad_input_world import PLANS, REQUESTS, Json, World, assert_refused, plan_body

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]


def test_an_expired_candidate_is_not_requested(world: World) -> None:
    problem = assert_refused(world.owner.ask(world.expired_candidate), 409, "expired", "list the candidates")
    assert problem["code"] == "candidate_expired"


@pytest.mark.parametrize("priority", ["EMERGENCY", "NORMAL", "WISHLIST"])
def test_nothing_is_requested_without_credit(world: World, priority: str) -> None:
    problem = assert_refused(world.owner.ask(world.free_candidate, priority), 402, "costs", "0 free")
    assert problem["code"] == "insufficient_credit"


def test_a_candidate_is_requested_once(world: World) -> None:
    problem = assert_refused(world.owner.ask(world.live_candidate), 409, "requested before")
    assert problem["links"][0]["href"].endswith(f"/requests/items/{world.request_id}")


@pytest.mark.parametrize(
    ("properties", "status", "words"),
    [
        ({"candidate_id": "nonsense"}, 404, "list the candidates"),
        ({"candidate_id": "' OR 1=1 --"}, 404, "list the candidates"),
        ({"candidate_id": "\0"}, 404, "list the candidates"),
        ({"candidate_id": ""}, 422, "candidate_id"),
        ({"candidate_id": "x" * 201}, 422, "candidate_id"),
        ({"candidate_id": 5}, 422, "candidate_id must be text"),
        ({"candidate_id": None}, 422, "candidate_id"),
        ({"priority": "URGENT"}, 422, "EMERGENCY"),
        ({"priority": "normal"}, 422, "NORMAL"),
        ({"name": "x" * 201}, 422, "1 to 200"),
        ({"name": ""}, 422, "1 to 200"),
        ({"cost": 0}, 422, "no property cost"),
        ({"account_id": "x"}, 422, "no property account_id"),
    ],
    ids=str,
)
def test_a_request_is_not_made_with(world: World, properties: Json, status: int, words: str) -> None:
    wanted = {"name": "harbour", "candidate_id": world.free_candidate, "priority": "NORMAL"}
    body = {"type": "Feature", "properties": {**wanted, **properties}}
    assert_refused(world.owner.http.post(REQUESTS, json=body), status, words)


def test_a_plan_with_a_live_request_stays(world: World) -> None:
    answer = world.owner.http.delete(f"{PLANS}/{world.plan_id}")
    assert_refused(answer, 409, "1 live request", "cancel")


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "a\tb"], ids=["empty", "too long", "space", "tab"])
def test_a_key_that_cannot_be_one_is_refused(world: World, key: str) -> None:
    answer = world.owner.http.post(PLANS, json=plan_body(world), headers={"Idempotency-Key": key})
    assert_refused(answer, 400, "Idempotency-Key takes 1 to 255")
