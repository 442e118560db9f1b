"""The predicates of the CQL2 standard with their counts, and its example expressions, on its own layers.

Three of the published counts are wrong; `data/cql2/errata.json` has the right ones and says where that is told.
"""

import os
import sys
from collections.abc import Iterator
from functools import partial

from conformance.cql2_data import COUNTRIES, DATA
from conformance.place import ROOT, Place, postgres
from conformance.suite import Suite

LANGUAGES = ("text", "json")


def _predicates(database: str, language: str, place: Place) -> list[str]:
    return place.script(
        "cql2_ats.py", place.target.layers[database], place.file("predicates.json"), "--lang", language
    )


def _examples(language: str, place: Place) -> list[str]:
    """Most name properties that the layer has not: 200 or 400 is right, anything else is not."""
    expressions = ("--grammar", str(DATA / language), "--collection", COUNTRIES)
    return [*_predicates("SQLite", language, place), *expressions]


def _list_suites() -> Iterator[Suite]:
    for language in LANGUAGES:
        yield Suite(f"CQL2 {language} on SQLite", "cql2", partial(_predicates, "SQLite", language))
        yield Suite(
            f"CQL2 {language} on PostgreSQL",
            "cql2",
            partial(_predicates, "PostgreSQL", language),
            needs=(postgres,),
        )
        yield Suite(f"CQL2 examples {language}", "cql2", partial(_examples, language))


def _hostile(_: Place) -> list[str]:
    """In our own environment and not the tools', without a server: addresses are longer than servers take."""
    return [sys.executable, "-m", "conformance.hostile"]


SUITES = (
    *_list_suites(),
    Suite(
        "10,000 hostile filters",
        "cql2",
        _hostile,
        environment={"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src")))},
    ),
)
