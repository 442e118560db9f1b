"""The history of a request: every change, how it stood before and after, and nobody else's work."""

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from tests.api.api_world import API, Caller, Service, request_body
from tests.tasking_world import add_candidate, add_plan, make_chance, plan_again

from swath import wire
from swath.api.history import EXAMPLE

NUMBERS = count()


@pytest.fixture
def hours() -> float:
    """Hours from now that no other test uses."""
    return 8 + 2 * next(NUMBERS)


def ask(caller: Caller, hours: float, priority: str = "NORMAL", satellite: str = "GRUS-1A") -> dict[str, Any]:
    """A request of a caller for a capture at a time; others may want the same time."""
    service = caller.service
    now = service.clock.now()
    plan = add_plan(service.store, caller.account_id, now)
    chance = make_chance(now + timedelta(hours=hours), satellite=satellite)
    made = add_candidate(service.store, plan, chance, now, key=f"h{next(NUMBERS):015d}")
    answer = caller.post("requests", request_body(made.id, priority=priority))
    assert answer.status_code == 201, answer.text
    return answer.json()


def path_of(request: dict[str, Any]) -> str:
    return f"/collections/requests/items/{request['id']}/history"


def history_of(caller: Caller, request: dict[str, Any]) -> Sequence[wire.HistoryEntry]:
    return wire.History.model_validate(caller.get(path_of(request))).entries


def test_it_begins_when_the_request_is_made_and_each_change_follows_the_one_before(
    acme: Caller, hours: float
) -> None:
    request = ask(acme, hours)
    acme.http.post(f"{API}/collections/requests/items/{request['id']}/cancel")
    entries = history_of(acme, request)
    assert [entry.after.status for entry in entries] == ["PLANNED", "ACCEPTED", "CANCELED"]
    assert [entry.code for entry in entries] == ["CREATED", "SCHEDULED", "CANCELED_BY_CLIENT"]
    assert entries[0].before is None
    for before, after in pairwise(entries):
        assert after.before == before.after
        assert after.at >= before.at


def test_it_says_what_each_change_changed(acme: Caller, hours: float) -> None:
    request = ask(acme, hours)
    made, placed = history_of(acme, request)
    assert set(made.changed) == set(EXAMPLE["entries"][0]["changed"])
    assert set(placed.changed) == {"status", "planned_start", "planned_end", "planned_satellite"}
    assert placed.after.planned_satellite == "GRUS-1A"
    assert placed.after.planned_start == wire.parse_time(request["properties"]["planned_start"])


def test_it_ends_as_the_request_stands(acme: Caller, hours: float) -> None:
    request = ask(acme, hours)
    last, now = history_of(acme, request)[-1].after, request["properties"]
    assert (last.status, last.final, last.capture_id) == (
        now["status"],
        now["final"],
        now["ag:capture_id"],
    )
    assert last.cancel_until == wire.parse_time(now["cancel_until"])


def test_the_request_leads_to_it_and_it_leads_back(acme: Caller, hours: float) -> None:
    request = ask(acme, hours)
    (there,) = [link["href"] for link in request["links"] if link["rel"] == "history"]
    history = wire.History.model_validate(acme.get(there))
    assert (history.href("self"), history.href("parent")) == (there, request["links"][0]["href"])


def test_asked_again_with_its_tag_it_is_told_only_when_it_has_changed(acme: Caller, hours: float) -> None:
    request = ask(acme, hours)
    first = acme.http.get(f"{API}{path_of(request)}")
    known = {"If-None-Match": first.headers["etag"]}
    assert acme.http.get(f"{API}{path_of(request)}", headers=known).status_code == 304
    acme.http.post(f"{API}/collections/requests/items/{request['id']}/cancel")
    assert acme.http.get(f"{API}{path_of(request)}", headers=known).status_code == 200


def test_others_do_not_find_it(acme: Caller, rival: Caller, hours: float) -> None:
    request = ask(acme, hours)
    assert rival.http.get(f"{API}{path_of(request)}").status_code == 404
    assert rival.http.post(f"{API}/collections/requests/items/{request['id']}/cancel").status_code == 404


def test_what_others_asked_for_is_never_told(
    service: Service, acme: Caller, rival: Caller, hours: float
) -> None:
    """Displaced by an emergency and refused for what is there: the figures say how much is in the way, not what."""
    mine = ask(acme, hours)
    theirs = ask(rival, hours, "EMERGENCY")
    late = ask(acme, hours)
    plan_again(service.store, service.rules, service.clock.now())
    displaced, refused = (history_of(acme, request) for request in (mine, late))
    assert displaced[-1].after.status == "REJECTED"
    assert displaced[-1].code == "BUMPED_BY_EMERGENCY"
    assert refused[-1].after.status != "ACCEPTED"
    assert refused[-1].evidence
    told = json.dumps([acme.get(path_of(request)) for request in (mine, late)])
    secrets = (theirs["id"], rival.account_id, theirs["properties"]["task_plan_id"])
    assert not [secret for secret in secrets if secret in told]


def test_the_example_in_the_definition_is_a_history() -> None:
    made, placed = wire.History.model_validate(EXAMPLE).entries
    assert made.before is None
    before, after = (entry.model_dump(by_alias=True) for entry in (made.after, placed.after))
    assert list(placed.changed) == [name for name in before if before[name] != after[name]]
