"""The predicates of the CQL2 standard with their counts, and its example expressions, on its own layers.

Three of the published counts are wrong; `data/cql2/errata.json` has the right ones and says where that is told.
"""

from collections.abc import Iterator
from functools import partial

from conformance.cql2_data import COUNTRIES, DATA
from conformance.place import Place, postgres
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


SUITES = tuple(_list_suites())
