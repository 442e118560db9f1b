"""Searches in pieces of bounded size, done ahead in threads, told in order; one failing satellite need not end all."""

from collections.abc import Callable, Iterable, Iterator

from swath.access.parallel import map_in_threads
from swath.access.table import Found
from swath.orbit.propagate import PropagationFailed

# Satellites times targets times seconds above which threads pay: some milliseconds of work.
WORTH_A_THREAD_S = 1e8

# The number of a satellite, and what finds a piece of its accesses.
Job = tuple[int, Callable[[], Found]]
OnFailure = Callable[[PropagationFailed], None]


def run_jobs(jobs: Iterable[Job], in_threads: bool, on_failure: OnFailure | None) -> Iterator[Found]:
    """What the jobs find, in their order.

    Of a satellite that cannot be propagated `on_failure` is told once, and the rest of its jobs are left out; without
    it PropagationFailed is raised.
    """
    failed: set[int] = set()
    for number, found in (map_in_threads if in_threads else map)(_run, jobs):
        if number in failed:
            continue
        if isinstance(found, Found):
            yield found
        elif on_failure is None:
            raise found
        else:
            failed.add(number)
            on_failure(found)


def _run(job: Job) -> tuple[int, Found | PropagationFailed]:
    number, find = job
    try:
        return number, find()
    except PropagationFailed as error:
        return number, error
