"""Memory on board, worked out from the figures alone: second by second, and as sums over all intervals of passes."""

from itertools import pairwise

from swath.fleet.model import Memory


def simulate_gb(captures, memory: Memory, passes, on_board_gb: float = 0.0) -> float:
    """The most that is on board at any moment, when camera and downlink run side by side."""
    moments = sorted({t for span in (*_spans(captures), *passes) for t in span})
    level = most = on_board_gb
    for begin, end in pairwise(moments):
        filling = memory.fill_gb_s * _count_during(_spans(captures), begin, end)
        draining = memory.drain_gb_s * _count_during(passes, begin, end)
        level = max(0.0, level + (filling - draining) * (end - begin))
        most = max(most, level)
    return most


def sum_gb(captures, memory: Memory, passes, on_board_gb: float = 0.0, through=None) -> float:
    """The most that any interval of passes has to hold before the last of them drains.

    From the beginning, or from any capture during a pass on, all is added that starts before the end of the last
    pass, and what the passes in between drain is taken off. Only intervals with the capture `through` count.
    """
    ends = [*passes, (float("inf"), float("inf"))]
    most = 0.0
    for last, (_, end) in enumerate(ends):
        for since in range(-1, last):
            for start in _starts(since, captures, ends):
                mine = [c for c in captures if start <= c.start_s < end]
                if through is not None and through not in mine:
                    continue
                filled = memory.fill_gb_s * sum(c.end_s - c.start_s for c in mine)
                begun = on_board_gb if since < 0 else 0.0
                drained = memory.drain_gb_s * sum(b - max(a, start) for a, b in ends[max(since, 0) : last])
                most = max(most, begun + filled - drained)
    return most


def _starts(since, captures, ends):
    """Moments from which everything is counted: the beginning; the end of a pass, or any capture during it."""
    if since < 0:
        return [float("-inf")]
    a, b = ends[since]
    return [b, *(c.start_s for c in captures if a <= c.start_s < b)]


def _spans(captures):
    return [(c.start_s, c.end_s) for c in captures]


def _count_during(spans, begin, end):
    return sum(a <= begin and end <= b for a, b in spans)
