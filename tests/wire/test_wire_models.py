"""Drafts are strict about what is sent, documents lenient about what a newer service adds."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from swath.wire import Candidate, FeaturePage, NewPlan, NewRequest, Plan

PLAN: dict[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Polygon", "coordinates": []},
    "properties": {
        "name": "Fukui",
        "valid_start": "2026-08-22T00:00:00Z",
        "valid_end": "2026-09-01T00:00:00Z",
    },
}


def faults(error: ValidationError) -> set[str]:
    return {"/".join(map(str, fault["loc"])) for fault in error.errors()}


def refused(**properties: Any) -> set[str]:
    with pytest.raises(ValidationError) as caught:
        NewPlan.model_validate_json(json.dumps(PLAN | {"properties": PLAN["properties"] | properties}))
    return faults(caught.value)


def test_a_plan_without_limits_leaves_them_to_the_service() -> None:
    sent = NewPlan.model_validate(PLAN).properties
    assert sent.off_nadir_range is None
    assert sent.satellites is None


def test_numbers_are_not_taken_from_text_nor_names_from_numbers() -> None:
    assert refused(off_nadir_range=["0", 10]) == {"properties/off_nadir_range/0"}
    assert refused(off_nadir_range=[True, 10]) == {"properties/off_nadir_range/0"}
    assert refused(name=7) == {"properties/name"}
    assert refused(satellites=[1]) == {"properties/satellites/0"}


def test_times_are_text_with_a_zone() -> None:
    assert refused(valid_start=1_700_000_000) == {"properties/valid_start"}
    assert refused(valid_start="2026-08-22T00:00:00") == {"properties/valid_start"}


def test_a_misspelt_property_is_refused_but_foreign_members_are_not() -> None:
    assert refused(off_nadir=[0, 10]) == {"properties/off_nadir"}
    NewPlan.model_validate(PLAN | {"id": "mine", "bbox": [0, 0, 1, 1]})


def test_names_have_no_control_characters() -> None:
    assert refused(name="a\nb") == {"properties/name"}
    assert refused(name="a\x00b") == {"properties/name"}


def test_a_request_is_sent_with_an_empty_polygon() -> None:
    body = NewRequest.model_validate({"properties": {"name": "x", "candidate_id": "c"}})
    assert body.model_dump(mode="json", exclude_none=True) == {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": []},
        "properties": {"name": "x", "candidate_id": "c", "priority": "NORMAL"},
    }


def test_a_newer_service_may_add_members() -> None:
    document = {
        "type": "Feature",
        "id": "p",
        "geometry": None,
        "properties": {
            **PLAN["properties"],
            "created": "2026-08-22T00:00:00Z",
            "off_nadir_range": [0, 10],
            "satellites": ["GRUS-1A"],
            "status": "SOMETHING_NEW",
            "mood": "sunny",
        },
        "links": [{"href": "http://x/candidates", "rel": "candidates"}],
    }
    plan = Plan.model_validate(document)
    assert plan.properties.status == "SOMETHING_NEW"
    assert plan.href("candidates") == "http://x/candidates"
    assert plan.href("next") is None


def test_a_candidate_as_the_public_description_shows_it_can_be_read() -> None:
    feature = {
        "type": "Feature",
        "id": "T3Bwb3J0dW5pdHlDYW5kaWRhdGU6OEFLckVYYTl6Z1lSekoyUA==",
        "geometry": {"type": "Polygon", "coordinates": []},
        "properties": {
            "task_plan_id": "VGFza1BsYW46MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw",
            "view:off_nadir": 7.56,
            "view:sun_elevation": 42,
            "view:sun_azimuth": 165.4,
            "plan_coverage": 75,
            "start_datetime": "2025-07-01T00:10:59Z",
            "end_datetime": "2025-07-01T00:11:59Z",
            "platform": "GRUS-1A",
            "constellation": "GRUS1",
            "valid_until": "2025-07-01T00:11:59Z",
        },
        "links": [],
    }
    page = FeaturePage[Candidate].model_validate(
        {"type": "FeatureCollection", "features": [feature], "numberMatched": 135}
    )
    assert page.number_matched == 135
    assert page.features[0].properties.off_nadir == 7.56
