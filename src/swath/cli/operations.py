"""What an operator does to a data folder, at the machine and without a server: the heavy half of several commands."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from swath.clock import Clock
from swath.data_folder import build_clock, build_rules, open_store
from swath.errors import Malformed
from swath.fleet.refresh import CELESTRAK_GP, fetch_elements
from swath.oauth.keys import load_digest_key
from swath.oauth.registry import Registry
from swath.oauth.tokens import open_tokens
from swath.ops.documents import ScheduleDocument, ScheduleHead, build_schedule_head
from swath.ops.reruns import rerun
from swath.ops.schedules import read_schedule_document
from swath.ops.sheets import FORMATS, build_sheet
from swath.ops.versions import find_before, find_inputs, find_schedule
from swath.orbit.elements import Elements, parse_elements
from swath.settings import Settings
from swath.tasking.elements import import_elements
from swath.tasking.model import StoredElements
from swath.tasking.ports import Store
from swath.tasking.rules import Rules
from swath.wire import format_time

FETCH_TIMEOUT_S = 30.0
Facts = dict[str, Any]


class Operations:
    """The element sets and the schedules of one service."""

    def __init__(self, store: Store, rules: Rules, clock: Clock) -> None:
        self._store, self._rules, self._clock = store, rules, clock

    def import_elements(self, file: Path) -> list[str]:
        """Satellites that a file held newer elements of; raises Malformed."""
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Malformed(f"{file} cannot be read: {error}.") from error
        return self._take_in(parse_elements(text), f"file {file.name}")

    def refresh_elements(self, url: str | None) -> list[str]:
        """Satellites that the server had newer elements of; raises Unavailable when it cannot be asked."""
        base_url = url or CELESTRAK_GP
        norad_ids = [satellite.norad_id for satellite in self._rules.fleet.satellites.values()]
        with httpx.Client(timeout=FETCH_TIMEOUT_S) as client:
            found = fetch_elements(norad_ids, client=client, base_url=base_url)
        return self._take_in(found, base_url)

    def list_elements(self) -> list[Facts]:
        """The newest elements of each satellite, with their age."""
        with self._store.read() as reader:
            return [self._elements_facts(stored) for stored in reader.elements()]

    def list_schedules(self, limit: int) -> list[ScheduleHead]:
        """The newest versions of the schedule, without their lines."""
        with self._store.read() as reader:
            return [build_schedule_head(schedule) for schedule in reader.schedules(limit)]

    def read_schedule(self, version: int | None) -> ScheduleDocument:
        """A version of the schedule, the latest without one; raises NotFound."""
        with self._store.read() as reader:
            return read_schedule_document(reader, version)

    def rerun_schedule(self, version: int) -> Facts:
        """Make a version of the schedule again from what was kept with it, or tell the change that it was."""
        with self._store.read() as reader:
            schedule = find_schedule(reader, version)
            inputs, before = find_inputs(reader, schedule), find_before(reader, schedule)
        if inputs["made_by"] == "change":
            return {"version": version, "same": True, **inputs}
        again = rerun(inputs, before, schedule)
        return {
            "version": version,
            "made_by": inputs["made_by"],
            "same": not again.differences,
            "captures": len(again.lines),
            "differences": again.differences,
            "value": again.value,
            "bound": again.bound,
            "seconds": round(again.seconds, 3),
            **{name: inputs[name] for name in ("seed", "rounds", "solver") if name in inputs},
        }

    def write_sheet(self, kind: str, version: int | None) -> str:
        """A version of the schedule in one of `swath.ops.sheets.FORMATS`; raises NotFound."""
        now = self._clock.now()
        with self._store.read() as reader:
            return FORMATS[kind].write(build_sheet(reader, self._rules, now, version))

    def _take_in(self, sets: Sequence[Elements], source: str) -> list[str]:
        with self._store.begin() as uow:
            fresh = import_elements(uow, self._rules, sets, source, self._clock.now())
        return [stored.satellite for stored in fresh]

    def _elements_facts(self, stored: StoredElements) -> Facts:
        age = self._clock.now() - stored.epoch
        return {
            "satellite": stored.satellite,
            "norad_id": stored.norad_id,
            "epoch": format_time(stored.epoch),
            "age_days": round(age.total_seconds() / 86_400, 3),
            "source": stored.source,
        }


@contextmanager
def open_operations(settings: Settings) -> Generator[Operations]:
    """The operations on a data folder, which is made when it is not there."""
    with _opening(settings) as (store, clock):
        yield Operations(store, build_rules(settings), clock)


@contextmanager
def open_registry(settings: Settings) -> Generator[Registry]:
    """The accounts of a data folder, which is made when it is not there."""
    keys = settings.data / "keys"
    with _opening(settings) as (store, clock):
        yield Registry(store, clock, open_tokens(settings, keys), load_digest_key(keys))


@contextmanager
def _opening(settings: Settings) -> Generator[tuple[Store, Clock]]:
    store = open_store(settings)
    try:
        yield store, build_clock(settings, store)
    finally:
        store.close()
