"""Conditions that are right, in both languages, and JSON that only looks like one."""

from collections.abc import Callable

from conformance.hostile.words import SPATIAL, Dice, Raw


def draw_condition(dice: Dice, depth: int) -> Raw:
    if depth > 0:
        inner = [draw_condition(dice, depth - 1) for _ in range(dice.randint(2, 3))]
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


def write(raw: Raw) -> str:
    """CQL2 JSON of the conditions above as text."""
    match raw:
        case {"op": "and" | "or" as op, "args": args}:
            return "(" + f" {op} ".join(map(write, args)) + ")"
        case {"op": "not", "args": [inner]}:
            return f"NOT ({write(inner)})"
        case {"op": "isNull", "args": [inner]}:
            return f"{write(inner)} IS NULL"
        case {"op": "in", "args": [value, options]}:
            return f"{write(value)} IN ({', '.join(map(write, options))})"
        case {"op": "=" | "<" | ">" | "like" | "+" | "-" | "*" | "/" as op, "args": [left, right]}:
            return f"{write(left)} {op} {write(right)}"
        case {"op": op, "args": args}:
            return f"{op}({', '.join(map(write, args))})"
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


def draw_anything(dice: Dice, depth: int) -> Raw:
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
    inner = [draw_anything(dice, depth - 1) for _ in range(dice.randrange(4))]
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
