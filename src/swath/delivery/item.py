"""The STAC item of a capture: what was seen, when, from where, how clear it was, and its nine files.

STAC 1.1 with the extensions eo, view, sat, projection, processing, raster, classification and file. Bands
are told twice: as `bands` the way STAC 1.1 has it, and as `eo:bands` where the source's users look for
wavelengths; the eo extension is therefore cited in version 1.1.0, the last that knows both.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from swath.delivery.images import Image, compute_statistics
from swath.delivery.scene import CLEAR, CLOUD, OUTSIDE, REFLECTANCE_SCALE, SHADOW, Raster
from swath.fleet import Band, Satellite
from swath.geo.polygons import compute_bbox, join, to_geojson
from swath.tasking.model import Capture, CatalogItem
from swath.wire import format_time

Document = dict[str, Any]

STAC_VERSION = "1.1.0"
JSON_TYPE = "application/json"
EXTENSIONS = tuple(
    f"https://stac-extensions.github.io/{name}/schema.json"
    for name in (
        "eo/v1.1.0",
        "view/v1.0.0",
        "sat/v1.0.0",
        "projection/v2.0.0",
        "processing/v1.2.0",
        "raster/v2.0.0",
        "classification/v2.0.0",
        "file/v2.1.0",
    )
)
# Bands that an asset shows, by their common names; the pixel of the multispectral bands is twice the
# panchromatic.
SHOWN: Mapping[str, tuple[str, ...]] = {
    "tci": ("red", "green", "blue"),
    "band0": ("pan",),
    "band1": ("blue",),
    "band2": ("green",),
    "band3": ("red",),
    "band4": ("rededge",),
    "band5": ("nir",),
}
TITLES: Mapping[str, str] = {
    "thumbnail": "Thumbnail of the true-colour image",
    "tci": "True colour, pansharpened, 8 bits",
    "band0": "Panchromatic reflectance",
    "band1": "Blue reflectance",
    "band2": "Green reflectance",
    "band3": "Red reflectance",
    "band4": "Red edge reflectance",
    "band5": "Near infrared reflectance",
    "msi_udm": "Unusable-data mask of the multispectral bands",
}
ROLES: Mapping[str, tuple[str, ...]] = {
    "thumbnail": ("thumbnail",),
    "tci": ("visual", "overview"),
    "msi_udm": ("metadata", "data-mask"),
}
FINE = frozenset({"tci", "band0"})
UDM_CLASSES = (
    {"value": CLEAR, "name": "clear", "description": "Usable"},
    {"value": CLOUD, "name": "cloud", "description": "Hidden by cloud"},
    {"value": SHADOW, "name": "cloud_shadow", "description": "In the shadow of a cloud"},
    {"value": OUTSIDE, "name": "no_data", "description": "Outside the footprint", "nodata": True},
)


@dataclass(frozen=True)
class Subject:
    """What an item is about: the capture, and the satellite that made it."""

    capture: Capture
    satellite: Satellite

    @property
    def item_id(self) -> str:
        """Satellite, start and capture: readable, and the same however often it is made.

        In lower case, as STAC's best practices have it; one satellite starts no two captures in a second.
        """
        start = self.capture.chance.start.astimezone(UTC)
        return f"{self.satellite.id}_{start:%Y%m%dT%H%M%SZ}_{self.capture.id}".lower()


def build_asset(image: Image, href: str, satellite: Satellite, gsd_m: float) -> Document:
    """The item's entry for one image; `gsd_m` is the panchromatic one at the capture's angle."""
    asset: Document = {
        "href": href,
        "type": image.media_type,
        "title": TITLES[image.key],
        "roles": list(ROLES.get(image.key, ("data", "reflectance"))),
        "file:size": len(image.body),
        # A multihash: 0x12 says SHA-256, 0x20 that 32 bytes follow.
        "file:checksum": "1220" + hashlib.sha256(image.body).hexdigest(),
    }
    if image.raster is None:
        return asset
    return asset | _describe_raster(image.key, image.raster, satellite, gsd_m)


def compute_cloud_cover(udm: Raster) -> float:
    """Percent of the usable-data mask's footprint that is cloud."""
    seen = int(udm.valid.sum())
    return round(100 * float((udm.pixels[0] == CLOUD).sum()) / seen, 2) if seen else 0.0


def build_item(
    subject: Subject, assets: Mapping[str, Document], udm: Raster, simulated: bool, now: datetime
) -> CatalogItem:
    """The catalogue's entry; the door that shows it makes its addresses absolute and adds links."""
    capture, satellite = subject.capture, subject.satellite
    document: Document = {
        "type": "Feature",
        "stac_version": STAC_VERSION,
        "stac_extensions": list(EXTENSIONS),
        "id": subject.item_id,
        "collection": satellite.collection,
        "geometry": to_geojson(capture.footprint),
        "bbox": list(compute_bbox(join([capture.footprint]))),
        "properties": _properties(subject, now)
        | {
            "eo:cloud_cover": compute_cloud_cover(udm),
            "swath:simulated": simulated,
        },
        "links": [{"rel": "collection", "href": f"collections/{satellite.collection}", "type": JSON_TYPE}],
        "assets": dict(assets),
    }
    return CatalogItem(
        id=subject.item_id,
        collection=satellite.collection,
        account_id=capture.account_id,
        capture_id=capture.id,
        geometry=capture.footprint,
        start=capture.chance.start,
        end=capture.chance.end,
        document=document,
    )


def _properties(subject: Subject, now: datetime) -> Document:
    """At most twenty, as stac-check advises; what all items of a satellite or all files share is told there."""
    capture, satellite = subject.capture, subject.satellite
    seen = capture.seen
    start, end = format_time(capture.chance.start), format_time(capture.chance.end)
    return {
        "datetime": start,
        "start_datetime": start,
        "end_datetime": end,
        "created": format_time(now),
        "platform": satellite.id,
        "constellation": satellite.constellation,
        "mission": satellite.constellation,
        "instruments": list(satellite.sensor.instruments),
        "gsd": round(float(seen["gsd_m"]), 3),
        "view:off_nadir": round(capture.chance.off_nadir_deg, 4),
        "view:azimuth": round(float(seen["view_azimuth_deg"]), 4),
        "view:incidence_angle": round(float(seen["incidence_deg"]), 4),
        "view:sun_elevation": round(float(seen["sun_elevation_deg"]), 4),
        "view:sun_azimuth": round(float(seen["sun_azimuth_deg"]), 4),
        "sat:orbit_state": seen["orbit_state"],
        "sat:absolute_orbit": capture.chance.revolution,
        "processing:level": "L1C",
        "ag:capture_id": capture.id,
    }


def _describe_raster(key: str, raster: Raster, satellite: Satellite, gsd_m: float) -> Document:
    told: Document = {
        "gsd": round(gsd_m if key in FINE else 2 * gsd_m, 3),
        "proj:code": f"EPSG:{raster.crs.to_epsg()}",
        "proj:shape": list(raster.pixels.shape[1:]),
        "proj:transform": list(raster.transform)[:6],
        "raster:spatial_resolution": round(raster.pixel_m, 6),
        "nodata": raster.nodata,
        "data_type": str(raster.pixels.dtype),
        "bands": _build_bands(key, raster, satellite),
    }
    if key == "msi_udm":
        return told | {"classification:classes": [dict(entry) for entry in UDM_CLASSES]}
    return told | {"eo:bands": _build_eo_bands(key, satellite)}


def _build_bands(key: str, raster: Raster, satellite: Satellite) -> list[Document]:
    names = [band["name"] for band in _build_eo_bands(key, satellite)] or [key]
    counts = {} if raster.pixels.dtype == "uint8" else {"raster:scale": REFLECTANCE_SCALE, "unit": "1"}
    return [
        {"name": name, "statistics": dict(statistics), **counts}
        for name, statistics in zip(names, compute_statistics(raster), strict=True)
    ]


def _build_eo_bands(key: str, satellite: Satellite) -> list[Document]:
    """What the fleet knows of each band shown; a band that it does not describe is at least named."""
    known = {band.common_name: _build_eo_band(band) for band in satellite.sensor.bands}
    return [known.get(name, {"name": name, "common_name": name}) for name in SHOWN.get(key, ())]


def _build_eo_band(band: Band) -> Document:
    facts = {
        "name": band.name,
        "common_name": band.common_name,
        "center_wavelength": band.center_wavelength,
        "full_width_half_max": band.full_width_half_max,
        "solar_illumination": band.solar_illumination,
    }
    return {name: value for name, value in facts.items() if value is not None}
