"""The examples that schemathesis is given keep to the schemas, are taken by the service, and replace nothing else."""

import runpy
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

from conformance.place import find_script
from swath.api.openapi_patterns import BOX, FILTER, INTERVAL
from swath.api.parameters import check_bbox, parse_bbox, parse_datetime
from swath.cql2 import Queryable, parse_filter
from swath.stac_api.shapes import parse_shape
from swath.wire.shapes import COORDINATES, describe_shape

QUERYABLES = (Queryable("id", "string"), Queryable("geometry", "geometry", geometry="any"))


@pytest.fixture(scope="module")
def meant() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "schemathesis", SimpleNamespace(hook=lambda function: function))
        return SimpleNamespace(**runpy.run_path(str(find_script("meant.py"))))


def case(*, meant_right: bool = True, **parts: Any) -> Any:
    mode = SimpleNamespace(is_positive=meant_right)
    meta = SimpleNamespace(generation=SimpleNamespace(mode=mode))
    return SimpleNamespace(**{"meta": meta, "headers": None, **parts})


def test_times_are_intervals(meant: Any) -> None:
    for text in meant.EXAMPLES["datetime"]:
        assert OAS30Validator(INTERVAL).is_valid(text)
        parse_datetime(text)


def test_boxes_are_boxes_in_addresses_too(meant: Any) -> None:
    for box in meant.EXAMPLES["bbox"]:
        assert OAS30Validator(BOX).is_valid(box)
        assert parse_bbox(meant.write(box)) == check_bbox(box)


def test_shapes_are_shapes_in_addresses_too(meant: Any) -> None:
    for shape in meant.SHAPES:
        if shape["type"] in COORDINATES:
            assert OAS30Validator(describe_shape(shape["type"])).is_valid(shape)
        assert parse_shape(meant.write(shape)).geom_type == shape["type"]


def test_filters_are_filters_of_every_collection(meant: Any) -> None:
    for language, filters in meant.FILTERS.items():
        for one in filters:
            assert OAS30Validator(FILTER).is_valid(meant.write(one))
            parse_filter(meant.write(one), language, QUERYABLES)


def test_a_call_that_is_meant_to_be_taken_gets_examples_in_its_own_language(meant: Any) -> None:
    made = meant.map_case(
        None, case(query={"filter": "0", "filter-lang": "cql2-json", "limit": "1"}, body=None)
    )
    assert made.query["filter"] in map(meant.write, meant.FILTERS["cql2-json"])
    assert made.query["limit"] == "1"


def test_a_body_gets_them_as_values_and_keeps_its_nulls(meant: Any) -> None:
    made = meant.map_case(None, case(query=None, body={"filter": "0", "bbox": [0] * 4, "datetime": None}))
    assert made.body["filter"] in meant.FILTERS["cql2-json"]
    assert made.body["bbox"] in meant.EXAMPLES["bbox"]
    assert made.body["datetime"] is None


def test_a_box_and_a_shape_are_not_sent_together(meant: Any) -> None:
    made = meant.map_case(None, case(query={"bbox": "0", "intersects": "{}"}, body=None))
    assert set(made.query) == {"bbox"}


def test_an_etag_in_a_call_that_is_meant_to_be_taken_is_any(meant: Any) -> None:
    made = meant.map_case(None, case(headers={"If-Match": "0", "Accept": "a/b"}, query=None, body=None))
    assert made.headers == {"If-Match": "*", "Accept": "a/b"}


def test_a_call_that_is_meant_to_be_refused_stays_as_it_is(meant: Any) -> None:
    query = {"bbox": "0", "intersects": "{}", "filter": "("}
    assert meant.map_case(None, case(meant_right=False, query={**query}, body=None)).query == query
