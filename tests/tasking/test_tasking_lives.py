"""Thousands of random lives of requests: no step is illegal, no promise is broken, no credit is lost or found.

`tests.tasking.lives` draws what happens, `tests.tasking.promises` says what must hold after every step. A life that
goes wrong is told by its seed and its steps.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from unittest.mock import patch

import pytest
from tests.conftest import NOW
from tests.tasking.lives import World, find_pitches
from tests.tasking.memory_store import MemoryStore

from swath.fleet import load_bundled_elements
from swath.ops.reruns import rerun
from swath.ops.versions import find_before, find_inputs, find_schedule
from swath.tasking.elements import import_elements
from swath.tasking.model import TaskingRequest
from swath.tasking.ports import Reader, Store
from swath.tasking.rules import Rules
from swath.tasking.situation import Situation, look

STEPS = 30
PARTS, LIVES = 20, 500
SOME, IN_BOTH, ALIKE, RETOLD = range(200), range(3), range(20), range(30)


@pytest.fixture(autouse=True)
def pitches_without_orbits() -> Iterator[None]:
    with (
        patch("swath.tasking.chances.planning.find_chances", find_pitches),
        patch("swath.tasking.captures.expect_delivery", lambda *_: None),
    ):
        yield


@pytest.fixture(scope="module")
def in_memory(rules: Rules) -> MemoryStore:
    store = MemoryStore()
    bring_elements(store, rules)
    return store


def bring_elements(store: Store, rules: Rules) -> None:
    with store.begin() as uow:
        import_elements(uow, rules, load_bundled_elements(), "bundled", NOW)


def live(store: Store, rules: Rules, seed: int) -> World:
    world = World(store, rules, seed)
    try:
        world.live(STEPS)
    except BaseException as error:
        error.add_note("\n".join((f"seed {seed}:", *world.log)))
        raise
    return world


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_lives_keep_every_promise(in_memory: MemoryStore, rules: Rules, part: int) -> None:
    for seed in range(LIVES * part, LIVES * (part + 1)):
        live(in_memory.copy(), rules, seed)


@pytest.mark.parametrize("seed", IN_BOTH)
def test_a_life_over_a_database_is_the_same(
    store: Store, in_memory: MemoryStore, rules: Rules, seed: int
) -> None:
    """Else what ten thousand lives have shown would be true of the dictionaries only."""
    bring_elements(store, rules)
    assert live(store, rules, seed).story() == live(in_memory.copy(), rules, seed).story()


@pytest.mark.parametrize("seed", ALIKE)
def test_an_answer_needs_to_see_no_more_than_what_is_near(
    in_memory: MemoryStore, rules: Rules, seed: int
) -> None:
    """A life in which every answer sees everything goes the same way."""

    def look_everywhere(
        reader: Reader, rules: Rules, request: TaskingRequest, now: datetime, *_: object, **__: object
    ) -> Situation:
        return look(reader, rules, now, request)

    story = live(in_memory.copy(), rules, seed).story()
    with patch("swath.tasking.schedule.look_around", look_everywhere):
        assert live(in_memory.copy(), rules, seed).story() == story


def test_every_version_of_a_life_can_be_made_again(in_memory: MemoryStore, rules: Rules) -> None:
    """Plans by the solver, answers from the version before; what nobody had to compute says what it changed."""
    made = Counter[str]()
    for seed in RETOLD:
        store = in_memory.copy()
        live(store, rules, seed)
        with store.read() as reader:
            for version in range(1, reader.schedule().version + 1):
                schedule = find_schedule(reader, version)
                inputs, before = find_inputs(reader, schedule), find_before(reader, schedule)
                made[inputs["made_by"]] += 1
                if inputs["made_by"] == "change":
                    assert inputs["changes"]
                else:
                    assert rerun(inputs, before, schedule).differences == [], (seed, version)
    assert min(made[kind] for kind in ("plan", "answer", "change")) > 10


def test_lives_keep_every_promise_and_leave_nothing_out(in_memory: MemoryStore, rules: Rules) -> None:
    """They hold every way in which a request can change, or the rest of this page would say little."""
    told = {change for seed in SOME for change in live(in_memory.copy(), rules, seed).story()}
    assert {(str(before), str(after)) for _, before, after in told} >= {
        ("PLANNED", "ACCEPTED"),
        ("PLANNED", "REJECTED"),
        ("PLANNED", "CANCELED"),
        ("ACCEPTED", "REJECTED"),
        ("ACCEPTED", "PROCESSING"),
        ("ACCEPTED", "CANCELED"),
        ("REJECTED", "ACCEPTED"),
        ("REJECTED", "CANCELED"),
        ("PROCESSING", "REJECTED"),
        ("PROCESSING", "FAILED"),
        ("PROCESSING", "DATA_AVAILABLE"),
    }
    assert {code for code, _, _ in told} >= {
        "BUMPED_BY_EMERGENCY", "FRESH_ELEMENTS", "FOUND_AGAIN", "NO_ACCESS", "CONFLICT", "LOWER_VALUE",
        "CONTACT_MISSED", "NOT_UPLINKED", "UPLINKED", "CAPTURE_FAILED", "TOO_CLOUDY", "SCENE_LOST",
        "CANCELED_BY_CLIENT", "DELIVERY_DELAYED", "DELIVERY_FAILED", "MOVED",
    }  # fmt: skip
