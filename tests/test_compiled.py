"""What is compiled is kept for exactly the sources that it was compiled from."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from swath import compiled
from swath.access.refine import refine_approaches
from swath.geo.kernels import dot, vertical_at

PACKAGE = Path(compiled.__file__).parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in compiled.ROOMS:
        shutil.copytree(PACKAGE / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_file_with_a_kernel_counts(copy: Path) -> None:
    before = compiled.digest_sources(copy)
    assert before == compiled.digest_sources(PACKAGE)
    with_kernels = [file for file in copy.rglob("*.py") if "@kernel" in file.read_text()]
    assert len(with_kernels) >= 8
    for file in with_kernels:
        text = file.read_text()
        file.write_text(text + "\nMORE = 1\n")
        assert compiled.digest_sources(copy) != before, file.name
        file.write_text(text)


def test_what_was_compiled_from_other_sources_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / "kernels-of-old").mkdir()
    (tmp_path / "something-else").mkdir()
    found = compiled.find_folder.__wrapped__()
    assert found.parent == tmp_path
    assert {path.name for path in tmp_path.iterdir()} == {found.name, "something-else"}


def test_where_nothing_can_be_kept_a_folder_of_ones_own_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/dev/null/nowhere")
    found = compiled.find_folder.__wrapped__()
    assert found.is_dir()
    found.rmdir()


def test_what_is_compiled_is_kept_by_one_at_a_time() -> None:
    inside: list[int] = []
    most: list[int] = []

    def save(key: int, _: object) -> None:
        inside.append(key)
        sleep(0.02)
        most.append(len(inside))
        inside.remove(key)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: compiled.save_alone(save, key, None), range(4)))
    assert most == [1, 1, 1, 1]


def test_kernels_keep_their_code_that_way() -> None:
    kept = dot._cache._cache_file
    assert kept.save.func is compiled.save_alone


def test_debuggers_may_have_plain_functions() -> None:
    look = "from swath.geo.kernels import dot; print(dot((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)), hasattr(dot, 'py_func'))"
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    told = subprocess.run([sys.executable, "-c", look], env=env, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["32.0", "False"]


def test_kernels_are_compiled_and_are_what_their_python_is() -> None:
    assert hasattr(refine_approaches, "py_func")
    up, curve = vertical_at((6.9e6, 1e5, 2e5))
    plain, plain_curve = vertical_at.py_func((6.9e6, 1e5, 2e5))
    assert up == pytest.approx(plain, abs=1e-15)
    assert curve == pytest.approx(plain_curve, rel=1e-15)
    assert dot(up, up) == pytest.approx(1.0, abs=1e-15)
    assert np.isfinite(curve)
