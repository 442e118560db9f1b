"""The table of accesses: NumPy columns, and the same in Arrow and pandas."""

import subprocess
import sys

import numpy as np
import pytest
from access_world import DAY_S, START_S, grus, spread

from swath.access import Accesses, find_accesses, stream_accesses

pandas = pytest.importorskip("pandas")
arrow = pytest.importorskip("pyarrow")

LON, LAT = spread(30)
NAMES = tuple(f"T{i}" for i in range(30))
COLUMNS = (
    "satellite,target,lon_deg,lat_deg,rise_utc,set_utc,t_max_utc,"
    "max_elevation_deg,off_nadir_deg,sun_elevation_deg,sun_azimuth_deg"
)


@pytest.fixture(scope="module")
def found() -> Accesses:
    return find_accesses([grus("GRUS-1B"), grus()], LON, LAT, START_S, START_S + DAY_S, min_elevation_deg=10)


def test_arrow_has_the_columns_that_the_command_writes(found: Accesses) -> None:
    table = found.to_arrow(NAMES)
    assert ",".join(table.column_names) == COLUMNS
    assert table.num_rows == len(found)
    assert table.schema.field("rise_utc").type == arrow.timestamp("us", "UTC")
    assert arrow.types.is_dictionary(table.schema.field("satellite").type)
    assert table.column("satellite").to_pylist()[:1] == ["GRUS-1B"]
    assert table.column("target").to_pylist() == [NAMES[target] for target in found.target]


def test_arrow_times_are_those_of_numpy_to_the_microsecond(found: Accesses) -> None:
    micros = found.to_arrow().column("t_max_utc").cast(arrow.int64()).to_numpy()
    assert np.abs(micros / 1e6 - found.t_max_s).max() < 1e-6


def test_targets_without_names_are_numbers(found: Accesses) -> None:
    assert found.to_arrow().column("target").to_pylist() == found.target.tolist()


def test_pandas_has_categories_and_aware_times(found: Accesses) -> None:
    frame = found.to_pandas(NAMES)
    assert ",".join(frame.columns) == COLUMNS
    assert list(frame["satellite"].cat.categories) == ["GRUS-1B", "GRUS-1A"]
    assert str(frame["rise_utc"].dtype) == "datetime64[us, UTC]"
    assert frame["max_elevation_deg"].tolist() == found.max_elevation_deg.tolist()
    assert len(frame[frame["target"] == "T3"]) == (found.target == 3).sum()


def test_targets_may_share_a_name(found: Accesses) -> None:
    frame = found.to_pandas(["here"] * 15 + ["there"] * 15)
    assert frame["target"].value_counts()["here"] == (found.target < 15).sum()


def test_each_target_needs_a_name(found: Accesses) -> None:
    with pytest.raises(ValueError, match="29 names for 30 targets"):
        found.to_arrow(NAMES[1:])


def test_copies_of_a_satellite_are_told_apart() -> None:
    twice = find_accesses([grus(), grus()], LON, LAT, START_S, START_S + DAY_S, min_elevation_deg=10)
    assert twice.satellites == ("GRUS-1A #1", "GRUS-1A #2")
    assert twice.to_pandas()["satellite"].nunique() == 2


def test_a_table_without_rows_has_its_columns() -> None:
    empty = find_accesses([], LON, LAT, START_S, START_S + DAY_S)
    assert ",".join(empty.to_pandas(NAMES).columns) == COLUMNS


def test_some_of_the_accesses_are_a_table_too(found: Accesses) -> None:
    low = found.take(found.max_elevation_deg < 20)
    assert 0 < len(low) < len(found)
    assert (low.max_elevation_deg < 20).all()
    assert len(low.sun_elevation_deg) == len(low)


def test_blocks_are_the_table_cut_in_pieces(found: Accesses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swath.access.accesses.PLACES_AT_A_TIME", 7)
    sets = [grus("GRUS-1B"), grus()]
    blocks = list(stream_accesses(sets, LON, LAT, START_S, START_S + DAY_S, min_elevation_deg=10))
    assert len(blocks) == 10
    assert np.concatenate([block.rise_s for block in blocks]) == pytest.approx(found.rise_s, abs=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("missing", "method"), [("pyarrow", "to_arrow"), ("pandas", "to_pandas")])
def test_without_the_extra_a_sentence_names_it(missing: str, method: str) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from swath.access import find_accesses\n"
        f"find_accesses([], [0], [0], 0.0, 1.0).{method}()"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    last = shown.stderr.strip().splitlines()[-1]
    assert last == (
        f"ModuleNotFoundError: This needs {missing}, which comes with the extra `notebook`: "
        "pip install 'swath[notebook]'"
    )
