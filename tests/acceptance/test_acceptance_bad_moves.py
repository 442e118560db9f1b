"""The sandbox's own door: what does not move the clock and lets nothing go wrong."""

import pytest
from tests.acceptance.bad_input_world import CLOCK, FAULTS, MIB, Json, World, assert_refused, send

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]

BAD_MOVES: dict[str, tuple[str, int, str]] = {
    "nothing": ("{}", 422, "advance_by"),
    "backwards by": ('{"advance_by": "-PT6H"}', 422, "only goes forward"),
    "backwards to": ('{"advance_to": "2020-01-01T00:00:00Z"}', 409, "only goes forward"),
    "backwards, at another rate": ('{"advance_by": "-PT6H", "rate": 5}', 422, "only goes forward"),
    "too far": ('{"advance_by": "P400D"}', 422, "366 days"),
    "to the end of time": ('{"advance_to": "9999-12-31T23:59:59Z"}', 409, "366 days"),
    "by words": ('{"advance_by": "soon"}', 422, "PT6H"),
    "by true": ('{"advance_by": true}', 422, "PT6H"),
    "by more than there is": ('{"advance_by": 1e308}', 422, ""),
    "to a time without zone": ('{"advance_to": "2026-09-01T00:00:00"}', 422, "zone"),
    "to a time and by a duration": (
        '{"advance_by": "PT1H", "advance_to": "2026-09-30T00:00:00Z"}',
        422,
        "not both",
    ),
    "at a rate below 0": ('{"rate": -1}', 422, "0"),
    "at a rate beyond reason": ('{"rate": 1e9}', 422, "86400"),
    "at no number": ('{"rate": NaN}', 400, "JSON"),
    "unknown": ('{"speed": 1}', 422, "speed"),
    "broken": ("{", 400, "JSON"),
    "2 MiB": (" " * (2 * MIB), 413, "1048576 bytes"),
}


@pytest.mark.parametrize(("body", "status", "words"), BAD_MOVES.values(), ids=BAD_MOVES)
def test_the_clock_is_not_moved(world: World, body: str, status: int, words: str) -> None:
    assert_refused(send(world.owner, CLOCK, body), status, words)


@pytest.mark.parametrize(
    "changes", [{"kind": "meteor"}, {"kind": "late_delivery", "hours": -1}, {"request_id": 5}], ids=str
)
def test_nothing_is_made_to_go_wrong(world: World, changes: Json) -> None:
    fault = {"request_id": world.request_id, "kind": "cloud", **changes}
    assert_refused(world.owner.http.post(FAULTS, json=fault), 422)
    assert world.owner.get(FAULTS) == {"faults": []}
