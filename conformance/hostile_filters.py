"""Filters that no one should send, and some that anyone might: each must be answered 200 or 400, soon.

    python -m conformance.hostile_filters [--count N] [--seed N] [--database-url URL]

Sends N filters of each kind to the test layers and prints, by kind, how they were answered and how long the slowest
took: by the clock, and in time of the processor. With the same seed the filters are the same.
"""

import argparse
import asyncio
import gc
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import shapely
from starlette.types import ASGIApp, Message

from conformance.cql2_data import COUNTRIES, LAYERS, PLACES, RIVERS, load_examples, load_predicates
from conformance.layers import build_app, fill, open_engine
from swath.api.links import API

Dice = random.Random
Raw = Any  # the values of JSON
Written = tuple[str, str]  # language and filter

TEXT, JSON = "cql2-text", "cql2-json"
PREDICATES = [row["filter"] for row in load_predicates()["predicates"]]
PIECES = [
    *PREDICATES,
    *load_examples(TEXT).values(),
    *"()[]{},.;:'\"+-*/%^=<>\\#$&|~`?\t\n\0é\u0301\u202e\ufeff\uffffİﬁ😀",
    *(" NOT ", " AND ", " OR ", " IN ", " LIKE ", " BETWEEN ", " IS NULL", " div ", " CASEI(", " ACCENTI("),
    *("name", "NAME", "pop_other", "start", "geom", "boolean", '"date"', "1", "0", "1e308", "'%_\\'", "true"),
    *(
        "BBOX(",
        "POINT(",
        "POLYGON((",
        "INTERVAL(",
        "TIMESTAMP(",
        "DATE(",
        "A_EQUALS(",
        "S_WITHIN(",
        "T_MEETS(",
    ),
    *("<>", ">=", "--", "/*", "..", "ß" * 50),
]
SPATIAL = ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains")
TEMPORAL = ("after", "before", "contains", "disjoint", "during", "equals", "finishes", "intersects", "meets")
NUMBERS = (
    "0",
    "-1",
    "1e308",
    "-1e308",
    "1e999",
    "1e-400",
    "9" * 400,
    "0.1",
    "1e",
    "0x10",
    "NaN",
    "Infinity",
    "-0",
)
TIMES = (
    *("2022-04-16", "2022-04-16T10:13:19Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"),
    *("0000-00-00", "2022-02-30", "2022-13-01T00:00:00Z", "2022-04-16T25:00:00Z", "2022-04-16T10:13:60Z"),
    *(
        "10000-01-01",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2022-04-16T10:13:19",
        "..",
        "",
    ),
    *(
        "yesterday",
        "٢٠٢٢-٠٤-١٦",
        "2022-W15-6",
        "-2022-04-16",
        "2022-04-16T10:13:19.1234567890123Z",
        "' OR 1=1",
    ),
)


def shuffled(dice: Dice) -> Written:
    """Pieces of filters in any order."""
    return TEXT, "".join(dice.choices(PIECES, k=dice.randint(1, 9)))


def misspelt(dice: Dice) -> Written:
    """A condition of the standard with a letter changed, taken out or put in."""
    text = dice.choice(PREDICATES)
    at, more = dice.randrange(len(text)), dice.randrange(2)
    return TEXT, text[:at] + dice.choice("()'\"=<,.0-\\ \0é:%_") * dice.randrange(3) + text[at + more :]


def sound(dice: Dice) -> Written:
    """A condition that is right, in either language."""
    condition = _condition(dice, dice.randint(0, 4))
    return (JSON, json.dumps(condition)) if dice.random() < 0.5 else (TEXT, _write(condition))


def nested(dice: Dice) -> Written:
    """One thing inside itself, a few times or very often."""
    depth = dice.choice((3, 7, 15, 17, 31, 63, 65, 200, 2_000, 8_000))
    before, inside, after = dice.choice(NESTS)
    if dice.random() < 0.3:
        after = ""
    return TEXT, (before * depth + inside + after * depth)[:120_000]


def nested_json(dice: Dice) -> Written:
    """The same in JSON."""
    depth = dice.choice((3, 7, 15, 17, 31, 63, 65, 140, 2_000, 9_000))
    before, inside, after = dice.choice(JSON_NESTS)
    return JSON, (before * depth + inside + after * depth)[:120_000]


def shapeless(dice: Dice) -> Written:
    """JSON of any shape, with the words of CQL2 in it."""
    return JSON, json.dumps(_anything(dice, 4))


def numerous(dice: Dice) -> Written:
    """Numbers at the edge of what a computer holds, and beyond it."""
    left, right, last = (dice.choice((*NUMBERS, "pop_max", "pop_other")) for _ in range(3))
    op, compare = dice.choice(("+", "-", "*", "/", "%", "div", "^")), dice.choice(("=", "<", ">=", "<>"))
    return TEXT, f"{left} {op} {right} {compare} {last}"


def timely(dice: Dice) -> Written:
    """Dates that are, and dates that cannot be."""
    one, other = dice.choice(TIMES), dice.choice(TIMES)
    form = dice.choice(
        (
            "T_{op}(start, TIMESTAMP('{one}'))",
            "T_{op}(INTERVAL(start, end), INTERVAL('{one}','{other}'))",
            "start > TIMESTAMP('{one}') OR \"date\" = DATE('{other}')",
            "T_{op}(\"date\", INTERVAL('{one}', end))",
            "start IN ('{one}', '{other}')",
        )
    )
    return TEXT, form.format(op=dice.choice(TEMPORAL), one=one, other=other)


def geometric(dice: Dice) -> Written:
    """Areas of any kind: crossed, empty, raised, far too large, over the antimeridian, with thousands of corners."""
    op = dice.choice(SPATIAL)
    if dice.random() < 0.5:
        return TEXT, f"S_{op}(geom, {dice.choice(SHAPES)(dice)})"
    return JSON, json.dumps({"op": f"s_{op}", "args": [{"property": "geom"}, _geometry(dice)]})


def long(dice: Dice) -> Written:
    """Long texts, lists, patterns and chains."""
    return TEXT, dice.choice(LENGTHS)(dice, dice.choice((10, 100, 390, 1_000, 5_000, 30_000)))[:120_000]


KINDS: Mapping[str, Callable[[Dice], Written]] = {
    kind.__name__: kind
    for kind in (
        *(shuffled, misspelt, sound, nested, nested_json),
        *(shapeless, numerous, timely, geometric, long),
    )
}

NESTS = (
    ("(", "true", ")"),
    ("NOT ", "boolean", ""),
    ("NOT (pop_min>1 AND ", "pop_max>2", ")"),
    ("(pop_min>1 AND (pop_max>2 OR ", "boolean", "))"),
    ("(1^", "pop_max", ")"),
    ("- ", "pop_max=1", ""),
    ("casei(", "name", ")"),
    ("(true IN (false,", "boolean", "))"),
    ("S_INTERSECTS(geom, GEOMETRYCOLLECTION(", "POINT(1 1)", "))"),
    ("A_EQUALS((", "1", "),(1))"),
    ("INTERVAL(", "'..','..'", ")"),
    ("f(", "", ")"),
    ("((a=1) AND ", "", ")"),
)
JSON_NESTS = (
    ('{"op":"not","args":[', "true", "]}"),
    ('{"op":"and","args":[true,', '{"property":"boolean"}', "]}"),
    ('{"op":"=","args":[1,', "1", "]}"),
    ("[", "", "]"),
    ('{"a":', "1", "}"),
    ('{"type":"GeometryCollection","geometries":[', "", "]}"),
    ('{"op":"s_within","args":[{"property":"geom"},{"type":"Polygon","coordinates":[', "", "]}]}"),
    ('{"date":', '"2022-04-16"', "}"),
)
LENGTHS: tuple[Callable[[Dice, int], str], ...] = (
    lambda _, n: " AND ".join(["pop_min > 1"] * n),
    lambda _, n: " OR ".join(["S_TOUCHES(geom, geom)"] * n),
    lambda _, n: " OR ".join([f"S_EQUALS(geom, {_circle(0, 0, 50, 24)})"] * n),
    lambda _, n: " OR ".join(["casei(accenti(name)) = casei(accenti('ÅNGSTRÖM'))"] * n),
    lambda _, n: f"pop_min IN ({','.join(map(str, range(n)))})",
    lambda _, n: f"name LIKE '{'%a' * n}'",
    lambda _, n: f"name LIKE '{'%_' * n}%'",
    lambda _, n: f"casei('{'a' * n}') LIKE '{'%a' * 499}b'",
    lambda dice, n: (
        "name = '" + "".join(chr(dice.randrange(32, 0x3000)) for _ in range(n)).replace("'", "''") + "'"
    ),
    lambda _, n: f"accenti('{'e' + chr(0x301) * n}') = name",
    lambda _, n: f"A_EQUALS(({','.join(['1'] * n)}), (1))",
    lambda _, n: "pop_max" + " + 1" * n + " > 0",
    lambda _, n: "1" * n + " = pop_max",
    lambda _, n: f"S_INTERSECTS(geom, {_circle(10, 10, 60, n)})",
    lambda _, n: f"S_CROSSES(geom, {_comb(n)})",
    lambda _, n: (
        f"S_WITHIN(geom, {_comb(n)}) OR S_TOUCHES({_comb(n // 2)}, geom) OR S_OVERLAPS(geom, {_comb(n // 2)})"
    ),
)
SHAPES: tuple[Callable[[Dice], str], ...] = (
    lambda dice: f"POINT({_lon(dice)} {_lat(dice)})",
    lambda dice: f"POINT Z ({_lon(dice)} {_lat(dice)} 1e300)",
    lambda dice: f"BBOX({_lon(dice)},{_lat(dice)},{_lon(dice)},{_lat(dice)})",
    lambda dice: f"BBOX({_lon(dice)},-90,0,{_lon(dice)},90,{dice.choice(NUMBERS)})",
    lambda dice: f"LINESTRING({_lon(dice)} {_lat(dice)}, {_lon(dice)} {_lat(dice)})",
    lambda _: "LINESTRING(170 0, -170 0)",
    lambda _: "LINESTRING(1 1, 1 1)",
    lambda _: "POLYGON((0 0,10 10,0 10,10 0,0 0))",
    lambda _: "POLYGON((0 0,1 1,2 2,0 0))",
    lambda _: "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))",
    lambda _: "POLYGON((170 -10,-170 -10,-170 10,170 10,170 -10))",
    lambda _: "POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,30 20,30 30,20 20))",
    lambda _: "MULTIPOLYGON(((0 0,9 0,9 9,0 0)),((1 1,8 1,8 8,1 1)))",
    lambda _: "GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,5 5),POLYGON((0 0,9 0,9 9,0 0)))",
    lambda dice: (
        f"MULTIPOINT({','.join(f'{_lon(dice)} {_lat(dice)}' for _ in range(dice.choice((1, 40, 900))))})"
    ),
    lambda dice: _circle(float(_lon(dice)) / 2, float(_lat(dice)) / 2, 40, dice.choice((4, 64, 900, 4_000))),
    lambda dice: _comb(dice.choice((3, 50, 900, 4_000))),
)


def _lon(dice: Dice) -> str:
    return dice.choice(("0", "-180", "180", "179.999999999", "181", f"{dice.uniform(-180, 180):.9f}"))


def _lat(dice: Dice) -> str:
    return dice.choice(("0", "-90", "90", "90.0000001", "1e-300", f"{dice.uniform(-90, 90):.9f}"))


def _circle(lon: float, lat: float, radius: float, corners: int) -> str:
    return shapely.Point(lon, lat).buffer(radius, quad_segs=max(1, corners // 4)).wkt


def _comb(teeth: int) -> str:
    """A polygon with long narrow teeth, which meets every country many times."""
    step = 340 / max(1, teeth)
    corners = [(-170 + step * i / 2, 80 if i % 2 else -70) for i in range(2 * teeth + 1)]
    return (
        "POLYGON(("
        + ",".join(f"{x:.4f} {y}" for x, y in [*corners, (170, -80), (-170, -80), corners[0]])
        + "))"
    )


def _geometry(dice: Dice) -> Raw:
    kind = dice.choice(
        ("Point", "LineString", "Polygon", "MultiPoint", "MultiPolygon", "GeometryCollection", "Feature")
    )
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_geometry(dice) for _ in range(dice.randrange(3))]}
    depth = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2}.get(kind, 3)
    return {"type": kind, "coordinates": _positions(dice, depth + (dice.random() < 0.1))}


def _positions(dice: Dice, depth: int) -> Raw:
    if depth == 0:
        odd = (None, "1", True, [], {}, 1e308, float("nan"))
        return [
            dice.choice(odd) if dice.random() < 0.03 else dice.uniform(-185, 185) / (1 + i) for i in range(2)
        ]
    inside = [_positions(dice, depth - 1) for _ in range(dice.choice((0, 1, 2, 4, 4, 4)))]
    return [*inside, inside[0]] if depth == 1 and inside and dice.random() < 0.8 else inside


def _anything(dice: Dice, depth: int) -> Raw:
    if depth == 0 or dice.random() < 0.2:
        return dice.choice(
            (
                None,
                True,
                0,
                -1.5,
                1e308,
                float("inf"),
                10**400,
                "",
                "..",
                "x",
                "\0",
                "\ud800",
                "2022-04-16",
                "name",
            )
        )
    inner = [_anything(dice, depth - 1) for _ in range(dice.randrange(4))]
    return dice.choice(
        (
            inner,
            {"op": dice.choice((*_OPS, "drop", "", "AND")), "args": inner},
            {"op": dice.choice(_OPS), "args": inner[0] if inner else None},
            {"property": dice.choice(("name", "geom", "pop_max", "start", "nothing", ""))},
            {dice.choice(("date", "timestamp", "bbox", "interval", "property", "type")): inner},
            {"type": "Polygon", "coordinates": inner},
        )
    )


_OPS = (
    *(
        "and",
        "or",
        "not",
        "=",
        "<",
        "in",
        "like",
        "between",
        "isNull",
        "casei",
        "accenti",
        "+",
        "/",
        "^",
        "div",
    ),
    *("s_intersects", "s_within", "t_during", "t_after", "a_contains", "a_equals"),
)


def _condition(dice: Dice, depth: int) -> Raw:
    if depth > 0:
        inner = [_condition(dice, depth - 1) for _ in range(dice.randint(2, 3))]
        return dice.choice(
            ({"op": "and", "args": inner}, {"op": "or", "args": inner}, {"op": "not", "args": inner[:1]})
        )
    return dice.choice(_LEAVES)(dice)


_LEAVES: tuple[Callable[[Dice], Raw], ...] = (
    lambda dice: {
        "op": dice.choice("=<>"),
        "args": [{"property": "name"}, dice.choice(("Kiev", "it's", "Ö%_"))],
    },
    lambda dice: {
        "op": "like",
        "args": [{"op": "casei", "args": [{"property": "name"}]}, dice.choice(("%a_", "\\%"))],
    },
    lambda dice: {"op": "isNull", "args": [{"property": "name"}]},
    lambda dice: {
        "op": "in",
        "args": [{"property": "name"}, ["Kiev", "Nile", "Chile"][: dice.randint(1, 3)]],
    },
    lambda dice: {"op": f"s_{dice.choice(SPATIAL)}", "args": [{"property": "geom"}, {"bbox": [*_box(dice)]}]},
    lambda dice: {
        "op": f"s_{dice.choice(SPATIAL)}",
        "args": [
            {"type": "Point", "coordinates": [dice.uniform(-180, 180), dice.uniform(-90, 90)]},
            {"property": "geom"},
        ],
    },
    lambda dice: {
        "op": "<",
        "args": [{"op": dice.choice("+-*/"), "args": [1, dice.randint(0, 9)]}, dice.randint(0, 9)],
    },
)


def _box(dice: Dice) -> tuple[float, float, float, float]:
    south, north = sorted(round(dice.uniform(-90, 90), 6) for _ in range(2))
    return round(dice.uniform(-180, 180), 6), south, round(dice.uniform(-180, 180), 6), north


def _write(raw: Raw) -> str:
    """CQL2 JSON of the conditions above as text."""
    match raw:
        case {"op": "and" | "or" as op, "args": args}:
            return "(" + f" {op} ".join(map(_write, args)) + ")"
        case {"op": "not", "args": [inner]}:
            return f"NOT ({_write(inner)})"
        case {"op": "isNull", "args": [inner]}:
            return f"{_write(inner)} IS NULL"
        case {"op": "in", "args": [value, options]}:
            return f"{_write(value)} IN ({', '.join(map(_write, options))})"
        case {"op": "=" | "<" | ">" | "like" | "+" | "-" | "*" | "/" as op, "args": [left, right]}:
            return f"{_write(left)} {op} {_write(right)}"
        case {"op": op, "args": args}:
            return f"{op}({', '.join(map(_write, args))})"
        case {"property": name}:
            return f'"{name}"'
        case {"bbox": numbers}:
            return f"BBOX({', '.join(map(str, numbers))})"
        case {"type": "Point", "coordinates": [lon, lat]}:
            return f"POINT({lon:.9f} {lat:.9f})"
        case str():
            return "'" + raw.replace("'", "''") + "'"
        case _:
            return str(raw)


def layer_of(dice: Dice, kind: str) -> str:
    """The layer that a filter of this kind is sent to: where most of its properties are."""
    if kind in ("geometric", "long"):
        return dice.choice((COUNTRIES, PLACES, PLACES))
    return dice.choice(LAYERS) if kind == "shuffled" else dice.choice((PLACES, PLACES, RIVERS))


class Caller:
    """Calls an application without a server and a client between, which would refuse long addresses themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._runner = app, asyncio.Runner()

    def get(self, path: str, query: str) -> int:
        """The status of the answer."""
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost")],
            "server": ("localhost", 80),
        }
        statuses: list[int] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def take(message: Message) -> None:
            statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

        self._runner.run(self._app(scope, receive, take))
        return statuses[0]

    def close(self) -> None:
        """End the loop in which the application ran."""
        self._runner.close()


@dataclass(frozen=True)
class Answer:
    """How a filter was answered, and in how many seconds."""

    status: int
    took_s: float
    cpu_s: float
    written: str


def send(caller: Caller, kind: str, count: int, seed: int) -> Iterator[Answer]:
    """So many filters of a kind, one after another."""
    dice = Dice(f"{kind} {seed}")
    for _ in range(count):
        lang, written = KINDS[kind](dice)
        asked = {"filter": written.encode("utf-8", "surrogatepass"), "filter-lang": lang, "limit": "5"}
        path, query = f"{API}/collections/{layer_of(dice, kind)}/items", urlencode(asked)
        began, cpu_began = time.perf_counter(), time.process_time()
        status = caller.get(path, query)
        yield Answer(status, time.perf_counter() - began, time.process_time() - cpu_began, written)


def main() -> None:
    """Send them, and say how it went."""
    options = argparse.ArgumentParser(description="Send hostile filters to the test layers.")
    options.add_argument("--count", type=int, default=1_000, help="of each kind")
    options.add_argument("--seed", type=int, default=4)
    options.add_argument("--database-url")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(asked.database_url or f"sqlite:///{folder}/layers.db")
        caller = Caller(build_app(engine, list(fill(engine).values())))
        good = 0
        # As a server does once it has started: what will never go is not looked at again.
        gc.collect()
        gc.freeze()
        for kind in KINDS:
            answers = list(send(caller, kind, asked.count, asked.seed))
            good += sum(answer.status in (200, 400) for answer in answers)
            statuses = dict(sorted(Counter(answer.status for answer in answers).items()))
            took, cpu = (max(getattr(answer, name) for answer in answers) for name in ("took_s", "cpu_s"))
            print(
                f"{kind:12} {statuses!s:24} slowest {took * 1e3:.0f} ms, {cpu * 1e3:.0f} ms of CPU",
                flush=True,
            )
        print(f"{good} passed, {asked.count * len(KINDS) - good} failed")
        caller.close()
        engine.dispose()


if __name__ == "__main__":
    main()
