"""Sends filters to the test layers and keeps how they were answered."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

from conformance.cql2_data import COUNTRIES, LAYERS, PLACES, RIVERS
from conformance.hostile.kinds import KINDS
from conformance.hostile.words import Dice
from swath.api.links import API


def layer_of(dice: Dice, kind: str) -> str:
    """The layer that a filter of this kind is sent to: where most of its properties are."""
    if kind in ("geometric", "long"):
        return dice.choice((COUNTRIES, PLACES, PLACES))
    return dice.choice(LAYERS) if kind == "shuffled" else dice.choice((PLACES, PLACES, RIVERS))


class Caller:
    """Calls an application without a server and a client between, which would refuse long addresses themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._runner = app, asyncio.Runner()

    def get(self, path: str, query: str) -> int:
        """The status of the answer."""
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost")],
            "server": ("localhost", 80),
        }
        statuses: list[int] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def take(message: Message) -> None:
            statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

        self._runner.run(self._app(scope, receive, take))
        return statuses[0]

    def close(self) -> None:
        """End the loop in which the application ran."""
        self._runner.close()


@dataclass(frozen=True)
class Answer:
    """How a filter was answered, and in how many seconds."""

    status: int
    took_s: float
    cpu_s: float
    written: str


def send(caller: Caller, kind: str, count: int, seed: int) -> Iterator[Answer]:
    """So many filters of a kind, one after another."""
    dice = Dice(f"{kind} {seed}")
    for _ in range(count):
        lang, written = KINDS[kind](dice)
        asked = {"filter": written.encode("utf-8", "surrogatepass"), "filter-lang": lang, "limit": "5"}
        path, query = f"{API}/collections/{layer_of(dice, kind)}/items", urlencode(asked)
        began, cpu_began = time.perf_counter(), time.process_time()
        status = caller.get(path, query)
        yield Answer(status, time.perf_counter() - began, time.process_time() - cpu_began, written)
