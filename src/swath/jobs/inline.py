"""Jobs without threads or a database: work runs in the caller's thread. For tests and for studies."""

from collections.abc import Callable

from swath.tasking.model import DueWork


class InlineJobs:
    """The jobs port at its simplest. A nudge does nothing: whoever wants due work done asks for it with `run`."""

    def __init__(self, handle: Callable[[str], None]) -> None:
        self._handle = handle

    def nudge(self) -> None:
        """Nothing looks, so there is nothing to wake."""

    def run(self, due: DueWork) -> None:
        """Handle the row here and now; raises what the handler raises."""
        self._handle(due.id)
