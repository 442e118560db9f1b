"""What monitoring reads: calls by route and status, how long they took, and how the work stands."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from swath.clock import Clock
from swath.query import Query
from swath.tasking.model import PlanStatus, RequestStatus
from swath.tasking.ports import Reader, Store

# A caller may invent methods; each would be a row of figures for good.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class RunnerStatus(Protocol):
    """Whether the job runner lives, and how many runs are not over."""

    @property
    def running(self) -> bool: ...
    @property
    def outstanding(self) -> int: ...


class Runner(Protocol):
    """The job runner, as far as operations look at it."""

    def status(self) -> RunnerStatus: ...


class Metrics:
    """A registry of its own: two servers in one process do not count into each other."""

    def __init__(self, store: Store, clock: Clock, jobs: Runner) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._calls = Counter("swath_http_requests", "Calls answered", labels, registry=self._registry)
        self._seconds = Histogram(
            "swath_http_request_seconds",
            "Time to answer a call",
            ("method", "route"),
            registry=self._registry,
            buckets=BUCKETS_S,
        )
        self._registry.register(WorkCollector(store, clock, jobs))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """One more call."""
        known = method if method in METHODS else "other"
        self._calls.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def build_text(self) -> bytes:
        """All of it in the text format of Prometheus."""
        return generate_latest(self._registry)


class WorkCollector(Collector):
    """Counts at the moment of asking: plans and requests by status, and how late the oldest due work is."""

    def __init__(self, store: Store, clock: Clock, jobs: Runner) -> None:
        self._store, self._clock, self._jobs = store, clock, jobs

    def collect(self) -> Iterator[GaugeMetricFamily]:
        # A simulated clock asks the store too, so it is read while no connection is held.
        now = self._clock.now()
        with self._store.read() as reader:
            yield _count("swath_plans", "Plans by status", _plans(reader))
            yield _count("swath_tasking_requests", "Requests by status", _requests(reader))
            yield GaugeMetricFamily(
                "swath_due_work_late_seconds", "How late the oldest due work is", _late_s(reader, now)
            )
        yield GaugeMetricFamily("swath_jobs", "Jobs that are not over", self._jobs.status().outstanding)

    def describe(self) -> Iterable[GaugeMetricFamily]:
        # Without this the registry would ask the store while it is being built.
        return ()


def _late_s(reader: Reader, now: datetime) -> float:
    due_at = reader.next_due_at()
    return 0.0 if due_at is None else max(0.0, (now - due_at).total_seconds())


def _plans(reader: Reader) -> dict[str, int]:
    return {s.value: reader.find_plans(_of(s)).matched for s in PlanStatus}


def _requests(reader: Reader) -> dict[str, int]:
    return {s.value: reader.find_requests(_of(s)).matched for s in RequestStatus}


def _of(status: str) -> Query:
    return Query(equals={"status": status}, limit=1)


def _count(name: str, text: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=("status",))
    for status, count in counts.items():
        family.add_metric((status,), count)
    return family
