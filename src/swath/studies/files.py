"""Writes a study down: tables for pandas, areas and footprints for QGIS, a picture, and what it was all made from.

Captures are written as they come and not kept, so that long studies need little memory. Every file appears under its
name at the end, when all are complete.
"""

import csv
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from swath.studies import picture, tables
from swath.studies.model import Study
from swath.studies.run import AreaResult
from swath.studies.tables import AreaSummary, CaptureRow, CoverageRow, RevisitRow

CAPTURES, REVISIT, COVERAGE = "captures.csv", "revisit.csv", "coverage.csv"
FOOTPRINTS, AREAS, DOCUMENT, PICTURE = "captures.geojson", "areas.geojson", "study.json", "study.png"


@dataclass(frozen=True)
class Written:
    """What was written: the names of the files, the document of the study, and the areas' statistics."""

    files: tuple[str, ...]
    document: dict[str, Any]
    summaries: tuple[AreaSummary, ...]


def write_study(
    study: Study,
    results: Iterable[AreaResult],
    folder: Path,
    *,
    sources: Mapping[str, str] | None = None,
    land: picture.FindLand | None = None,
) -> Written:
    """Write what a study finds, taken area by area, into a folder.

    `sources` says where areas, fleet and elements came from; `land` finds the land in a box, for the picture. There is
    no picture where matplotlib is missing, and one of an earlier study is removed. Raises OSError, and what the
    results raise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _Folder(folder) as files:
        summaries = _write_results(study, results, files)
        document = tables.build_document(study, summaries, sources or {})
        _write_areas(summaries, files)
        files.open(DOCUMENT).write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        if picture.is_available():
            picture.draw_study(study, summaries, files.open(PICTURE, binary=True), land)
    if not picture.is_available():
        (folder / PICTURE).unlink(missing_ok=True)
    return Written(files.names, document, summaries)


@contextmanager
def opened_when_complete(path: Path, *, binary: bool = False) -> Generator[IO[Any]]:
    """A file that appears under its name only when it is complete."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") if binary else part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Folder:
    """Files of a folder that are written together and appear together, as far as a file system allows."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self.names: tuple[str, ...] = ()

    def __enter__(self) -> "_Folder":
        return self

    def __exit__(self, *what: Any) -> None:
        self._stack.__exit__(*what)

    def open(self, name: str, *, binary: bool = False) -> IO[Any]:
        """A file to write to until the folder is left."""
        self.names += (name,)
        return self._stack.enter_context(opened_when_complete(self._folder / name, binary=binary))


def _write_results(study: Study, results: Iterable[AreaResult], files: _Folder) -> tuple[AreaSummary, ...]:
    captures = _open_csv(files, CAPTURES, CaptureRow._fields)
    coverage = _open_csv(files, COVERAGE, CoverageRow._fields)
    revisit = _open_csv(files, REVISIT, RevisitRow._fields)
    footprints, summaries = _Features(files.open(FOOTPRINTS)), list[AreaSummary]()
    for one, result in zip(study.areas, results, strict=True):
        rows = list(tables.build_capture_rows(study, result))
        captures(rows)
        footprints.write(tables.build_footprints(result), (row._asdict() for row in rows))
        coverage(tables.build_coverage_rows(study, result))
        summaries.append(tables.summarize(study, result, one.area))
        revisit([summaries[-1].row])
    footprints.end()
    return tuple(summaries)


def _write_areas(summaries: Sequence[AreaSummary], files: _Folder) -> None:
    areas = _Features(files.open(AREAS))
    geometries = tables.write_geometries([summary.area for summary in summaries])
    areas.write(geometries, (summary.row._asdict() for summary in summaries))
    areas.end()


def _open_csv(
    files: _Folder, name: str, columns: Sequence[str]
) -> Callable[[Iterable[Sequence[object]]], None]:
    writer = csv.writer(files.open(name), lineterminator="\n")
    writer.writerow(columns)
    return writer.writerows


class _Features:
    """A GeoJSON FeatureCollection that grows while it is written, one feature a line."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream, self._before = stream, ""
        stream.write('{"type": "FeatureCollection", "features": [\n')

    def write(self, geometries: Iterable[str], properties: Iterable[Mapping[str, Any]]) -> None:
        for line in self._lines(geometries, properties):
            self._stream.write(self._before + line)
            self._before = ",\n"

    def end(self) -> None:
        self._stream.write("\n]}\n")

    def _lines(self, geometries: Iterable[str], properties: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        for geometry, told in zip(geometries, properties, strict=True):
            text = json.dumps(told, ensure_ascii=False)
            yield f'{{"type": "Feature", "geometry": {geometry}, "properties": {text}}}'
