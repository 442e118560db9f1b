"""The example expressions of the standard, over collections that have their properties: read alike, and answered."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, select

from conformance.cql2_data import load_examples
from conformance.layers import TYPES
from swath.cql2 import Filter, Queryable, parse_filter
from swath.cql2.tree import ValueType
from swath.errors import BadParameter
from swath.store.filters import compile_filter

TEXT, JSON = load_examples("cql2-text"), load_examples("cql2-json")
PROPERTIES: dict[ValueType, str] = {
    "string": "city cityName name road_class etat_vol owner material polarization beamMode swathDirection id"
    " landsat:scene_id eo:instrument geophys:SURVEY_NAME",
    "number": "balance depth category vehicle_height bridge_clearance floors taxes value foo bar x windSpeed"
    " landsat:wrs_path landsat:wrs_row eo:cloud_cover",
    "boolean": "swimming_pool",
    "timestamp": "updated event_time touchdown liftOff built starts_at ends_at updated_at",
    "geometry": "geometry road footprint location",
    "array": "layer:ids values",
}
TYPE_OF = {name: kind for kind, names in PROPERTIES.items() for name in names.split()}
# The examples come from many datasets: these take a property to be of another type than most do.
OTHERWISE: dict[str, dict[str, ValueType]] = {
    "clause6_02d": {"updated": "date"},
    "example03": {"landsat:wrs_path": "string"},
    "example40": {"value": "string"},
    "example40-alt01": {"value": "string"},
}
REFUSED = {
    **dict.fromkeys(("clause6_01", "clause6_02b"), "no operator or function 'avg'"),
    "clause7_18": "no operator or function 'Buffer'",
    "example68": "no operator or function 'Foo'",
    "example69": "no operator or function 'Bar'",
    **dict.fromkeys(("example46", "example46-alt01"), "not valid: Ring Self-intersection"),
    **dict.fromkeys(("example49", "example49-alt01"), "not valid: Hole lies outside shell"),
}


def read(name: str, lang: str) -> Filter:
    types = {**TYPE_OF, **OTHERWISE.get(name, {})}
    queryables = [Queryable(name, kind) for name, kind in types.items()]
    return parse_filter((TEXT if lang == "cql2-text" else JSON)[name], lang, queryables)


def test_all_examples_are_there() -> None:
    assert (len(TEXT), len(JSON)) == (120, 109)
    assert JSON.keys() <= TEXT.keys()


@pytest.mark.parametrize("name", JSON)
def test_text_and_json_are_one_filter(name: str) -> None:
    if name in REFUSED:
        for lang in ("cql2-text", "cql2-json"):
            with pytest.raises(BadParameter, match=REFUSED[name]):
                read(name, lang)
    else:
        assert read(name, "cql2-text") == read(name, "cql2-json")


def test_every_example_that_is_taken_is_answered(engine: Engine) -> None:
    with engine.connect() as connection:
        for name, table in tables():
            table.create(connection)
            condition = compile_filter(read(name, "cql2-text"), table.c)
            assert connection.execute(select(table).where(condition)).all() == [], name
            connection.rollback()


def tables() -> Iterator[tuple[str, Table]]:
    for name in TEXT.keys() - REFUSED:
        types = {**TYPE_OF, **OTHERWISE.get(name, {})}
        columns = (Column(each, TYPES[kind]) for each, kind in types.items())
        yield name, Table("examples", MetaData(), *columns)
