"""Times, satellites, angles and names that no plan is made with: every fault is told, in few words."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.acceptance.bad_input_world import BOW_TIE, CLOCK, PLANS, Json, World, assert_refused, plan_body

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]


def from_now(world: World, **steps: float) -> str:
    now = datetime.fromisoformat(world.owner.get(CLOCK)["now"])
    return (now + timedelta(**steps)).astimezone(UTC).isoformat().replace("+00:00", "Z")


BAD_TIMES = {
    "reversed": (3, 1, ("must be after",)),
    "empty": (1, 1, ("must be after",)),
    "wholly past": (-3, -1, ("in the past", "it is now")),
    "15 days long": (0, 15, ("15 days long", "limit is 14 days")),
    "31 days ahead": (20, 31, ("too far ahead", "latest allowed")),
}
BAD_PROPERTIES = {
    "a time without zone": ({"valid_start": "2026-08-22T00:00:00"}, ("with a zone", "2026-08-22T01:30:00Z")),
    "a day for a time": ({"valid_start": "2026-08-22"}, ("2026-08-22T01:30:00Z",)),
    "a day that is not": ({"valid_end": "2026-02-30T00:00:00Z"}, ("not a time that exists",)),
    "a time before all times": (
        {"valid_start": "0001-01-01T00:00:00+14:00"},
        ("no time of the years 1900 to 2199",),
    ),
    "a number for a time": ({"valid_start": 1_787_000_000}, ("2026-08-22T01:30:00Z",)),
    "no end": ({"valid_end": None}, ("valid_end",)),
    "an unknown satellite": ({"satellites": ["GRUS-9"]}, ("'GRUS-9'", "GRUS-1A, GRUS-1B")),
    "no satellite": ({"satellites": []}, ("at least one", "leave it out")),
    "text for satellites": ({"satellites": "GRUS-1A"}, ("satellites must be an array",)),
    "off-nadir [10, 5]": ({"off_nadir_range": [10, 5]}, ("[10, 5]", "0 <= min < max <= 30")),
    "off-nadir [-1, 60]": ({"off_nadir_range": [-1, 60]}, ("[-1, 60]", "0 <= min < max <= 30")),
    "off-nadir [5, 5]": ({"off_nadir_range": [5, 5]}, ("0 <= min < max <= 30",)),
    "off-nadir of three numbers": ({"off_nadir_range": [1, 2, 3]}, ("off_nadir_range", "2", "3")),
    "off-nadir as text": ({"off_nadir_range": ["0", "25"]}, ("off_nadir_range", "number")),
    "a name of 201 characters": ({"name": "x" * 201}, ("201 characters", "1 to 200")),
    "a name of nothing": ({"name": " "}, ("1 to 200",)),
    "a name that ends lines": ({"name": "a\r\nb"}, ("line breaks",)),
    "a name with a NUL": ({"name": "a\0b"}, ("control characters",)),
    "a name that turns around": ({"name": "a\u202eb"}, ("control characters",)),
    "a number for a name": ({"name": 5}, ("name must be text",)),
    "a status": ({"status": "ACTIVE"}, ("no property status",)),
}


@pytest.mark.parametrize(("start", "end", "words"), BAD_TIMES.values(), ids=BAD_TIMES)
def test_no_plan_is_made_for_a_time_that_is(
    world: World, start: int, end: int, words: tuple[str, ...]
) -> None:
    times = {"valid_start": from_now(world, days=start), "valid_end": from_now(world, days=end)}
    problem = assert_refused(world.owner.http.post(PLANS, json=plan_body(world, **times)), 422, *words)
    assert problem["errors"][0]["pointer"] == "/properties/valid_end"


@pytest.mark.parametrize(("properties", "words"), BAD_PROPERTIES.values(), ids=BAD_PROPERTIES)
def test_no_plan_is_made_with(world: World, properties: Json, words: tuple[str, ...]) -> None:
    answer = world.owner.http.post(PLANS, json=plan_body(world, **properties))
    problem = assert_refused(answer, 422, *words)
    assert problem["errors"][0]["pointer"].startswith(f"/properties/{next(iter(properties))}")


def test_every_fault_is_told_at_once(world: World) -> None:
    wrong = plan_body(world, BOW_TIE, name="x" * 201, satellites=["GRUS-9"], off_nadir_range=[10, 5])
    problem = assert_refused(world.owner.http.post(PLANS, json=wrong), 422)
    assert {error["code"] for error in problem["errors"]} == {
        "ring_crosses_itself",
        "name_length",
        "satellite_unknown",
        "off_nadir_range",
    }


@pytest.mark.parametrize(
    "properties",
    [
        {"satellites": ["X"] * 20_000},
        {"satellites": [0] * 100_000},
        {f"k{i}": 1 for i in range(20_000)},
        {"k" * 100_000: 1},
    ],
    ids=["unknown satellites", "satellites that are numbers", "unknown properties", "one long name"],
)
def test_a_flood_of_faults_is_answered_in_few_words(world: World, properties: Json) -> None:
    answer = world.owner.http.post(PLANS, json=plan_body(world, **properties))
    assert_refused(answer, 422)
    assert len(answer.content) < 50_000
