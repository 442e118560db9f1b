"""rustac, a client in Rust, on a STAC API: `rustac_check.py STAC_BASE TOKEN COLLECTION`.

Each search runs in a process of its own: versions of rustac have crashed as the interpreter ended, their work done.
"""

import json
import subprocess
import sys
from functools import partial
from typing import Any

from counting import Checks, equal
from wanted import fetch

base, token, collection = sys.argv[1:4]
SEARCH = """
import asyncio, json, sys
import rustac

async def search(href, how):
    return await rustac.search(href, **how)

print(json.dumps(asyncio.run(search(sys.argv[1], json.loads(sys.argv[2])))), flush=True)
"""
WHOLE = fetch(f"{base}/search?limit=1000&collections={collection}", token)
FIRST = WHOLE["features"][0]


def search(**how: Any) -> list[str]:
    """Ids of what rustac finds; raises RuntimeError with its last words when it finds no answer."""
    asked = json.dumps({"collections": [collection], "headers": {"Authorization": f"Bearer {token}"}, **how})
    done = subprocess.run(
        [sys.executable, "-c", SEARCH, base, asked], capture_output=True, text=True, check=False
    )
    if not done.stdout:
        raise RuntimeError(done.stderr[-300:])
    return [item["id"] for item in json.loads(done.stdout)]


def check_paging() -> str:
    found = search(limit=4)
    equal(sorted(found), sorted(item["id"] for item in WHOLE["features"]))
    return f"{len(found)} items"


def check_exact(**how: Any) -> object:
    return equal(search(**how), [FIRST["id"]])


def check_among(**how: Any) -> str:
    found = search(**how)
    equal(FIRST["id"] in found, True)
    return f"{len(found)} items"


checks = Checks()
checks.check("paging", check_paging)
checks.check("ids", partial(check_exact, ids=[FIRST["id"]]))
checks.check("filter, text", partial(check_exact, filter=f"id = '{FIRST['id']}'"))
checks.check(
    "filter, JSON", partial(check_exact, filter={"op": "=", "args": [{"property": "id"}, FIRST["id"]]})
)
checks.check("intersects", partial(check_among, intersects=FIRST["geometry"]))
checks.check("bbox", partial(check_among, bbox=FIRST["bbox"]))
checks.check("datetime", partial(check_among, datetime="1900-01-01T00:00:00Z/.."))
checks.check("sorting", partial(check_among, sortby="-properties.datetime"))
checks.end()
