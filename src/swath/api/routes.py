"""The kind of route that the doors of this room use, and how the one that an address names is found."""

from collections import defaultdict
from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

NOTHING = Match.NONE, {}


class PlainRoute(Route):
    """A route that leaves itself in the scope, so that calls can be counted by route and not by address."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As any route; the child scope of a match names it."""
        match, child_scope = super().matches(scope)
        return match, child_scope if match is Match.NONE else {**child_scope, "route": self}


class Switchboard(BaseRoute):
    """Many plain routes as one: those of an address are looked up, where a router tries all in their order.

    Addresses without parameters are found whole, the others by how many parts they have. So no parameter of a route
    may reach over a slash.
    """

    def __init__(self, routes: Iterable[PlainRoute]) -> None:
        self.routes = tuple(routes)
        self._whole: dict[str, list[PlainRoute]] = defaultdict(list)
        self._shaped: dict[int, list[PlainRoute]] = defaultdict(list)
        for route in self.routes:
            if route.param_convertors:
                self._shaped[route.path.count("/")].append(route)
            else:
                self._whole[route.path].append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The match of the first route that takes the call, or else of the first that has its address."""
        path: str = scope["path"] if scope["type"] == "http" else ""
        partial = NOTHING
        for route in (*self._whole.get(path, ()), *self._shaped.get(path.count("/"), ())):
            match, child_scope = route.matches(scope)
            if match is Match.FULL:
                return match, child_scope
            if match is Match.PARTIAL and partial is NOTHING:
                partial = match, child_scope
        return partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that was found answer."""
        await scope["route"].handle(scope, receive, send)
