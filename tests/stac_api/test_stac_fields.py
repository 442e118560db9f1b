"""The fields extension, case by case as its text orders them."""

from typing import Any

import pytest

from swath.errors import BadParameter
from swath.stac_api.fields import parse_fields, pick_fields, read_fields

ITEM: dict[str, Any] = {
    "type": "Feature",
    "stac_version": "1.1.0",
    "stac_extensions": [],
    "id": "i",
    "collection": "c",
    "geometry": {"type": "Point", "coordinates": [0, 0]},
    "bbox": [0, 0, 0, 0],
    "properties": {"datetime": "d", "gsd": 2.5, "eo:cloud_cover": 3},
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


def test_excludes_alone_take_away_from_everything():
    picked = pick_fields(ITEM, parse_fields("-geometry,-properties.gsd"))
    assert picked.keys() == ITEM.keys() - {"geometry"}
    assert picked["properties"] == {"datetime": "d", "eo:cloud_cover": 3}


def test_excludes_with_an_empty_include_take_away_from_the_default():
    picked = pick_fields(ITEM, read_fields({"include": [], "exclude": ["geometry"]}))
    assert picked.keys() == {
        "type",
        "stac_version",
        "id",
        "collection",
        "bbox",
        "properties",
        "links",
        "assets",
    }


def test_the_longer_path_wins():
    inner_out = pick_fields(ITEM, parse_fields("properties,-properties.datetime"))
    assert inner_out == {"properties": {"gsd": 2.5, "eo:cloud_cover": 3}}
    inner_in = pick_fields(ITEM, parse_fields("-properties,properties.datetime"))
    assert inner_in == {"properties": {"datetime": "d"}}


def test_an_include_wins_over_the_same_exclude():
    assert pick_fields(ITEM, parse_fields("geometry,-geometry")) == {"geometry": ITEM["geometry"]}


def test_fields_that_are_not_there_are_no_error():
    assert pick_fields(ITEM, parse_fields("properties.nothing,nothing.at.all")) == {"properties": {}}


@pytest.mark.parametrize("asked", [5, "id", {"include": "id"}, {"exclude": [1]}])
def test_fields_in_bodies_must_be_lists(asked: Any):
    with pytest.raises(BadParameter):
        read_fields(asked)
