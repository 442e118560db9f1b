"""Lists that are asked again are answered as they were, and never as they no longer are."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.api.api_world import API, Caller, Service, plan_body
from tests.tasking_world import add_candidate, add_plan, make_chance

from swath.oauth.registry import Registry
from swath.query import Query
from swath.store import pages
from swath.store.reader import SqlReader

PLANS = f"{API}/collections/plans/items"


@pytest.fixture
def workers() -> list[bool]:
    """Whether the store was asked in a thread, time after time."""
    return []


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch, workers: list[bool]) -> list[Query]:
    """What the store is asked for plans and candidates."""
    asked: list[Query] = []

    def watch(find: Callable[..., Any]) -> Callable[..., Any]:
        def watched(reader: SqlReader, query: Query, *more: Any) -> Any:
            asked.append(query)
            workers.append("worker" in threading.current_thread().name)
            return find(reader, query, *more)

        return watched

    for name in ("find_plans", "find_candidates"):
        monkeypatch.setattr(SqlReader, name, watch(getattr(SqlReader, name)))
    return asked


def test_while_nothing_changes_nobody_looks_again(acme: Caller, looks: list[Query]) -> None:
    first, again = (acme.http.get(PLANS) for _ in range(2))
    assert len(looks) == 1
    assert again.headers["etag"] == first.headers["etag"]
    assert again.json() | {"timeStamp": ""} == first.json() | {"timeStamp": ""}
    assert acme.http.get(PLANS, headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_what_a_moment_does_not_find_is_looked_for_in_a_thread(
    acme: Caller, looks: list[Query], workers: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert acme.ids("plans", limit=5) == []
    assert workers == [False]
    monkeypatch.setattr(pages, "MOST_AT_ONCE", 0)
    assert acme.ids("plans", limit=6) == []
    assert [query.at_once for query in looks] == [True, True, False]
    assert workers == [False, False, True]


@pytest.mark.usefixtures("looks")
def test_long_addresses_are_read_in_a_thread(acme: Caller, workers: list[bool]) -> None:
    assert acme.get("/collections/plans/items", filter=f"name = '{'a' * 1000}'")["features"] == []
    assert workers == [True]


def test_a_change_is_seen_at_once(service: Service, acme: Caller) -> None:
    assert acme.ids("plans") == []
    made = acme.post("plans", plan_body(service.clock.now())).json()["id"]
    assert acme.ids("plans") == [made]
    assert acme.http.delete(f"{PLANS}/{made}").status_code == 204
    assert acme.ids("plans") == []


def test_each_caller_is_shown_its_own(service: Service, acme: Caller) -> None:
    other = service.caller("other")
    made = acme.post("plans", plan_body(service.clock.now())).json()["id"]
    assert [caller.ids("plans") for caller in (acme, other, acme)] == [[made], [], [made]]


def test_addresses_are_those_by_which_it_was_asked(acme: Caller) -> None:
    for host in ("one.example", "two.example"):
        page = acme.http.get(PLANS, headers={"Host": host}).json()
        assert all(link["href"].startswith(f"http://{host}/") for link in page["links"])


def test_what_cannot_be_accepted_is_refused_also_when_it_is_kept(acme: Caller) -> None:
    accepts = ("application/json", "image/png", "application/json")
    assert [acme.http.get(PLANS, headers={"Accept": accept}).status_code for accept in accepts] == [
        200,
        406,
        200,
    ]


def test_time_alone_ends_a_list_whose_rows_lapse(service: Service, acme: Caller, looks: list[Query]) -> None:
    now = service.clock.now()
    plan = add_plan(service.store, acme.account_id, now)
    first, second = (
        add_candidate(service.store, plan, make_chance(now + timedelta(hours=hours)), now).valid_until
        for hours in (10, 12)
    )
    found = [len(acme.ids("candidates", limit=1)) for _ in range(3)]
    assert (found, len(looks)) == ([1, 1, 1], 1)
    service.clock.at = first
    assert acme.get("/collections/candidates/items", limit=1)["numberMatched"] == 1
    service.clock.at = second
    assert acme.ids("candidates", limit=1) == []


def test_a_token_that_ends_opens_no_list_that_is_kept(service: Service, acme: Caller) -> None:
    assert acme.http.get(PLANS).status_code == 200
    Registry(service.store, service.clock, service.tokens, service.digest_key).revoke_client(acme.client_id)
    assert acme.http.get(PLANS).status_code == 401
