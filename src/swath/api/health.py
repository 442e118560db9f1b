"""Operations: is the process alive, can it work, and what does monitoring want to know."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from swath.api.metrics import Metrics, Runner
from swath.api.routes import PlainRoute
from swath.clock import Clock
from swath.errors import Unavailable
from swath.tasking.ports import Store
from swath.wire import format_time

# A check gives None when all is well, or a sentence.
Check = Callable[[], str | None]
log = logging.getLogger(__name__)


def build_health_routes(
    store: Store,
    clock: Clock,
    jobs: Runner,
    metrics: Metrics,
    max_elements_age: timedelta,
) -> list[PlainRoute]:
    """The routes /livez, /readyz and /metrics. Ready: the store answers and keeps, and the jobs run."""
    checks: Mapping[str, Check] = {"store": _store_check(store), "jobs": _jobs_check(jobs)}

    def read_live(_: Request) -> Response:
        return _answer({"status": "alive"}, 200)

    def read_ready(_: Request) -> Response:
        told = {name: _run(check) for name, check in checks.items()}
        ready = not any(told.values())
        document = {
            "status": "ready" if ready else "not ready",
            "checks": {name: sentence or "ok" for name, sentence in told.items()},
        }
        if told["store"] is None:
            document["elements"] = _build_elements(store, clock, max_elements_age)
        return _answer(document, 200 if ready else 503)

    def read_metrics(_: Request) -> Response:
        return Response(metrics.build_text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return [
        PlainRoute("/livez", read_live, methods=["GET"]),
        PlainRoute("/readyz", read_ready, methods=["GET"]),
        PlainRoute("/metrics", read_metrics, methods=["GET"]),
    ]


def _store_check(store: Store) -> Check:
    def check() -> str | None:
        with store.read() as reader:
            reader.next_due_at()
        try:
            store.check_keeping()
        except Unavailable as error:
            return error.message
        return None

    return check


def _jobs_check(jobs: Runner) -> Check:
    return lambda: None if jobs.status().running else "the job runner does not run"


def _run(check: Check) -> str | None:
    try:
        return check()
    except Exception:
        log.exception("a readiness check failed")
        return "failed; the log says why"


def _build_elements(store: Store, clock: Clock, max_age: timedelta) -> dict[str, Any]:
    """How fresh the orbits are. Old ones stop planning, not the rest of the service, so they are told and no more."""
    now = clock.now()
    with store.read() as reader:
        epochs = [stored.epoch for stored in reader.elements()]
    return {
        "satellites": len(epochs),
        "usable": sum(now - epoch <= max_age for epoch in epochs),
        "oldest_epoch": format_time(min(epochs)) if epochs else None,
        "oldest_age_days": (now - min(epochs)) / timedelta(days=1) if epochs else None,
    }


def _answer(document: Any, status: int) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(document), status, headers, media_type="application/json")
