"""What is another account's is not there: neither by its id, nor in a list, nor for the taking."""

import pytest
from tests.acceptance.bad_input_world import (
    CANDIDATES,
    FAULTS,
    FILE,
    ITEM,
    PLANS,
    REQUESTS,
    SEARCH,
    World,
    assert_refused,
)
from tests.serving import API

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PLANS + "/{plan}"),
        ("DELETE", PLANS + "/{plan}"),
        ("GET", CANDIDATES + "/{candidate}"),
        ("GET", REQUESTS + "/{request}"),
        ("GET", REQUESTS + "/{request}/history"),
        ("POST", REQUESTS + "/{request}/cancel"),
        ("GET", ITEM),
        ("GET", FILE),
        ("HEAD", FILE),
    ],
)
def test_what_is_anothers_is_not_there(world: World, method: str, path: str) -> None:
    address = path.format(plan=world.plan_id, candidate=world.free_candidate, request=world.request_id)
    answer = world.stranger.http.request(method, address)
    assert answer.status_code == 404
    if method != "HEAD":
        assert_refused(answer, 404, "There is no")


def test_what_is_anothers_looks_like_what_is_nowhere(world: World) -> None:
    """So that nobody learns by asking which ids there are."""
    nowhere = f"{world.request_id[:-8]}AAAAAAA="
    told = [
        assert_refused(world.stranger.http.post(f"{REQUESTS}/{one}/cancel"), 404)["detail"].replace(one, "")
        for one in (world.request_id, nowhere)
    ]
    assert told[0] == told[1]


def test_what_is_anothers_is_in_no_list(world: World) -> None:
    stranger = world.stranger
    assert stranger.get(PLANS)["numberMatched"] == 0
    assert stranger.get(PLANS, id=world.plan_id)["numberMatched"] == 0
    assert stranger.get(REQUESTS, filter=f"task_plan_id = '{world.plan_id}'")["numberMatched"] == 0
    assert stranger.candidates(world.plan_id) == []
    assert stranger.get(SEARCH)["numberMatched"] == 0
    assert stranger.get(SEARCH, ids="IMAGE")["numberMatched"] == 0
    assert stranger.items("CAPTURE") == []
    assert stranger.http.post(SEARCH, json={"ids": ["IMAGE"]}).json()["features"] == []


def test_anothers_candidate_is_not_requested_nor_its_request_spoilt(world: World) -> None:
    assert_refused(world.stranger.ask(world.free_candidate), 404, "no candidate")
    fault = {"request_id": world.request_id, "kind": "cloud"}
    assert_refused(world.stranger.http.post(FAULTS, json=fault), 404, "no request")
    assert world.stranger.get(f"{API}/account")["held"] == 0
