"""Sends a file, or the part of it that was asked for: what programs need that read images over the network.

HTTP semantics: RFC 9110 sections 13 (conditions) and 14 (ranges). One range at a time; a request for
several is answered with the whole file, as the standard allows.
"""

import re

from fastapi import HTTPException, Response
from starlette.datastructures import Headers
from starlette.responses import StreamingResponse

from swath.api.door import read_tags
from swath.delivery.assets import AssetStore, Stored

RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
CACHE_S = 3_600
MAX_DIGITS = 30


class Unsatisfiable(Exception):
    """The range lies outside the file."""


def build_download(assets: AssetStore, key: str, media_type: str, asked: Headers, *, head: bool) -> Response:
    """The answer to GET or HEAD of a file. Raises NotFound, and HTTPException 416 for a range outside the file."""
    stored = assets.head(key)
    fixed = _fixed_headers(stored)
    if {stored.etag, "*"} & read_tags(asked, "if-none-match"):
        return Response(status_code=304, headers=fixed)
    if head:
        # Ranges are for GET alone (RFC 9110 section 14.2).
        return Response(headers={**fixed, "content-length": str(stored.size)}, media_type=media_type)
    part = _find_part(asked, stored)
    start, end = part or (0, stored.size)
    headers = {**fixed, "content-length": str(end - start)}
    if part is not None:
        headers["content-range"] = f"bytes {start}-{end - 1}/{stored.size}"
    return StreamingResponse(assets.read(key, start, end), 206 if part else 200, headers, media_type)


def parse_range(text: str | None, size: int) -> tuple[int, int] | None:
    """The bytes [start, end) that a Range header asks for; None for the whole file. Raises Unsatisfiable."""
    match = RANGE.fullmatch(text.replace(" ", "")) if text else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = (None if digits == "" else _read_count(digits) for digits in match.groups())
    if first is None:
        start, end = max(0, size - (last or 0)), size
    elif last is not None and last < first:
        return None
    else:
        start, end = first, size if last is None else min(size, last + 1)
    if start >= size or end <= start:
        raise Unsatisfiable
    return start, end


def _find_part(asked: Headers, stored: Stored) -> tuple[int, int] | None:
    try:
        return parse_range(_wanted_range(asked, stored), stored.size)
    except Unsatisfiable as error:
        told = {"accept-ranges": "bytes", "content-range": f"bytes */{stored.size}"}
        sentence = f"The file has {stored.size} bytes; the range lies outside."
        raise HTTPException(416, sentence, told) from error


def _read_count(digits: str) -> int:
    """A number of bytes; of one that is larger than any file only the first digits count."""
    return int(digits.lstrip("0")[:MAX_DIGITS] or "0")


def _wanted_range(asked: Headers, stored: Stored) -> str | None:
    """The Range header, unless it was meant for another version of the file."""
    meant_for = asked.get("if-range")
    return asked.get("range") if meant_for in (None, stored.etag) else None


def _fixed_headers(stored: Stored) -> dict[str, str]:
    return {
        "accept-ranges": "bytes",
        "etag": stored.etag,
        "cache-control": f"private, max-age={CACHE_S}",
        # Says that this must not be compressed on the way: images are compressed inside, and ranges count
        # their bytes.
        "content-encoding": "identity",
    }
