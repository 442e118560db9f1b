"""Hostile filters, all the way to the database: each is answered or refused, and the process lives."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from conformance.cql2_data import PLACES
from conformance.hostile.calls import Caller, send
from conformance.hostile.kinds import KINDS
from swath.api.links import API

pytestmark = pytest.mark.slow

OF_EACH_KIND, SEED = 1_000, 4


@pytest.fixture(scope="module")
def caller(layers: TestClient) -> Iterator[Caller]:
    opened = Caller(layers.app)
    yield opened
    opened.close()


def status(caller: Caller, text: str) -> int:
    return caller.get(f"{API}/collections/{PLACES}/items", urlencode({"filter": text}))


def test_there_are_ten_thousand() -> None:
    assert OF_EACH_KIND * len(KINDS) == 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_filters_are_answered_or_refused(caller: Caller, kind: str) -> None:
    answers = list(send(caller, kind, OF_EACH_KIND, SEED))
    odd = [(answer.status, answer.written[:200]) for answer in answers if answer.status not in (200, 400)]
    assert odd == []
    # Some of each kind get as far as the database.
    assert any(answer.status == 200 for answer in answers)
    assert all(answer.status == 200 for answer in answers) == (kind == "sound")


@pytest.mark.parametrize(
    "form",
    [
        lambda n: "NOT (pop_min>1 AND " * n + "pop_max>2" + ")" * n,
        lambda n: "(pop_min>1 AND (pop_max>2 OR " * n + "boolean" + "))" * n,
        lambda n: "(1^" * n + "pop_max" + ")" * n + ">2",
        lambda n: "casei(" * n + "name" + ")" * n + " LIKE 'x'",
        lambda n: "(true IN (false," * n + "boolean" + "))" * n,
        lambda n: "pop_min IN (1,2," + "(1^" * n + "pop_max" + ")" * n + ")",
        lambda n: "pop_min NOT BETWEEN 1 AND " + "(1^" * n + "pop_max" + ")" * n,
        lambda n: " AND ".join(["pop_min > 1"] * n * 12),
        lambda n: f"pop_min IN ({','.join('1' * n * 30)})",
    ],
)
def test_the_deepest_that_is_taken_is_answered(caller: Caller, form: Callable[[int], str]) -> None:
    """Between a filter that is answered and one that is refused there is none that breaks the database's parser."""
    depths = (1, 2, 4, 6, 8, 12, 15, 16, 17, 18, 20, 24, 32, 40, 48, 64)
    found = [status(caller, form(depth)) for depth in depths]
    assert found[3] == 200
    assert found[-1] == 400
    assert found == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "name = 'x'' OR 1=1 --'",
        "name LIKE '%''); DROP TABLE ne_110m_populated_places_simple; --'",
        '"name"" OR 1=1 --" = \'x\'',
        "name = 'x' UNION SELECT * FROM sqlite_master",
        "randomblob(1000000000) = 'x'",
        "load_extension('x') = 'x'",
        "pg_sleep(10) = 1",
        "sqlite_master = 'x'",
        "seq > 0",
    ],
)
def test_injection_finds_nothing(layers: TestClient, text: str) -> None:
    def matched(text: str) -> int:
        answer = layers.get(f"{API}/collections/{PLACES}/items", params={"filter": text})
        return answer.json().get("numberMatched", 0)

    assert matched(text) == 0
    assert matched("true") == 243
