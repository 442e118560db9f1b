"""Mission control sees who stands in whose way; the customers do not."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from tests.conftest import NOW
from tests.ops.ops_world import Door, open_door
from tests.tasking_world import Desk, make_chance, plan_again

from swath.api.features import build_request
from swath.api.history import build_history
from swath.api.links import Links
from swath.store.database import SqlStore
from swath.tasking.accounts import create_account
from swath.tasking.model import RequestStatus, TaskingRequest
from swath.tasking.rules import Rules

LINKS = Links("https://swath.example")
START = NOW + timedelta(hours=20)


@dataclass(frozen=True)
class Rivals:
    """Two accounts want the same seconds of one satellite: the first has them."""

    door: Door
    winner: TaskingRequest
    loser: TaskingRequest

    def read(self, request: TaskingRequest) -> dict[str, Any]:
        answer = self.door.http.get(f"/ops/v1/requests/{request.id}/refusals")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def rivals(store: SqlStore, rules: Rules, tmp_path: Path) -> Rivals:
    door = open_door(store, rules, NOW, tmp_path)
    with store.begin() as uow:
        accounts = [create_account(uow, name, 10, NOW) for name in ("first", "second")]
    with patch("swath.tasking.requests.find_first_chances", lambda *a: (a[3].chance,)):
        winner, loser = (
            Desk(store, rules, account, NOW).ask(
                make_chance(START + timedelta(seconds=9 * i)), key=f"{i:016d}"
            )
            for i, account in enumerate(accounts)
        )
    assert (winner.status, loser.status) == (RequestStatus.ACCEPTED, RequestStatus.PLANNED)
    return Rivals(door, winner, loser)


def test_a_refusal_names_what_is_in_the_way(rivals: Rivals):
    told = rivals.read(rivals.loser)
    (refusal,) = told["refusals"]
    (finding,) = refusal["findings"]
    assert told["account_id"] == rivals.loser.account_id
    assert (refusal["status"], refusal["reason"]["code"], finding["code"]) == (
        "PLANNED",
        "CONFLICT",
        "CONFLICT",
    )
    assert finding["blockers"] == [
        {"request_id": rivals.winner.id, "account_id": rivals.winner.account_id, "commanded": False}
    ]
    assert finding["figures"]["missing_s"] > 0


def test_earlier_refusals_are_kept(rivals: Rivals):
    plan_again(rivals.door.store, rivals.door.rules, NOW)
    statuses = [refusal["status"] for refusal in rivals.read(rivals.loser)["refusals"]]
    assert statuses == ["PLANNED", "REJECTED"]


def test_a_request_that_was_never_refused_has_no_refusals(rivals: Rivals):
    assert rivals.read(rivals.winner)["refusals"] == []


def test_an_unknown_request_is_not_found(rivals: Rivals):
    assert rivals.door.http.get("/ops/v1/requests/nobody/refusals").status_code == 404


def test_nothing_that_a_customer_can_read_names_the_others(rivals: Rivals):
    """Neither the answer to his call, nor his request as it is kept, nor its history."""
    plan_again(rivals.door.store, rivals.door.rules, NOW)
    with rivals.door.store.read() as reader:
        kept, events = reader.request(rivals.loser.id), reader.events_of(rivals.loser.id)
    assert kept is not None
    assert rivals.loser.reason is not None
    assert rivals.loser.reason.findings, "else there would be nothing to hide"
    documents = [build_request(one, LINKS) for one in (rivals.loser, kept)]
    shown = json.dumps([*documents, build_history(kept, events, LINKS)], default=str)
    assert "CONFLICT" in shown
    assert rivals.winner.id not in shown
    assert rivals.winner.account_id not in shown
