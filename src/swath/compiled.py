"""The one decorator for kernels: scalar loops that numba compiles, and keeps compiled from run to run.

Where numba cannot be had the functions stay plain Python, right but slow; COMPILED tells, and the rooms that have a
NumPy path for such machines take it (`access/dense.py`).

A kernel holds the code of those it calls, but numba looks only at its own file to see whether what is kept is stale.
So all of it is kept under a digest of all rooms that have kernels: any change there compiles everything anew.
Processes keep what they compile one at a time: numba names a file by counting, and two that count together would take
each other's code for their own.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from shutil import rmtree
from typing import Any, TypeVar

try:
    import numba as _numba
except ImportError:
    _numba = None
try:
    import fcntl
except ImportError:
    # Not on Windows, where the first start should be of one process.
    fcntl = None
# Without types: numba's are of little use here.
numba: Any = _numba

F = TypeVar("F", bound=Callable[..., object])

COMPILED = numba is not None
ROOMS = ("access", "geo", "orbit", "planning", "scheduling")


def kernel(function: F) -> F:
    """Compile at the first call; divisions by zero give inf or nan as in NumPy, and other threads may run meanwhile."""
    if numba is None:
        return function
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(find_folder())
    try:
        compiled: Any = numba.njit(cache=True, error_model="numpy", nogil=True, fastmath={"contract"})(
            function
        )
    finally:
        numba.config.CACHE_DIR = before
    # With NUMBA_DISABLE_JIT, as debuggers want it, it is the plain function.
    if compiled is not function:
        kept: Any = compiled._cache._cache_file
        kept.save = partial(save_alone, kept.save)
    return compiled


def save_alone(save: Callable[[Any, Any], None], key: Any, data: Any) -> None:
    """Keep compiled code while no other process does so."""
    with (find_folder() / "lock").open("a") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        save(key, data)


@lru_cache(maxsize=1)
def find_folder() -> Path:
    """Where compiled kernels are kept: beside the sources, or in a folder of the user's where that is not allowed."""
    package = Path(__file__).parent
    name = f"kernels-{digest_sources(package)}"
    given = os.environ.get("NUMBA_CACHE_DIR")
    for place in (Path(given),) if given else (package / "__pycache__", Path.home() / ".cache" / "swath"):
        try:
            (place / name).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(place / name, os.W_OK):
            _drop_others(place, name)
            return place / name
    return Path(tempfile.mkdtemp(prefix="swath-kernels-"))


def digest_sources(package: Path) -> str:
    """Sixteen letters and digits that stand for all files with kernels below a package's folder."""
    sources = (file.read_bytes() for room in ROOMS for file in sorted((package / room).rglob("*.py")))
    return hashlib.sha256(b"".join(source for source in sources if b"kernel" in source)).hexdigest()[:16]


def _drop_others(place: Path, name: str) -> None:
    """What was compiled from other sources is of no use to anybody."""
    for other in place.glob("kernels-*"):
        if other.name != name:
            rmtree(other, ignore_errors=True)
