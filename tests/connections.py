"""Counts the connections that calls hold at once, where what time it is has to be read from the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from swath.clock import FrozenClock
from swath.store.database import SqlStore
from swath.store.sandbox import SandboxStore
from tests.conftest import NOW


@contextmanager
def counting_connections(store: SqlStore, clock: FrozenClock) -> Iterator[set[int]]:
    """How many connections were held whenever one was taken; the clock shows simulated time meanwhile."""
    counts, pool = set[int](), store.engine.pool

    def count(*_: object) -> None:
        counts.add(pool.checkedout())  # type: ignore[attr-defined]

    SandboxStore(store).begin_at(NOW)
    # The first look takes a connection that it keeps.
    store.version()
    event.listen(pool, "checkout", count)
    with pytest.MonkeyPatch.context() as patch:
        # Nothing is remembered from one look at the clock to the next.
        patch.setattr(clock, "now", lambda: SandboxStore(store).load_clock().now)
        yield counts
    event.remove(pool, "checkout", count)
