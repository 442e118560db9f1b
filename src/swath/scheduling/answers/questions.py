"""What an instant answer was asked, as JSON, so that it can be asked again.

Lines of the schedule are not told: they are those of the version before. Of the works that have them only those are
told that have other chances as well, since all that others can do is to stay.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from swath.errors import Malformed
from swath.fleet.model import Agility, Duty, Memory
from swath.scheduling.model import Chance, Placement, Rules, Work

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """Whether there is a place for `work` among placements of which these `works` can move, by these rules.

    `spent` are placements that no schedule has any more.
    """

    work: Work
    works: tuple[Work, ...]
    spent: tuple[Placement, ...]
    rules: Rules
    now_s: float


def describe_question(
    work: Work, placements: Iterable[Placement], spent: Iterable[Placement], rules: Rules, now_s: float
) -> dict[str, Any]:
    """The document of a question; `satellites` are those whose lines it is about. Placements hold the spent ones."""
    movable = [p.work for p in placements if p.work.chances != (p.chance,)]
    satellites = {chance.satellite for one in (work, *movable) for chance in one.chances}
    return {
        "now_s": now_s,
        "satellites": sorted(satellites),
        "work": _describe_work(work),
        "works": [_describe_work(one) for one in movable],
        "spent": [_describe_work(one.work) for one in spent],
        "rules": _describe_rules(rules, satellites),
    }


def read_question(document: Document) -> Question:
    """The question of a document. Raises Malformed."""
    try:
        works = tuple(_read_work(facts) for facts in document["works"])
        work, rules = _read_work(document["work"]), _read_rules(document["rules"])
        spent = tuple(_read_spent(facts) for facts in document["spent"])
        return Question(work, works, spent, rules, float(document["now_s"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed(f"This is no question to the scheduler: {type(error).__name__}: {error}.") from error


def _describe_work(work: Work) -> Document:
    chances = [
        [c.satellite, c.start_s, c.end_s, c.roll_deg, c.pitch_deg, c.uplink_by_s, c.revolution]
        for c in work.chances
    ]
    return {"id": work.id, "rank": work.rank, "owner": work.owner, "worth": work.worth, "chances": chances}


def _read_spent(facts: Document) -> Placement:
    work = _read_work(facts)
    return Placement(work, work.chances[0], frozen=True)


def _read_work(facts: Document) -> Work:
    chances = tuple(Chance(*figures) for figures in facts["chances"])
    return Work(facts["id"], facts["rank"], chances, facts["owner"], worth=facts["worth"])


def _describe_rules(rules: Rules, satellites: Collection[str]) -> Document:
    return {
        "agility": {name: asdict(one) for name, one in rules.agility.items() if name in satellites},
        "duty": {name: asdict(one) for name, one in rules.duty.items() if name in satellites},
        "memory": {name: asdict(one) for name, one in rules.memory.items() if name in satellites},
        "passes": {name: passes for name, passes in rules.passes.items() if name in satellites},
        "on_board_gb": {name: gb for name, gb in rules.on_board_gb.items() if name in satellites},
        "notice_s": list(map(list, rules.notice_s.items())),
    }


def _read_rules(facts: Document) -> Rules:
    return Rules(
        agility={name: Agility(**one) for name, one in facts["agility"].items()},
        duty={name: Duty(**one) for name, one in facts["duty"].items()},
        memory={name: Memory(**one) for name, one in facts["memory"].items()},
        passes={name: [(start, end) for start, end in passes] for name, passes in facts["passes"].items()},
        on_board_gb=facts["on_board_gb"],
        notice_s=dict(facts["notice_s"]),
    )
