"""The fields extension, case by case as its text orders them."""

from typing import Any

import pytest

from swath.errors import BadParameter
from swath.stac_api.fields import Fields, parse_fields, pick_fields, read_fields

ITEM: dict[str, Any] = {
    "type": "Feature",
    "stac_version": "1.1.0",
    "stac_extensions": [],
    "id": "i",
    "collection": "c",
    "geometry": {"type": "Point", "coordinates": [0, 0]},
    "bbox": [0, 0, 0, 0],
    "properties": {
        "datetime": "d",
        "start_datetime": "d",
        "end_datetime": "e",
        "gsd": 2.5,
        "eo:cloud_cover": 3,
    },
    "links": [],
    "assets": {"tci": {"href": "t"}},
}


def test_an_empty_request_gives_what_an_item_needs():
    for fields in (parse_fields(""), read_fields({}), read_fields({"include": None, "exclude": []})):
        picked = pick_fields(ITEM, fields)
        assert picked["properties"] == {"datetime": "d"}
        assert {"type", "stac_version", "id", "geometry", "bbox", "links", "assets"} <= picked.keys()


def test_includes_alone_give_just_these():
    assert pick_fields(ITEM, parse_fields("id,+properties.gsd")) == {"id": "i", "properties": {"gsd": 2.5}}


def test_excludes_without_an_include_take_away_from_everything():
    picked = pick_fields(ITEM, read_fields({"exclude": ["geometry", "properties.gsd"]}))
    assert picked.keys() == ITEM.keys() - {"geometry"}
    assert picked["properties"] == {
        name: value for name, value in ITEM["properties"].items() if name != "gsd"
    }


@pytest.mark.parametrize(
    "fields",
    [
        parse_fields("-geometry"),
        read_fields({"include": [], "exclude": ["geometry"]}),
        read_fields({"include": None, "exclude": ["geometry"]}),
    ],
)
def test_excludes_with_an_empty_include_take_away_from_the_default(fields: Fields):
    default = pick_fields(ITEM, parse_fields(""))
    picked = pick_fields(ITEM, fields)
    assert picked.keys() == default.keys() - {"geometry"}
    assert picked["properties"] == {"start_datetime": "d", "end_datetime": "e"}


def test_excludes_that_cut_nothing_leave_a_valid_item():
    assert pick_fields(ITEM, parse_fields("-properties.gsd")) == pick_fields(ITEM, parse_fields(""))


def test_what_lies_inside_an_exclude_is_no_default():
    picked = pick_fields(ITEM, parse_fields("-properties,-assets"))
    assert picked.keys() == {"type", "stac_version", "id", "collection", "geometry", "bbox", "links"}


def test_an_exclude_inside_an_include_takes_just_that_away():
    picked = pick_fields(ITEM, parse_fields("properties,-properties.datetime"))
    assert picked["properties"].keys() == ITEM["properties"].keys() - {"datetime"}


@pytest.mark.parametrize(
    "fields",
    [
        parse_fields("-properties,properties.gsd"),
        read_fields({"include": ["properties.gsd"], "exclude": ["properties"]}),
    ],
)
def test_an_include_inside_an_exclude_is_all_that_is_left_of_it_in_an_item_that_says_which_it_is(
    fields: Fields,
):
    picked = pick_fields(ITEM, fields)
    assert picked == {
        "type": "Feature",
        "stac_version": "1.1.0",
        "id": "i",
        "collection": "c",
        "properties": {"gsd": 2.5},
    }


def test_even_what_says_which_item_it_is_can_be_excluded():
    picked = pick_fields(ITEM, parse_fields("-properties,-stac_version,-type,properties.gsd"))
    assert picked == {"id": "i", "collection": "c", "properties": {"gsd": 2.5}}


def test_an_include_wins_over_the_same_exclude():
    assert pick_fields(ITEM, parse_fields("geometry,-geometry")) == {"geometry": ITEM["geometry"]}


def test_fields_that_are_not_there_are_no_error():
    assert pick_fields(ITEM, parse_fields("properties.nothing,nothing.at.all")) == {"properties": {}}


@pytest.mark.parametrize("asked", [5, "id", {"include": "id"}, {"exclude": [1]}])
def test_fields_in_bodies_must_be_lists(asked: Any):
    with pytest.raises(BadParameter):
        read_fields(asked)
