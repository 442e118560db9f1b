"""The picture: its view finds all areas, over the antimeridian too, and its average is that of the areas."""

import io
import struct

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, box
from study_world import AREAS, DATE_LINE, FUKUI, SVALBARD, build, results

from swath.studies import picture, run_study
from swath.studies.model import Study, StudyArea
from swath.studies.tables import AreaSummary, summarize


def sum_up(study: Study) -> list[AreaSummary]:
    found = results() if study == build() else run_study(study)
    return [summarize(study, result, one.area) for one, result in zip(study.areas, found, strict=True)]


def draw(study: Study, land: picture.FindLand | None = None) -> bytes:
    stream = io.BytesIO()
    picture.draw_study(study, sum_up(study), stream, land)
    return stream.getvalue()


def test_a_view_crosses_the_antimeridian_where_that_is_shorter() -> None:
    view = picture.find_view([box(-176, -21, -175, -20), DATE_LINE.area, box(170, -15, 171, -14)])
    assert 167.0 < view.west < 170.0
    assert 185.0 < view.east < 188.0
    assert MultiPolygon(view.move_in(DATE_LINE.area)).bounds == pytest.approx((179.6, -17.2, 180.5, -16.3))
    assert len(view.move_in(DATE_LINE.area)) == 1


def test_a_view_of_areas_all_around_is_the_whole_globe() -> None:
    boxes = [box(lon, -60, lon + 1, 85) for lon in range(-180, 180, 40)]
    view = picture.find_view(boxes)
    assert (view.west, view.east, view.south, view.north) == (-180.0, 180.0, pytest.approx(-90, abs=40), 90.0)


def test_a_view_of_a_point_is_wide_enough_to_see_where_it_is() -> None:
    view = picture.find_view([SVALBARD.area])
    assert view.east - view.west > 1.0
    assert view.aspect == pytest.approx(1 / np.cos(np.radians(78.23)), rel=0.05)


def test_the_average_weighs_areas_by_their_size() -> None:
    study = build()
    summaries = sum_up(study)
    t_s = np.linspace(study.start_s, study.end_s, 7)
    weights = np.array([summary.row.area_km2 for summary in summaries])
    for moment, percent in zip(t_s, picture.average_curves(summaries, t_s), strict=True):
        covered = [
            max([0.0, *summary.coverage.percent[summary.coverage.t_s <= moment].tolist()])
            for summary in summaries
        ]
        assert percent == pytest.approx((weights * covered).sum() / weights.sum())


@pytest.mark.slow
def test_land_is_asked_for_within_180_degrees_and_drawn() -> None:
    asked = list[tuple[float, float, float, float]]()

    def find_land(*edges: float) -> shapely.Geometry:
        west, south, east, north = edges
        asked.append((west, south, east, north))
        return box(west, south, east, north)

    study = build(DATE_LINE)
    assert draw(study, find_land) != draw(study)
    assert len(asked) == 2
    assert all(-180.0 <= west < east <= 180.0 for west, _, east, _ in asked)


@pytest.mark.slow
def test_few_and_many_areas_make_a_picture_of_the_same_size() -> None:
    many = tuple(StudyArea(f"{i}", one.area) for i, one in enumerate(AREAS * 4))
    for study in (build(), build(*many, days=1), build(FUKUI, days=0.01)):
        written = draw(study)
        assert written.startswith(b"\x89PNG")
        assert struct.unpack(">II", written[16:24]) == (1950, 840)
        assert draw(study) == written


@pytest.mark.slow
def test_names_in_any_script_and_with_any_sign_are_drawn() -> None:
    names = ("関東", "$x_{", "_hidden", "a < b & c")
    study = build(*(StudyArea(name, FUKUI.area) for name in names), days=0.5)
    assert draw(study).startswith(b"\x89PNG")
