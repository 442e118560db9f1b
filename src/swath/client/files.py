"""Brings the files of a catalogue item to a folder, whole or not at all."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import httpx

from swath.client.errors import ClientError
from swath.client.http import Http

SUFFIXES = {"image/tiff": ".tif", "image/png": ".png", "image/jpeg": ".jpg", "application/json": ".json"}


def download_asset(http: Http, item: Mapping[str, Any], key: str, folder: Path) -> Path:
    """Save one asset of an item as `<item id>_<key>.<suffix>`; raises ClientError.

    The file appears under its name only when it is complete.
    """
    asset = _find_asset(item, key)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _file_name(str(item["id"]), key, asset)
    part = path.with_name(path.name + ".part")
    try:
        with http.stream(asset["href"]) as response, part.open("wb") as file:
            for piece in response.iter_bytes():
                file.write(piece)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _find_asset(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    assets = item["assets"]
    if key not in assets:
        raise ClientError(f"Item {item['id']} has no asset {key!r}; it has {', '.join(assets)}.")
    return assets[key]


def _file_name(item_id: str, key: str, asset: Mapping[str, Any]) -> str:
    """A name that stays in its folder whatever the catalogue calls its things."""
    media_type = str(asset.get("type", "")).partition(";")[0].strip()
    suffix = SUFFIXES.get(media_type) or PurePosixPath(httpx.URL(asset["href"]).path).suffix
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", f"{item_id}_{key}").lstrip(".")
    return stem + re.sub(r"[^A-Za-z0-9.]+", "", suffix)
