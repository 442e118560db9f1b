"""From measured light to a picture for the eye: pansharpening, stretching, the thumbnail with its lettering."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.warp import reproject

from swath.delivery.scene import REFLECTANCE_SCALE, Raster, Scene

Bytes8 = NDArray[np.uint8]

# The stretch of the true-colour image is the same for every scene, so that two of them can be compared by
# eye: this reflectance is black, this one white, with the gamma of a display between them.
BLACK, WHITE, GAMMA = 0.02, 0.38, 1.7
# Sharpening may brighten or darken a pixel by no more than this factor.
MAX_GAIN = 3.0
THUMBNAIL_PX = 512

# Five by seven dots a letter, one row a number, the leftmost dot the highest bit.
LETTERS = {
    "S": (0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E),
    "I": (0x0E, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0E),
    "M": (0x11, 0x1B, 0x15, 0x15, 0x11, 0x11, 0x11),
    "U": (0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E),
    "L": (0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F),
    "A": (0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11),
    "T": (0x1F, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04),
    "E": (0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F),
    "D": (0x1E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1E),
}


def compute_true_colour(scene: Scene) -> Raster:
    """Red, green, blue in 8 bits on the panchromatic grid, 0 where there is no data.

    Each colour is scaled by how much brighter the panchromatic pixel is than the three together (Brovey's
    method).
    """
    colours = np.stack([_onto_pan(scene, band) for band in (2, 1, 0)])
    pan = scene.pan.pixels[0].astype(np.float32)
    valid = scene.pan.valid & (colours > 0).all(axis=0)
    brightness = colours.mean(axis=0)
    level = brightness[valid].mean() / pan[valid].mean() if valid.any() else 1.0
    gain = np.divide(pan * level, brightness, out=np.ones_like(pan), where=valid)
    sharp = colours * np.clip(gain, 1 / MAX_GAIN, MAX_GAIN)
    return Raster(_stretch(sharp) * valid, scene.pan.crs, scene.pan.transform, 0)


def build_thumbnail(true_colour: Raster, lettering: str) -> bytes:
    """A PNG of at most 512 pixels a side, see-through where there is no data, with a word in its corner."""
    factor = -(-max(true_colour.pixels.shape[1:]) // THUMBNAIL_PX)
    rgb = np.moveaxis(_shrink(true_colour.pixels, factor), 0, -1)
    opaque = _shrink(true_colour.valid[None] * np.uint8(255), factor)[0]
    picture = np.dstack([rgb, opaque])
    return encode_png(_letter(picture, lettering))


def encode_png(rgba: Bytes8) -> bytes:
    """A PNG of 8-bit RGBA pixels, shape (rows, columns, 4); ISO/IEC 15948, no filtering."""
    rows, columns, _ = rgba.shape
    lines = np.concatenate([np.zeros((rows, 1), np.uint8), rgba.reshape(rows, -1)], axis=1)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _onto_pan(scene: Scene, band: int) -> NDArray[np.float32]:
    target = np.zeros(scene.pan.pixels.shape[1:], np.float32)
    reproject(
        scene.msi.pixels[band].astype(np.float32),
        target,
        src_transform=scene.msi.transform,
        src_crs=scene.msi.crs,
        src_nodata=scene.msi.nodata,
        dst_transform=scene.pan.transform,
        dst_crs=scene.pan.crs,
        dst_nodata=0,
        resampling=Resampling.bilinear,
    )
    return target


def _stretch(counts: NDArray[np.float32]) -> Bytes8:
    level = np.clip((counts * REFLECTANCE_SCALE - BLACK) / (WHITE - BLACK), 0, 1)
    return (1 + 254 * level ** (1 / GAMMA)).astype(np.uint8)


def _shrink(pixels: Bytes8, factor: int) -> Bytes8:
    """Means of squares of `factor` pixels a side; what is left over at the far edges is left out."""
    bands, rows, columns = pixels.shape
    rows, columns = rows // factor, columns // factor
    kept = pixels[:, : rows * factor, : columns * factor].astype(np.float32)
    return kept.reshape(bands, rows, factor, columns, factor).mean(axis=(2, 4)).astype(np.uint8)


def _letter(picture: Bytes8, word: str) -> Bytes8:
    """White dots on a black band at the lower left, as large as the picture allows."""
    dots = _draw(word)
    size = min(picture.shape[1] * 2 // 3 // dots.shape[1], 3) if word else 0
    if size < 1 or picture.shape[0] < dots.shape[0] * size:
        return picture
    large = np.kron(dots, np.ones((size, size), np.uint8))
    lettered = picture.copy()
    corner = lettered[-large.shape[0] :, : large.shape[1]]
    corner[..., :3], corner[..., 3] = 255 * large[..., None], 255
    return lettered


def _draw(word: str) -> Bytes8:
    """The word in dots of 0 and 1 with a margin of two; shape (11, 6 * letters + 3)."""
    rows = np.array([LETTERS[letter] for letter in word], np.uint8).reshape(-1, 7).T
    dots = (rows[..., None] >> np.arange(5, -1, -1, dtype=np.uint8)) & 1
    # A letter's lowest bit is its rightmost dot; the sixth column in front of it keeps letters apart.
    return np.pad(dots.reshape(7, -1).astype(np.uint8), ((2, 2), (1, 2)))
