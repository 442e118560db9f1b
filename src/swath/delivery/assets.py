"""Where scenes and images are kept: a folder or a bucket, the same through obstore.

Keys: `scenes/<capture>/<part>.tif` for what mission control handed over,
`images/<collection>/<item>/<file>` for what was made of it.
"""

import logging
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from swath.errors import NotFound, Unavailable

CHUNK_BYTES = 1 << 20
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stored:
    """What is known of a kept object without reading it."""

    size: int
    etag: str


class AssetStore:
    """Keeps bytes by key; a key is only seen once all of its bytes are there.

    Raises Unavailable while there is no room, or the bucket does not answer.
    """

    def __init__(self, objects: ObjectStore, *, keeps_types: bool) -> None:
        self._objects, self._keeps_types = objects, keeps_types

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Keep a body, over what was there before."""
        with _asking_for(key):
            obstore.put(self._objects, key, body, attributes=self._attributes(content_type))

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Keep a file's bytes without holding them in memory."""
        with _asking_for(key):
            obstore.put(self._objects, key, path, attributes=self._attributes(content_type))

    def get(self, key: str) -> bytes:
        """The whole body. Raises NotFound."""
        with _asking_for(key):
            return bytes(obstore.get(self._objects, key).bytes())

    def head(self, key: str) -> Stored:
        """Size and entity tag. Raises NotFound."""
        with _asking_for(key):
            meta = obstore.head(self._objects, key)
        return Stored(
            meta["size"], meta["e_tag"] or f'"{meta["size"]:x}-{meta["last_modified"].timestamp():.0f}"'
        )

    def read(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes [start, end) in pieces of at most 1 MiB. Raises NotFound before the first."""
        for at in range(start, end, CHUNK_BYTES):
            try:
                yield bytes(obstore.get_range(self._objects, key, start=at, end=min(end, at + CHUNK_BYTES)))
            except FileNotFoundError as error:
                raise _missing(key) from error

    def list(self, prefix: str) -> Mapping[str, int]:
        """Keys under a prefix, with their sizes."""
        pages = obstore.list(self._objects, prefix)
        return {meta["path"]: meta["size"] for page in pages for meta in page}

    def _attributes(self, content_type: str) -> dict[str, str] | None:
        return {"Content-Type": content_type} if self._keeps_types else None


def open_assets(place: Path | str) -> AssetStore:
    """An asset store in a folder (made if it is not there) or under a bucket's URL such as s3://bucket/prefix."""
    if isinstance(place, Path):
        # Plain files have no content type of their own; their names tell it.
        return AssetStore(LocalStore(prefix=place, mkdir=True), keeps_types=False)
    return AssetStore(from_url(place), keeps_types=True)


def scene_key(capture_id: str, part: str) -> str:
    """Where a part of a capture's scene is kept."""
    return f"scenes/{capture_id}/{part}.tif"


def image_key(collection: str, item_id: str, file: str) -> str:
    """Where a delivered image is kept."""
    return f"images/{collection}/{item_id}/{file}"


@contextmanager
def _asking_for(key: str) -> Generator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise _missing(key) from error
    except (BaseError, OSError) as error:
        log.exception("the asset store fails", extra={"key": key})
        raise Unavailable(f"The asset store cannot serve {key!r} at the moment.", retry_after_s=60) from error


def _missing(key: str) -> NotFound:
    return NotFound(f"There is no object {key!r}.")
