"""The kind of route that the doors of this room use."""

from starlette.routing import Match, Route
from starlette.types import Scope


class PlainRoute(Route):
    """A route that leaves itself in the scope, so that calls can be counted by route and not by address."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As any route; the child scope of a match names it."""
        match, child_scope = super().matches(scope)
        return match, child_scope if match is Match.NONE else {**child_scope, "route": self}
