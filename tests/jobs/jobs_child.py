"""A process of its own that runs due work until it is killed: `jobs_child FOLDER EXECUTOR DEAD_AFTER_S`.

While there is a file `hold` in the folder, its handlers note that they began and wait.
"""

import sys
import threading
import time
from pathlib import Path

from tests.jobs.jobs_world import SharedRows

from swath.jobs.durable import DbosJobs


def main(folder: Path, executor_id: str, dead_after_s: float) -> None:
    rows = SharedRows(folder)

    def handle(due_id: str) -> None:
        rows.note(due_id, executor_id, "began")
        while (folder / "hold").exists():
            time.sleep(0.01)
        rows.finish(due_id, executor_id)
        rows.note(due_id, executor_id, "ended")

    jobs = DbosJobs(
        f"sqlite:///{folder / 'jobs.db'}", handle, rows.due, executor_id, dead_after_s=dead_after_s
    )
    jobs.start()
    print("started", flush=True)  # noqa: T201 - tells the test
    if sys.stdin.readline():
        jobs.stop()
    else:
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
