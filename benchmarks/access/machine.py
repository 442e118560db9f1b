"""Where and on what the figures were taken: without this line they say nothing."""

import os
import platform
import shutil
import subprocess
from pathlib import Path


def describe() -> dict[str, str]:
    """Load is that of the last minute, before the measurements."""
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    return {
        "machine": f"{cores} cores of {read_cpu()}, load {load:.1f}, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "commit": read_commit(),
    }


def read_cpu() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "an unknown processor"


def read_commit() -> str:
    commit = git("rev-parse", "--short", "HEAD")
    changed = git("status", "--porcelain", "--", "src", "benchmarks")
    return f"{commit or 'unknown'}{' and changes' if changed else ''}"


def git(*arguments: str) -> str:
    """What git says; nothing where there is no git."""
    program = shutil.which("git")
    if program is None:
        return ""
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False).stdout.strip()
