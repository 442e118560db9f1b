"""The GDAL commands as clients: `gdal_oapif.py BASE TOKEN`. Needs ogrinfo and ogr2ogr."""

import os
import re
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from counting import Checks, equal
from wanted import count, list_collections

base, token = sys.argv[1:3]
SOURCE = f"OAPIF:{base}"
ENVIRONMENT = os.environ | {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {token}"}
EUROPE = ("-25", "34", "45", "72")


def run(*command: str) -> str:
    """What a command printed; raises RuntimeError with its last words when it failed."""
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode or "ERROR" in done.stderr:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()[-300:]}")
    return done.stdout


def count_features(source: str, layer: str, *options: str) -> int:
    told = run("ogrinfo", "-ro", "-al", "-so", *options, source, layer)
    return int(re.search(r"Feature Count: (\d+)", told).group(1))


def check_layers() -> str:
    told = run("ogrinfo", "-ro", SOURCE)
    missing = [name for name in list_collections(base, token) if name not in told]
    return str(equal(missing, []))


def check_paging(layer: str) -> object:
    """Features that are really read, in some thirty pages, not the count that the server tells."""
    wanted = count(base, token, layer)
    size = f"PAGE_SIZE={wanted // 30 + 1}"
    told = run("ogrinfo", "-ro", "-al", "-q", "-geom=NO", "-oo", size, SOURCE, layer)
    return equal(told.count("OGRFeature("), wanted)


def check_box(layer: str) -> object:
    wanted = count(base, token, layer, bbox=",".join(EUROPE))
    return equal(count_features(SOURCE, layer, "-spat", *EUROPE), wanted)


def check_copy(layer: str) -> object:
    with tempfile.TemporaryDirectory() as folder:
        copy = str(Path(folder) / "copy.gpkg")
        run("ogr2ogr", "-q", copy, SOURCE, layer)
        return equal(count_features(copy, layer), count(base, token, layer))


def check_where() -> object:
    wanted = count(base, token, "plans", filter="status = 'ACTIVE'")
    return equal(count_features(SOURCE, "plans", "-where", "status = 'ACTIVE'"), wanted)


checks = Checks()
print(run("ogrinfo", "--version").strip())
checks.check("layers", check_layers)
for name in list_collections(base, token):
    for kind, find in (("paging", check_paging), ("box", check_box), ("copy to GPKG", check_copy)):
        checks.check(f"{name}, {kind}", partial(find, name))
checks.check("plans, where", check_where)
checks.end()
