"""A current GDAL, out of the wheel of pyogrio, as a client: `pyogrio_oapif.py BASE TOKEN`."""

import sys
from functools import partial

import pyogrio
from counting import Checks, equal
from wanted import count, list_collections

base, token = sys.argv[1:3]
# Of GDAL 3.12. Up to 3.6 it was GDAL_HTTP_HEADERS, which this driver no longer heeds.
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": token})
SOURCE = f"OAPIF:{base}"
EUROPE = (-25.0, 34.0, 45.0, 72.0)
COLLECTIONS = list_collections(base, token)


def read(layer: str, **how: object) -> int:
    """How many features of a layer GDAL reads."""
    _, _, geometries, _ = pyogrio.raw.read(SOURCE, layer=layer, **how)
    return len(geometries)


def check_layers() -> str:
    found = {name for name, _ in pyogrio.list_layers(SOURCE)}
    missing = sorted(set(COLLECTIONS) - found)
    return str(equal(missing, [])) and f"{len(found)} layers"


def check_whole(layer: str) -> object:
    return equal(read(layer), count(base, token, layer))


def check_box(layer: str) -> object:
    return equal(read(layer, bbox=EUROPE), count(base, token, layer, bbox=",".join(map(str, EUROPE))))


def check_fields(layer: str) -> str:
    return f"{len(pyogrio.read_info(SOURCE, layer=layer)['fields'])} fields"


def check_where() -> object:
    wanted = count(base, token, "plans", filter="status = 'ACTIVE'")
    return equal(read("plans", where="status = 'ACTIVE'"), wanted)


checks = Checks()
print("GDAL", ".".join(map(str, pyogrio.__gdal_version__)))
checks.check("layers", check_layers)
for name in COLLECTIONS:
    for kind, find in (("fields", check_fields), ("all", check_whole), ("box", check_box)):
        checks.check(f"{name}, {kind}", partial(find, name))
checks.check("plans, where", check_where)
checks.end()
