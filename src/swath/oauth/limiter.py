"""Counts what happens too often, and says how long to wait: guessing at secrets stays slow, and so does hammering."""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

MAX_KEYS = 10_000
# One customer of a network provider gets so many bits of an IPv6 address, and can call from all of them.
IPV6_NETWORK = 64


class Limiter:
    """At most `most` counts per key in `span_s` seconds, with a steady refill; old keys are forgotten."""

    def __init__(self, most: int, span_s: float, now_s: Callable[[], float] = time.monotonic) -> None:
        self._most, self._span_s, self._now_s = most, span_s, now_s
        self._guard = threading.Lock()
        # Per key: how many counts weigh on it, and when that was so. They wear off at most / span_s a second.
        self._weights: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, key: str) -> int:
        """Whole seconds until the key may try again; 0 when it may now."""
        with self._guard:
            over = self._weigh(key) - (self._most - 1)
        return max(0, ceil(over * self._span_s / self._most)) if over > 0 else 0

    def count(self, key: str) -> None:
        """One more of that key."""
        with self._guard:
            self._weights[key] = (self._weigh(key) + 1, self._now_s())
            self._weights.move_to_end(key)
            while len(self._weights) > MAX_KEYS:
                self._weights.popitem(last=False)

    def _weigh(self, key: str) -> float:
        weight, since_s = self._weights.get(key, (0.0, 0.0))
        return max(0.0, weight - (self._now_s() - since_s) * self._most / self._span_s)


def find_network(address: str) -> str:
    """What counts as one caller: an IPv4 address, the network of an IPv6 address, or the text when it is neither."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), IPV6_NETWORK), strict=False))
    return str(parsed)
