"""The ten kinds of hostile filters; each draws one, always the same by the same dice."""

import json
from collections.abc import Callable, Mapping

from conformance.hostile.conditions import draw_anything, draw_condition, write
from conformance.hostile.shapes import SHAPES, circle, comb, draw_geometry
from conformance.hostile.words import (
    JSON,
    JSON_NESTS,
    NESTS,
    NUMBERS,
    PIECES,
    PREDICATES,
    SPATIAL,
    TEMPORAL,
    TEXT,
    TIMES,
    Dice,
    Written,
)

LENGTHS: tuple[Callable[[Dice, int], str], ...] = (
    lambda _, n: " AND ".join(["pop_min > 1"] * n),
    lambda _, n: " OR ".join(["S_TOUCHES(geom, geom)"] * n),
    lambda _, n: " OR ".join([f"S_EQUALS(geom, {circle(0, 0, 50, 24)})"] * n),
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
    lambda _, n: f"S_INTERSECTS(geom, {circle(10, 10, 60, n)})",
    lambda _, n: f"S_CROSSES(geom, {comb(n)})",
    lambda _, n: (
        f"S_WITHIN(geom, {comb(n)}) OR S_TOUCHES({comb(n // 2)}, geom) OR S_OVERLAPS(geom, {comb(n // 2)})"
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
    condition = draw_condition(dice, dice.randint(0, 4))
    return (JSON, json.dumps(condition)) if dice.random() < 0.5 else (TEXT, write(condition))


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
    return JSON, json.dumps(draw_anything(dice, 4))


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
    return JSON, json.dumps({"op": f"s_{op}", "args": [{"property": "geom"}, draw_geometry(dice)]})


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
