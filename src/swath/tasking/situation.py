"""What the scheduler has to know of the business, in its own words; and its placements back as activities."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from math import ceil, floor
from typing import Any

from swath import planning, scheduling
from swath.clock import to_seconds
from swath.fleet import GroundStation
from swath.orbit.elements import from_omm
from swath.orbit.propagate import lasts_until
from swath.tasking.machine import OPEN_REQUESTS
from swath.tasking.model import (
    Activity,
    CaptureStatus,
    Chance,
    Priority,
    Schedule,
    StoredElements,
    TaskingRequest,
)
from swath.tasking.ports import Reader
from swath.tasking.rules import Rules
from swath.tasking.terms import RANK, to_chance, to_work

ON_BOARD = (CaptureStatus.COMMANDED, CaptureStatus.CAPTURED)
UNREPORTED = timedelta(days=1)
BEGINNING = datetime.min.replace(tzinfo=UTC)
# Longer than any low orbit takes: until then a capture counts in the duty of its revolution.
REVOLUTION = timedelta(hours=2)
# Contacts are asked for from one full day to another, so that the same question comes often.
DAY_S = 86_400.0
# After the last capture there is time for all to come down.
AFTER_S = DAY_S


@dataclass(frozen=True)
class Situation:
    """The schedule, the requests that concern it by id, and both as the scheduler sees them.

    `lines` are what the first `placements` stand for, one each. Behind them are captures that are `spent`: made, but
    come to nothing, so that they have left the schedule and still count. Lines that are `over` have left; others of the
    schedule have nothing to do with it. `elements` are the epochs, by satellite, of the element sets that contacts
    were found with.
    """

    schedule: Schedule
    requests: Mapping[str, TaskingRequest]
    lines: Sequence[Activity]
    over: Sequence[Activity]
    works: tuple[scheduling.Work, ...]
    placements: tuple[scheduling.Placement, ...]
    rules: scheduling.Rules
    elements: Mapping[str, datetime]

    @property
    def spent(self) -> Sequence[scheduling.Placement]:
        return self.placements[len(self.lines) :]

    def find_changes(
        self, placements: Iterable[scheduling.Placement]
    ) -> tuple[Sequence[Activity], Sequence[Activity]]:
        """The lines that leave the schedule, and those that come, when these are its placements."""
        after = {placement.work.id: placement for placement in placements}
        gone, stay = list(self.over), {placement.work.id for placement in self.spent}
        for line, before in zip(self.lines, self.placements, strict=False):
            now_is = after.get(line.request_id)
            if now_is is not None and (now_is.chance, now_is.frozen) == (before.chance, before.frozen):
                stay.add(line.request_id)
            else:
                gone.append(line)
        return gone, [self._activity(one) for one in after.values() if one.work.id not in stay]

    def _activity(self, placement: scheduling.Placement) -> Activity:
        request = self.requests[placement.work.id]
        chance = next(c for c in request.chances if to_chance(c) == placement.chance)
        return Activity(request.id, request.priority, chance, placement.frozen)


def look_around(
    reader: Reader,
    rules: Rules,
    request: TaskingRequest,
    now: datetime,
    also: Collection[str] = (),
    elsewhere: Collection[str] = (),
    *,
    far: bool = False,
) -> Situation:
    """As much of the situation as an answer to a new request depends on: what its satellites do, and what else those
    can do whose captures are within a revolution of its chances, or are named in `also`. What is done `elsewhere`, on
    these satellites, is found too. An emergency may cost places anywhere: `far` finds all whom it could reach.

    Works that stand elsewhere have the chance that they were given and no other. Their memory counts, and they stay.
    """
    schedule = reader.schedule()
    find = _find_reachable if far else _find_near
    known = {one.id: one for one in (*find(reader, request, schedule, also), request)}
    satellites = {chance.satellite for one in known.values() for chance in one.chances}.union(elsewhere)
    in_fleet = satellites & rules.fleet.satellites.keys()
    lines, over = split_lines(schedule.of(satellites), in_fleet, now)
    known_works = [to_work(one) for one in known.values()]
    placements = (*place_lines(lines, known_works), *_find_spent(reader, in_fleet, now))
    works = (*(placement.work for placement in placements), to_work(request))
    sets = reader.elements(satellites=satellites)
    found = _find_rules(reader, rules, sets, works, placements, now)
    return Situation(schedule, known, lines, over, works, placements, found, _find_epochs(sets))


def _find_near(
    reader: Reader, request: TaskingRequest, schedule: Schedule, also: Collection[str]
) -> Sequence[TaskingRequest]:
    near = _find_spans(request)
    lines = schedule.of(near)
    return reader.requests_named(
        {a.request_id for a in lines if _is_within(near[a.chance.satellite], a.chance)}.union(also)
    )


def _find_reachable(
    reader: Reader, request: TaskingRequest, schedule: Schedule, also: Collection[str]
) -> Sequence[TaskingRequest]:
    """Whoever may have to leave for it, or for one who left: all on its satellites, and on those where they can go."""
    satellites, reached = set[str](), {chance.satellite for chance in request.chances}
    found: Sequence[TaskingRequest] = ()
    while reached > satellites:
        satellites = reached
        mine = {line.request_id for line in schedule.of(satellites)}
        found = reader.requests_named(mine.union(also))
        reached = satellites.union(chance.satellite for one in found for chance in one.chances)
    return found


def split_lines(
    lines: Iterable[Activity], satellites: Collection[str], now: datetime
) -> tuple[Sequence[Activity], Sequence[Activity]]:
    """Lines that count at a time, and those that are over by then.

    What these satellites do counts. Of another, that has left the fleet, whatever is commanded stays and limits nobody.
    """
    since, count, over = now - REVOLUTION, list[Activity](), list[Activity]()
    for line in lines:
        if line.chance.end <= since:
            over.append(line)
        elif line.chance.satellite in satellites or not _is_commanded(line, now):
            count.append(line)
    return count, over


def _is_commanded(line: Activity, now: datetime) -> bool:
    return line.frozen or line.chance.uplink_by <= now


def place_lines(
    lines: Iterable[Activity], works: Iterable[scheduling.Work]
) -> tuple[scheduling.Placement, ...]:
    """Lines of a schedule as placements, of these works where they are known."""
    known = {work.id: work for work in works}
    return tuple(
        scheduling.Placement(known[line.request_id], to_chance(line.chance), line.frozen)
        if line.request_id in known
        else _anchor(line)
        for line in lines
    )


def _find_spent(reader: Reader, satellites: Collection[str], now: datetime) -> Iterator[scheduling.Placement]:
    """Captures that were made and came to nothing, too cloudy or lost on their way, whose revolution is not over."""
    for capture in reader.captures_ended((CaptureStatus.FAILED,), now - REVOLUTION, now):
        if capture.captured is not None and capture.chance.satellite in satellites:
            chance = to_chance(capture.chance)
            work = scheduling.Work(capture.id, scheduling.NORMAL, (chance,), owner="")
            yield scheduling.Placement(work, chance, frozen=True)


@lru_cache(maxsize=16_384)
def _anchor(line: Activity) -> scheduling.Placement:
    chance = to_chance(line.chance)
    return scheduling.Placement(
        scheduling.Work(line.request_id, RANK[line.priority], (chance,), owner=""), chance, line.frozen
    )


def _find_spans(request: TaskingRequest) -> Mapping[str, Sequence[scheduling.Pass]]:
    """By satellite, what lies within a revolution of the request's chances; stretches that overlap as one."""
    reach_s, chances = REVOLUTION.total_seconds(), [to_chance(chance) for chance in request.chances]
    return {
        name: scheduling.merge_passes(
            (c.start_s - reach_s, c.end_s + reach_s) for c in chances if c.satellite == name
        )
        for name in {chance.satellite for chance in chances}
    }


def _is_within(spans: Sequence[scheduling.Pass], chance: Chance) -> bool:
    start_s = to_seconds(chance.start)
    return any(low <= start_s < high for low, high in spans)


def look(reader: Reader, rules: Rules, now: datetime, *newcomers: TaskingRequest) -> Situation:
    """The situation now, with requests that are not stored yet. Works want a place, and stand in order of creation.

    What is commanded wants none, even once its capture has left the schedule. Captures that are over, delivered or not,
    leave it once their revolution is over too: until then they count in its duty, and what follows turns from them.
    """
    requests = (*reader.live_requests(), *newcomers)
    return _see(reader, rules, {r.id: r for r in requests}, {}, now)


def look_again(reader: Reader, rules: Rules, there: Situation, now: datetime) -> Situation:
    """The situation now: that which was found before, as long as the schedule and all requests are the same."""
    requests = {r.id: r for r in reader.live_requests()}
    if requests == there.requests and reader.schedule().version == there.schedule.version:
        return there
    works = (*there.works, *(placement.work for placement in there.placements))
    same = {one.id: one for one in works if requests.get(one.id) == there.requests.get(one.id)}
    return _see(reader, rules, requests, same, now)


def _see(
    reader: Reader,
    rules: Rules,
    requests: Mapping[str, TaskingRequest],
    works: Mapping[str, scheduling.Work],
    now: datetime,
) -> Situation:
    """The situation of these requests; `works` are those of some of them, which need not be made."""
    schedule = reader.schedule()
    everyone = {r.id: works.get(r.id) or to_work(r) for r in requests.values()}
    waiting = [r for r in requests.values() if r.status in OPEN_REQUESTS]
    in_fleet = rules.fleet.satellites.keys()
    lines, over = split_lines(schedule.activities, in_fleet, now)
    placements = (*place_lines(lines, everyone.values()), *_find_spent(reader, in_fleet, now))
    open_works = tuple(everyone[r.id] for r in sorted(waiting, key=lambda r: (r.created, r.id)))
    sets = reader.elements()
    found = _find_rules(reader, rules, sets, open_works, placements, now)
    return Situation(schedule, requests, lines, over, open_works, placements, found, _find_epochs(sets))


def _find_epochs(sets: Iterable[StoredElements]) -> Mapping[str, datetime]:
    return {stored.satellite: stored.epoch for stored in sets}


def _find_rules(
    reader: Reader,
    rules: Rules,
    sets: Sequence[StoredElements],
    works: Sequence[scheduling.Work],
    placements: Sequence[scheduling.Placement],
    now: datetime,
) -> scheduling.Rules:
    satellites = rules.fleet.satellites
    first_s = to_seconds(now - REVOLUTION)
    chances = chain((c for work in works for c in work.chances), (p.chance for p in placements))
    last_s = max((chance.end_s for chance in chances), default=first_s) + AFTER_S
    passes = _find_passes(sets, rules, first_s, last_s)
    memory = {name: s.memory for name, s in satellites.items() if s.memory is not None and name in passes}
    return scheduling.Rules(
        agility={name: satellite.agility for name, satellite in satellites.items()},
        duty={name: satellite.duty for name, satellite in satellites.items()},
        memory=memory,
        passes=passes,
        on_board_gb=_weigh_on_board(reader, memory, now),
        notice_s=_find_notices(rules),
    )


def _find_notices(rules: Rules) -> Mapping[int, float]:
    notices = ((RANK[priority], rules.notice(priority)) for priority in Priority)
    return {rank: notice.total_seconds() for rank, notice in notices if notice is not None}


def _find_passes(
    sets: Sequence[StoredElements], rules: Rules, start_s: float, end_s: float
) -> Mapping[str, Sequence[scheduling.Pass]]:
    """The downlink contacts of those satellites that stay in orbit; of others nothing is known, nor limited."""
    days = floor(start_s / DAY_S) * DAY_S, ceil(end_s / DAY_S) * DAY_S
    stations = tuple(station for station in rules.fleet.stations if station.downlink)
    found = {one.satellite: _find_contacts(tuple(sorted(one.omm.items())), stations, *days) for one in sets}
    known = {name: passes for name, passes in found.items() if passes is not None}
    return {name: passes[bisect_right(passes, start_s, key=_end_of) :] for name, passes in known.items()}


def _end_of(contact: scheduling.Pass) -> float:
    return contact[1]


@lru_cache(maxsize=256)
def _find_contacts(
    omm: tuple[tuple[str, Any], ...], stations: tuple[GroundStation, ...], start_s: float, end_s: float
) -> tuple[scheduling.Pass, ...] | None:
    """None for a satellite that comes down before the end."""
    elements = from_omm(dict(omm))
    if not lasts_until(elements, end_s):
        return None
    contacts = planning.find_contacts_with_all(elements, stations, start_s, end_s)
    return scheduling.merge_passes((contact.start_s, contact.end_s) for contact in contacts)


def _weigh_on_board(
    reader: Reader, memory: Mapping[str, scheduling.Memory], now: datetime
) -> Mapping[str, float]:
    """What was captured before the placements begin and has not come down.

    Of a capture that nobody has reported it is taken for a day that it was made.
    """
    board_gb, until = dict.fromkeys(memory, 0.0), now - REVOLUTION
    for capture in reader.captures_ended(ON_BOARD, BEGINNING, until):
        name, chance = capture.chance.satellite, capture.chance
        told = capture.status == CaptureStatus.CAPTURED or chance.end > until - UNREPORTED
        if name in memory and told:
            board_gb[name] += memory[name].fill_gb_s * (chance.end - chance.start).total_seconds()
    return board_gb
