"""Bodies that cannot be read, or are of another kind than the one that was asked for."""

import pytest
from tests.acceptance.bad_input_world import (
    CLOCK,
    FAULTS,
    MIB,
    PLANS,
    REQUESTS,
    SEARCH,
    World,
    assert_refused,
    send,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]

BAD_BODIES: dict[str, tuple[str | bytes, int, tuple[str, ...]]] = {
    "nothing": (b"", 400, ("not valid JSON",)),
    "half an object": (b'{"type": "Feature"', 400, ("not valid JSON",)),
    "broken UTF-8": (b'{"type": "\xff\xfe"}', 400, ("UTF-8",)),
    "UTF-16": ("{}".encode("utf-16"), 400, ("not valid JSON",)),
    "half a surrogate pair": (rb'{"type": "\ud800"}', 400, ("not valid JSON",)),
    "a member given twice": (b'{"type": "Feature", "type": "Feature"}', 400, ("given twice",)),
    "100,000 brackets": (b"[" * 100_000, 400, ()),
    "900 arrays in each other": (b"[" * 900 + b"]" * 900, 400, ("nested",)),
    "2 MiB": (b" " * (2 * MIB), 413, ("1048576 bytes",)),
    "null": (b"null", 422, ("must be an object",)),
    "an array": (b"[]", 422, ("must be an object",)),
    "an empty object": (b"{}", 422, ("properties is missing",)),
    "a collection": (b'{"type": "FeatureCollection", "features": []}', 422, ("Feature",)),
    "properties of another kind": (b'{"type": "Feature", "properties": []}', 422, ("must be an object",)),
}


@pytest.mark.parametrize("path", [PLANS, REQUESTS], ids=["plans", "requests"])
@pytest.mark.parametrize(("body", "status", "words"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_nothing_is_made_of_a_body_that_is(
    world: World, path: str, body: str | bytes, status: int, words: tuple[str, ...]
) -> None:
    assert_refused(send(world.owner, path, body), status, *words)


def test_2_mib_are_too_many_also_when_their_number_is_not_told(world: World) -> None:
    pieces = (b" " * 65_536 for _ in range(32))
    answer = world.owner.http.post(PLANS, content=pieces, headers={"content-type": "application/json"})
    assert_refused(answer, 413, "1048576 bytes")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "text/xml", ""])
@pytest.mark.parametrize("path", [PLANS, REQUESTS, SEARCH, CLOCK, FAULTS])
def test_bodies_are_json_and_say_so(world: World, path: str, media_type: str) -> None:
    answer = send(world.owner, path, b'{"rate": 7}', media_type)
    assert_refused(answer, 415, "application/json")
