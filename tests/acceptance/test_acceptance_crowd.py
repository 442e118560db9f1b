"""Many calls at once: each request, credit and move of the clock counts once."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest
from tests.acceptance.bad_input_world import (
    CLOCK,
    PLANS,
    REQUESTS,
    World,
    assert_refused,
    open_world,
    plan_body,
    polygon,
    ring,
)
from tests.serving import API, Customer

from swath.cli.operations import open_registry
from swath.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]

CROWD = 20


@dataclass(frozen=True)
class Crowd:
    """One account whose calls come twenty at a time, and the candidates of its one plan."""

    one: Customer
    candidates: tuple[str, ...]

    def all_at_once(self, act: Callable[[int], httpx.Response]) -> list[httpx.Response]:
        with ThreadPoolExecutor(CROWD) as pool:
            return list(pool.map(act, range(CROWD)))

    def credit(self) -> tuple[int, int]:
        account = self.one.get(f"{API}/account")
        return account["free"], account["held"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world of its own, for these tests change it on purpose."""
    with open_world(tmp_path_factory.mktemp("crowd")) as made:
        yield made


@pytest.fixture(scope="module")
def crowd(world: World) -> Iterator[Crowd]:
    with open_registry(Settings(world.server.data)) as registry:
        one = Customer(world.server.url, registry.create_account("crowd", 4).model_dump())
    one.http.timeout = 10
    plan = one.create_plan(satellites=["GRUS-1A", "GRUS-1B"])
    one.wait_for_plan(plan["id"])
    yield Crowd(one, tuple(candidate["id"] for candidate in one.candidates(plan["id"])))
    one.http.close()


def count(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def test_a_key_makes_one_request_however_often_it_is_sent(crowd: Crowd) -> None:
    answers = crowd.all_at_once(
        lambda _: crowd.one.ask(crowd.candidates[0], **{"Idempotency-Key": "harbour-1"})
    )
    assert count(answers) == {201: 20}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert crowd.credit() == (3, 1)


def test_a_key_does_not_serve_for_another_body(crowd: Crowd) -> None:
    answer = crowd.one.ask(crowd.candidates[1], **{"Idempotency-Key": "harbour-1"})
    problem = assert_refused(answer, 422, "harbour-1", "choose a new one")
    assert problem["code"] == "idempotency_key_reused"
    assert crowd.credit() == (3, 1)


def test_a_key_is_the_accounts_own(world: World, crowd: Crowd) -> None:
    answer = world.stranger.ask(crowd.candidates[0], **{"Idempotency-Key": "harbour-1"})
    assert_refused(answer, 404, "no candidate")


def test_of_many_requests_for_one_candidate_one_is_made(crowd: Crowd) -> None:
    answers = crowd.all_at_once(lambda _: crowd.one.ask(crowd.candidates[1]))
    assert count(answers) == {201: 1, 409: 19}
    assert crowd.credit() == (2, 2)


def test_of_many_requests_for_the_last_credit_one_is_made(crowd: Crowd) -> None:
    assert crowd.one.ask(crowd.candidates[2]).status_code == 201
    left = crowd.candidates[3:]
    answers = crowd.all_at_once(lambda i: crowd.one.ask(left[i % len(left)]))
    assert count(answers)[201] == 1
    assert set(count(answers)) <= {201, 402, 409}
    assert crowd.credit() == (0, 4)


def test_a_canceled_request_gives_its_credit_back_once(crowd: Crowd) -> None:
    request = crowd.one.ask(crowd.candidates[0], **{"Idempotency-Key": "harbour-1"}).json()
    answers = crowd.all_at_once(lambda _: crowd.one.http.post(f"{REQUESTS}/{request['id']}/cancel"))
    assert count(answers) == {200: 20}
    assert crowd.credit() == (1, 3)


def test_a_key_sent_again_after_the_cancel_gets_the_first_answer_and_makes_nothing_new(crowd: Crowd) -> None:
    again = crowd.one.ask(crowd.candidates[0], **{"Idempotency-Key": "harbour-1"})
    assert (again.status_code, again.json()["properties"]["status"]) == (201, "ACCEPTED")
    made = crowd.one.http.get(f"{REQUESTS}/{again.json()['id']}").json()
    assert made["properties"]["status"] == "CANCELED"
    assert crowd.credit() == (1, 3)


def test_plans_may_be_made_and_archived_by_many_at_once(world: World, crowd: Crowd) -> None:
    body = plan_body(world, polygon(ring(0, 0, 0.1, 0.1)))
    made = crowd.all_at_once(lambda _: crowd.one.http.post(PLANS, json=body))
    assert count(made) == {201: 20}
    gone = crowd.all_at_once(lambda i: crowd.one.http.delete(made[i].headers["location"]))
    assert count(gone) == {204: 20}


def test_of_many_moves_of_the_clock_none_is_lost(crowd: Crowd) -> None:
    """Each that was answered 200 moved time on; one that could not in time says 503 and when to come back."""
    before = datetime.fromisoformat(crowd.one.get(CLOCK)["now"])
    answers = crowd.all_at_once(lambda _: crowd.one.http.post(CLOCK, json={"advance_by": "PT1M"}))
    assert set(count(answers)) <= {200, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)
    moved = datetime.fromisoformat(crowd.one.get(CLOCK)["now"]) - before
    assert moved == timedelta(minutes=count(answers)[200])


def test_after_all_that_the_log_tells_of_no_fault_of_ours(world: World) -> None:
    assert "Traceback" not in world.server.log.read_text()
