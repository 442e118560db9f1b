"""Remembers what is costly to find out, for as long as the key says everything that the answer hangs on."""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class Cache(Generic[T]):
    """Answers by key, at most `most` of them; safe to use from many threads.

    Unlike `functools.lru_cache` it takes the key apart from the work, which may need what is no part of it: a
    connection, a token.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, T] = {}

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """The answer that is kept, or else the one found now; what `find` raises is not kept."""
        kept: Any = self._kept.get(key, self)
        if kept is not self:
            return cast("T", kept)
        return self.keep(key, find())

    def peek(self, key: Hashable) -> T | None:
        """The answer that is kept, or None."""
        return self._kept.get(key)

    def keep(self, key: Hashable, found: T) -> T:
        """Keep an answer from now on; gives it back."""
        if len(self._kept) >= self._most:
            # All at once: those of an old version of the database are never asked for again, and nobody counts uses.
            self._kept.clear()
        self._kept[key] = found
        return found
