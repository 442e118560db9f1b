"""Lists as they are answered: the same again while nothing has changed, and without a thread what a moment finds."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from swath.api.door import Door, Text, answer_text
from swath.api.links import GEOJSON
from swath.cache import Cache
from swath.clock import Clock
from swath.query import NotAtOnce
from swath.wire import format_time

# Lists that are kept behind each address, and how long one may be: ten items of the catalogue, in 16 MB at most.
MOST_KEPT, MOST_KEPT_BYTES = 128, 128 * 1024
# Reading a longer address, with all that it may ask for, takes more than a moment.
LONGEST_AT_ONCE = 1_000
Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Listed:
    """A page that was written, and the headers that go with it; at `until` time alone makes it another, or never."""

    text: Text
    until: datetime | None
    headers: Mapping[str, str]

    def holds(self, clock: Clock) -> bool:
        """Whether it is still the page that it was."""
        return self.until is None or clock.now() < self.until


def answer_list(request: Request, door: Door, listed: Listed) -> Response:
    """The answer with a page, which says when it was made."""
    stamp = format_time(door.machine.now())
    return answer_text(request, listed.text, GEOJSON, headers=listed.headers, stamp=stamp)


def keep_lists(
    door: Door, clock: Clock, find: Callable[[Request, bool], Listed]
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that answers with what `find` finds, or found before, if by this clock it still holds.

    `find` is first asked for what can be had at once, where the call is read; if that is NotAtOnce, once more in a
    thread.
    """
    answers = Cache[Listed](MOST_KEPT)

    async def read_list(request: Request) -> Response:
        key = (door.store.version(), *_tell_apart(request))
        kept = answers.peek(key)
        if kept is None or not kept.holds(clock):
            if door.store.local and len(request.scope["query_string"]) <= LONGEST_AT_ONCE:
                with suppress(NotAtOnce):
                    return look(request, key, at_once=True)
            return await run_in_threadpool(look, request, key)
        # It was found for this very token, which may have ended since.
        if "authorization" in request.headers:
            door.identify(request)
        return answer_list(request, door, kept)

    def look(request: Request, key: Key, *, at_once: bool = False) -> Response:
        found = find(request, at_once)
        # What has changed by now is never asked for again; where a database cannot tell, it is taken for changed.
        if len(found.text.body) <= MOST_KEPT_BYTES and key[0] == door.store.version():
            answers.keep(key, found)
        return answer_list(request, door, found)

    return read_list


def _tell_apart(request: Request) -> Key:
    """What of a call decides how it is answered, beside the state of things."""
    scope, headers = request.scope, request.headers
    asked = (tuple(headers.getlist(name)) for name in ("authorization", "host", "accept"))
    return (scope["scheme"], scope["path"], scope["query_string"], *asked)
