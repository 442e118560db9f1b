"""The shipped coastlines, held against places that everyone knows."""

import pytest
from shapely.geometry import Point, box

from swath.simulator.land import load_land


def is_land(lon: float, lat: float) -> bool:
    near = load_land().within(
        max(lon - 0.5, -180), max(lat - 0.5, -90), min(lon + 0.5, 180), min(lat + 0.5, 90)
    )
    return near.contains(Point(lon, lat))


@pytest.mark.parametrize(
    "lon, lat",
    [
        pytest.param(139.35, 35.7, id="Hachioji"),
        pytest.param(-60.0, -3.2, id="Manaus"),
        pytest.param(179.5, 66.5, id="Chukotka, west of the antimeridian"),
        pytest.param(-179.5, 66.5, id="Chukotka, east of the antimeridian"),
        pytest.param(178.0, -17.8, id="Viti Levu"),
        pytest.param(10.0, -89.9, id="the South Pole"),
        pytest.param(-120.0, -82.0, id="Antarctica"),
    ],
)
def test_land_is_land(lon: float, lat: float):
    assert is_land(lon, lat)


@pytest.mark.parametrize(
    "lon, lat",
    [
        pytest.param(139.85, 35.45, id="Tokyo Bay"),
        pytest.param(-150.0, 10.0, id="the Pacific"),
        pytest.param(180.0, -16.95 - 0.5, id="the Koro Sea at the antimeridian"),
        pytest.param(34.0, 43.0, id="the Black Sea"),
        pytest.param(0.0, 89.5, id="the North Pole"),
    ],
)
def test_sea_is_sea(lon: float, lat: float):
    assert not is_land(lon, lat)


def test_land_is_cut_to_the_box_that_is_asked_for():
    asked = (135.0, 34.0, 141.0, 38.0)
    found = load_land().within(*asked)
    assert not found.is_empty
    assert box(*asked).buffer(1e-9).contains(box(*found.bounds))


def test_an_empty_sea_gives_no_land():
    assert load_land().within(-150, 5, -149, 6).is_empty
