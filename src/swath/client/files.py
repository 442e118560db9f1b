"""Brings the files of a catalogue item to a folder, whole or not at all."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import httpx

from swath.client.http import Http

SUFFIXES = {"image/tiff": ".tif", "image/png": ".png", "image/jpeg": ".jpg", "application/json": ".json"}


def download_asset(http: Http, item: Mapping[str, Any], key: str, folder: Path) -> Path:
    """Save one asset of an item as `<item id>_<key>.<suffix>`; raises ApiError, Unreachable.

    The file appears under its name only when it is complete.
    """
    asset = item["assets"][key]
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


def _file_name(item_id: str, key: str, asset: Mapping[str, Any]) -> str:
    """A name that stays in its folder whatever the catalogue calls its things."""
    media_type = str(asset.get("type", "")).partition(";")[0].strip()
    suffix = SUFFIXES.get(media_type) or PurePosixPath(httpx.URL(asset["href"]).path).suffix
    stem = re.sub(r"[^A-Za-z0-9._-]+", "_", f"{item_id}_{key}").lstrip(".")
    return stem + re.sub(r"[^A-Za-z0-9.]+", "", suffix)
