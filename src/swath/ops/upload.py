"""Takes in the parts of a scene: from the wire to a file, checked there, then into the asset store."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool

from swath.delivery.assets import AssetStore, scene_key
from swath.delivery.scene import PARTS, check_part
from swath.errors import Conflict, NotFound
from swath.tasking.downlinks import check_awaited
from swath.tasking.model import Capture, CaptureStatus

GEOTIFF = "image/tiff; application=geotiff"


async def receive_part(
    assets: AssetStore, capture: Capture, part: str, body: AsyncIterator[bytes], max_bytes: int
) -> int:
    """Keep a part of a capture's scene, and return how many bytes it has.

    Raises NotFound for a part there is no such of, Conflict when the capture has no image to send,
    HTTPException 413 for more than `max_bytes`, and Invalid for what is not such a GeoTIFF, or shows another place.
    """
    check_welcome(capture, part)
    with TemporaryDirectory(prefix="swath-scene-") as folder:
        path = Path(folder) / f"{part}.tif"
        size = await _write(path, body, max_bytes)
        # A scene that was made again may come again; one that is delivered is not touched any more.
        if capture.status != CaptureStatus.DELIVERED:
            await run_in_threadpool(check_part, str(path), part, capture.footprint)
            await run_in_threadpool(assets.put_file, scene_key(capture.id, part), path, GEOTIFF)
    return size


def check_welcome(capture: Capture, part: str) -> None:
    """Whether a part may come for this capture. Raises NotFound or Conflict."""
    if part not in PARTS:
        raise NotFound(f"A scene has the parts {', '.join(PARTS)}; there is no part {part!r}.")
    check_awaited(capture)


def find_parts(assets: AssetStore, capture: Capture) -> dict[str, int]:
    """The parts of a scene that are here, and their sizes in bytes."""
    if capture.status in (CaptureStatus.COMMANDED, CaptureStatus.FAILED):
        return {}
    here = assets.list(f"scenes/{capture.id}/")
    return {part: here[key] for part in PARTS if (key := scene_key(capture.id, part)) in here}


def check_whole(assets: AssetStore, capture: Capture) -> None:
    """Whether all parts of a scene are here. Raises Conflict naming those that are not."""
    missing = [part for part in PARTS if part not in find_parts(assets, capture)]
    if missing:
        raise Conflict(f"The scene is not whole: put {' and '.join(missing)} first.", code="scene_incomplete")


async def _write(path: Path, body: AsyncIterator[bytes], max_bytes: int) -> int:
    size = 0
    with path.open("wb") as file:
        async for chunk in body:
            size += len(chunk)
            if size > max_bytes:
                raise HTTPException(413, f"A part of a scene has at most {max_bytes} bytes.")
            file.write(chunk)
    return size
