"""Calls a server over one connection that stays open, and tells what the calls cost it."""

import socket
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Call:
    """One request, repeated: `path` with its query, a body where it is a POST, and the features that it must give.

    Where the path has a place `{n:06}`, a number goes there that is another one each time.
    """

    name: str
    path: str
    body: bytes | None = None
    features: int | None = None


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor that the server spent on a call, calls a second, and how long one took."""

    cpu_ms: float
    per_s: float
    p50_ms: float
    p99_ms: float


class Connection:
    """HTTP/1.1 as plainly as it can be spoken, so that the caller takes little of the machine."""

    def __init__(self, port: int, headers: Sequence[tuple[str, str]]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb")
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in (("Host", "127.0.0.1"), *headers))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._reader.close()
        self._socket.close()

    def prepare(self, call: Call) -> Iterator[bytes]:
        """The bytes of a call, time after time."""
        if "{n" not in call.path:
            return repeat(self._write(call, call.path))
        return (self._write(call, call.path.format(n=n)) for n in count())

    def _write(self, call: Call, path: str) -> bytes:
        body = call.body
        kind = "" if body is None else f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        method = "GET" if body is None else "POST"
        return f"{method} {path} HTTP/1.1\r\n{self._headers}{kind}\r\n".encode() + (body or b"")

    def send(self, sent: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self._socket.sendall(sent)
        status, length = int(self._reader.readline().split(None, 2)[1]), 0
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"transfer-encoding":
                raise SystemExit("an answer came in chunks, which this caller does not read")
        return status, self._reader.read(length)


def measure(connection: Connection, process: int, call: Call, rounds: int, seconds: float) -> Cost:
    """The medians over rounds that each last about so many seconds."""
    sent = connection.prepare(call)
    check(call, *connection.send(next(sent)))
    costs = [_measure_round(connection, process, sent, seconds) for _ in range(rounds + 1)][1:]
    columns = zip(*((c.cpu_ms, c.per_s, c.p50_ms, c.p99_ms) for c in costs), strict=True)
    return Cost(*map(statistics.median, columns))


def check(call: Call, status: int, body: bytes) -> None:
    """Stop where the answer is not the one that shall be measured."""
    if status not in (200, 201):
        raise SystemExit(f"{call.name}: {call.path} was answered {status}: {body[:300]!r}")
    found = body.count(b'"type":"Feature"')
    if call.features is not None and found != call.features:
        raise SystemExit(f"{call.name}: {call.path} gave {found} features instead of {call.features}")


def read_cpu_s(process: int) -> float:
    """Processor seconds that the threads of a process have taken so far, user and system, to the nanosecond."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def _measure_round(connection: Connection, process: int, sent: Iterator[bytes], seconds: float) -> Cost:
    times: list[float] = []
    cpu_s, start = read_cpu_s(process), time.perf_counter()
    while (began := time.perf_counter()) - start < seconds:
        connection.send(next(sent))
        times.append(time.perf_counter() - began)
    whole = time.perf_counter() - start
    cpu_ms = (read_cpu_s(process) - cpu_s) * 1e3 / len(times)
    times.sort()
    p50, p99 = times[len(times) // 2], times[int(0.99 * len(times))]
    return Cost(cpu_ms, len(times) / whole, p50 * 1e3, p99 * 1e3)
