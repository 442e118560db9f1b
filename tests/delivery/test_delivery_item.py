"""The STAC item: valid by pystac's schemas, and readable by pystac's own idea of the extensions."""

from typing import Any

import pystac
import pytest
from pystac.extensions.classification import ClassificationExtension
from pystac.extensions.eo import EOExtension
from pystac.extensions.file import FileExtension
from pystac.extensions.projection import ProjectionExtension
from pystac.extensions.sat import SatExtension
from pystac.extensions.view import ViewExtension
from pystac.validation.stac_validator import JsonSchemaSTACValidator
from tests.delivery.delivery_scenes import FOOTPRINT, START, make_capture, make_parts, satellite

from swath.delivery.assets import AssetStore, open_assets, scene_key
from swath.delivery.deliver import make_item
from swath.delivery.item import Subject
from swath.tasking.model import CatalogItem

pytestmark = pytest.mark.filterwarnings("ignore:Use `@` matmul:PendingDeprecationWarning")

COGS = ["tci", "band0", "band1", "band2", "band3", "band4", "band5", "msi_udm"]


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> AssetStore:
    store = open_assets(tmp_path_factory.mktemp("assets"))
    for part, body in make_parts().items():
        store.put(scene_key("capture-1", part), body, "image/tiff")
    return store


@pytest.fixture(scope="module")
def catalogued(assets: AssetStore) -> CatalogItem:
    return make_item(assets, Subject(make_capture(), satellite()), START)


@pytest.fixture
def item(catalogued: CatalogItem) -> pystac.Item:
    return pystac.Item.from_dict(dict(catalogued.document), preserve_dict=True)


def test_it_is_valid_stac_1_1(catalogued: CatalogItem):
    assert catalogued.document["stac_version"] == "1.1.0"
    validator = JsonSchemaSTACValidator()
    validator.validate_core(dict(catalogued.document), pystac.STACObjectType.ITEM, "1.1.0")


def test_it_is_about_the_capture(catalogued: CatalogItem, item: pystac.Item):
    assert item.id == "grus-1a_20260822t013000z_capture-1"
    assert item.collection_id == catalogued.collection == "grus-1"
    assert catalogued.account_id == "account-1"
    assert item.properties["ag:capture_id"] == catalogued.capture_id == "capture-1"
    assert item.properties["swath:simulated"] is True
    assert item.datetime == START
    assert item.properties["end_datetime"] == "2026-08-22T01:30:08.250000Z"


def test_the_footprint_is_the_captures(item: pystac.Item):
    assert item.bbox == pytest.approx(FOOTPRINT.bounds)
    assert len(item.geometry["coordinates"][0]) == 5


def test_it_says_from_where_and_under_what_sun(item: pystac.Item):
    view, sat = ViewExtension.ext(item), SatExtension.ext(item)
    assert (view.off_nadir, view.azimuth, view.incidence_angle) == (10.5, 98.0, 11.5)
    assert (view.sun_elevation, view.sun_azimuth) == (52.0, 110.0)
    assert sat.orbit_state == "ascending"
    assert sat.absolute_orbit == 42_000


def test_cloud_cover_is_counted_in_the_mask(item: pystac.Item):
    assert EOExtension.ext(item).cloud_cover == pytest.approx(20, abs=1.5)


def test_the_common_facts(item: pystac.Item):
    common = item.common_metadata
    assert (common.platform, common.constellation, common.instruments) == ("GRUS-1A", "GRUS1", ["msi"])
    assert common.gsd == 2.59
    assert item.properties["processing:level"] == "L1C"


def test_bands_are_told_as_the_source_tells_them(item: pystac.Item):
    (red,) = item.assets["band3"].extra_fields["eo:bands"]
    assert red == {
        "name": "band3",
        "common_name": "red",
        "center_wavelength": 0.652,
        "full_width_half_max": 0.063,
        "solar_illumination": 1.5716542,
    }
    shown = {key: [b["common_name"] for b in item.assets[key].extra_fields["eo:bands"]] for key in COGS[:-1]}
    assert shown["tci"] == ["red", "green", "blue"]
    assert [shown[key] for key in COGS[1:-1]] == [["pan"], ["blue"], ["green"], ["red"], ["rededge"], ["nir"]]


def test_counts_can_be_turned_into_reflectance(item: pystac.Item):
    (band,) = item.assets["band5"].to_dict()["bands"]
    assert band["raster:scale"] == 1e-4
    assert band["statistics"]["maximum"] * band["raster:scale"] < 1.6
    assert 0 < band["statistics"]["valid_percent"] < 100


def test_every_raster_says_where_its_pixels_are(item: pystac.Item):
    for key in COGS:
        projection = ProjectionExtension.ext(item.assets[key])
        assert projection.code == "EPSG:32654"
        rows, columns = projection.shape
        assert max(rows, columns) in range(70, 170)
        size_m = item.assets[key].extra_fields["raster:spatial_resolution"]
        assert projection.transform[0] == pytest.approx(size_m)
        assert projection.transform[4] == pytest.approx(-size_m)


def test_the_mask_says_what_its_values_mean(item: pystac.Item):
    classes = ClassificationExtension.ext(item.assets["msi_udm"]).classes
    assert [(c.value, c.name) for c in classes] == [
        (0, "clear"),
        (1, "cloud"),
        (2, "cloud_shadow"),
        (255, "no_data"),
    ]


def test_files_are_where_the_item_says_and_as_large(item: pystac.Item, assets: AssetStore):
    kept = assets.list("images/")
    assert len(kept) == 9
    for asset in item.assets.values():
        assert kept[asset.href] == FileExtension.ext(asset).size


def test_making_it_again_gives_the_same(assets: AssetStore, catalogued: CatalogItem):
    again = make_item(assets, Subject(make_capture(), satellite()), START)
    assert again == catalogued


FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    # The extensions' field tables, in the versions that the item cites.
    "eo:": {"eo:cloud_cover": (int, float), "eo:bands": list},
    "view:": dict.fromkeys(
        ("view:off_nadir", "view:incidence_angle", "view:azimuth", "view:sun_azimuth", "view:sun_elevation"),
        (int, float),
    ),
    "sat:": {"sat:orbit_state": str, "sat:absolute_orbit": int},
    "proj:": {"proj:code": str, "proj:shape": list, "proj:transform": list},
    "processing:": {"processing:level": str},
    "raster:": {"raster:scale": float, "raster:spatial_resolution": float},
    "classification:": {"classification:classes": list},
    "file:": {"file:size": int, "file:checksum": str},
}


def test_extension_fields_are_known_and_of_the_right_type(catalogued: CatalogItem):
    document = catalogued.document
    assets = document["assets"].values()
    parts: list[dict[str, Any]] = [document["properties"], *assets]
    parts += [band for asset in assets for band in asset.get("bands", [])]
    for part in parts:
        for name, value in part.items():
            if ":" in name and not name.startswith(("ag:", "swath:")):
                prefix = name.partition(":")[0] + ":"
                assert isinstance(value, FIELDS[prefix][name]), name
                cited = {"proj": "projection"}.get(prefix[:-1], prefix[:-1])
                assert any(f"/{cited}/" in uri for uri in document["stac_extensions"])
