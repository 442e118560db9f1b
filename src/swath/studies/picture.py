"""A study at a glance: a map of the areas by how long one waits for an access, and how their coverage grows.

Needs matplotlib, which is not needed for anything else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import cos, radians
from typing import IO, TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from swath.clock import from_seconds
from swath.geo.antimeridian import TURN_DEG, polygons_of, unwrap
from swath.orbit.mean import DAY_S
from swath.studies.model import Study
from swath.studies.tables import AreaSummary, count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable

# Land inside a box in degrees, west, south, east, north, within -180..180.
FindLand = Callable[[float, float, float, float], BaseGeometry]

SIZE_IN = (13.0, 5.6)
DPI = 150
SEA, LAND, EDGE, UNKNOWN = "#eef3f7", "#dcdcd4", "#333333", "#ffffff"
COLOURS = "YlOrRd"
# Around all areas there is this part of their box, and at least so much.
MARGIN, LEAST_MARGIN_DEG = 0.15, 0.5
# Areas smaller than this part of the map get a mark.
SMALL = 0.02
# So many areas or fewer are called by their names.
MOST_NAMED = 8
FINEST = 1_500
# The picture of what is covered ends a little after everything is.
COMPLETE_PERCENT, BEYOND = 99.99, 1.15
HOUR_S, LONGEST_IN_HOURS_S = 3_600.0, 3 * DAY_S
TOGETHER: dict[str, Any] = {
    "color": "black",
    "linewidth": 2.0,
    "linestyle": ":",
    "label": "all areas together",
}
LEAST_COS = 0.2
EAST_ASIAN_FONTS = (
    "Noto Sans CJK JP",
    "IPAexGothic",
    "Hiragino Sans",
    "Yu Gothic",
    "MS Gothic",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "Malgun Gothic",
)


@dataclass(frozen=True)
class View:
    """A box of continuous longitudes: `east` may lie beyond 180 degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def aspect(self) -> float:
        """How much longer a degree of latitude is to be drawn than one of longitude."""
        return 1.0 / max(cos(radians((self.south + self.north) / 2)), LEAST_COS)

    def move_in(self, area: BaseGeometry) -> list[Polygon]:
        """The polygons of a cut area, moved a turn where that brings them into the view, and joined."""
        parts = polygons_of(area)
        moved = [translate(part, TURN_DEG) if part.bounds[2] <= self.west else part for part in parts]
        return polygons_of(shapely.union_all(moved))


def is_available() -> bool:
    """Whether matplotlib is there."""
    return find_spec("matplotlib") is not None


def draw_study(
    study: Study, summaries: Sequence[AreaSummary], stream: IO[bytes], land: FindLand | None = None
) -> None:
    """Write the picture of a study as PNG; with the land in it, where somebody finds it."""
    from matplotlib import rc_context

    with rc_context({"font.family": _find_fonts()}), catch_warnings():
        # Names in scripts that no font here has are drawn as boxes; the picture is none the worse.
        filterwarnings("ignore", message="Glyph .* missing from")
        _draw(study, summaries, stream, land)


def _draw(study: Study, summaries: Sequence[AreaSummary], stream: IO[bytes], land: FindLand | None) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, dpi=DPI, layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.35, 1.0))
    scale = _build_scale(summaries)
    _draw_map(left, summaries, scale, land)
    figure.colorbar(
        scale, ax=left, location="right", shrink=0.6, aspect=30, label="mean wait for the next access, hours"
    )
    _draw_curves(right, study, summaries)
    figure.suptitle(_title(study), fontsize=11)
    FigureCanvasAgg(figure).print_png(stream, metadata={"Software": "swath"})


def find_view(areas: Sequence[BaseGeometry]) -> View:
    """The box around cut areas, over the antimeridian where that is shorter, and a margin."""
    whole = unwrap(MultiPolygon([part for area in areas for part in polygons_of(area)]))
    west, south, east, north = whole.bounds
    margin = max(MARGIN * max(east - west, north - south), LEAST_MARGIN_DEG)
    low, high = max(south - margin, -90.0), min(north + margin, 90.0)
    if east - west + 2 * margin >= TURN_DEG:
        return View(-180.0, low, 180.0, high)
    return View(west - margin, low, east + margin, high)


def average_curves(summaries: Sequence[AreaSummary], t_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """What of all areas together is covered at times (T,), in percent of their square kilometres."""
    weights = np.array([summary.row.area_km2 for summary in summaries])
    percents = [_percent_at(summary, t_s) for summary in summaries]
    return np.average(percents, axis=0, weights=weights)


def _find_fonts() -> list[str]:
    """The usual font, and one that has East Asian names if the machine has any."""
    from matplotlib.font_manager import fontManager

    there = set(fontManager.get_font_names())
    return ["DejaVu Sans", *[name for name in EAST_ASIAN_FONTS if name in there][:1]]


def _build_scale(summaries: Sequence[AreaSummary]) -> "ScalarMappable":
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    return ScalarMappable(Normalize(0.0, max(summary.row.mean_wait_h for summary in summaries)), COLOURS)


def _colour_of(summary: AreaSummary, scale: "ScalarMappable") -> Any:
    return scale.to_rgba(np.asarray(summary.row.mean_wait_h)) if summary.row.accesses else UNKNOWN


def _draw_map(
    axes: "Axes", summaries: Sequence[AreaSummary], scale: "ScalarMappable", land: FindLand | None
) -> None:
    view = find_view([summary.area for summary in summaries])
    axes.set_facecolor(SEA)
    for ground in _find_land(view, land) if land else ():
        _draw_polygons(axes, polygons_of(ground), facecolor=LAND, edgecolor="#b5b5aa", linewidth=0.4)
    for summary in summaries:
        _draw_area(axes, summary, view, _colour_of(summary, scale), named=len(summaries) <= MOST_NAMED)
    if any(not summary.row.accesses for summary in summaries):
        axes.scatter([], [], color=UNKNOWN, edgecolor=EDGE, label="no access")
        axes.legend(loc="lower left", fontsize=8)
    axes.set(xlim=(view.west, view.east), ylim=(view.south, view.north), aspect=view.aspect)
    axes.xaxis.set_major_formatter(lambda lon, _: f"{lon if lon <= 180.0 else lon - TURN_DEG:g}°")
    axes.yaxis.set_major_formatter(lambda lat, _: f"{lat:g}°")
    axes.tick_params(labelsize=8)


def _draw_area(axes: "Axes", summary: AreaSummary, view: View, colour: Any, *, named: bool) -> None:
    parts = view.move_in(summary.area)
    west, south, east, north = MultiPolygon(parts).bounds
    _draw_polygons(axes, parts, facecolor=colour, edgecolor=EDGE, linewidth=0.5, zorder=2)
    if max(east - west, north - south) < SMALL * (view.east - view.west):
        axes.scatter((west + east) / 2, (south + north) / 2, s=22, color=colour, edgecolor=EDGE, zorder=3)
    if named:
        place = ((west + east) / 2, north)
        how: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "fontsize": 8, "zorder": 4}
        axes.annotate(summary.name, place, (0, 4), parse_math=False, **how)


def _find_land(view: View, land: FindLand) -> Iterator[BaseGeometry]:
    """The land of a view, turn by turn, no finer than it can be seen."""
    tolerance = (view.east - view.west) / FINEST
    for turn in (-TURN_DEG, 0.0, TURN_DEG):
        west, east = max(view.west - turn, -180.0), min(view.east - turn, 180.0)
        if west < east:
            yield translate(shapely.simplify(land(west, view.south, east, view.north), tolerance), turn)


def _draw_polygons(axes: "Axes", polygons: Sequence[Polygon], **how: Any) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    if rings:
        paths = [Path(shapely.get_coordinates(ring), closed=True) for ring in rings]
        axes.add_patch(PathPatch(Path.make_compound_path(*paths), **how))


def _draw_curves(axes: "Axes", study: Study, summaries: Sequence[AreaSummary]) -> None:
    shown_s = _find_shown_s(study, summaries)
    unit, unit_s = ("days", DAY_S) if shown_s > LONGEST_IN_HOURS_S else ("hours", HOUR_S)
    for i, summary in enumerate(summaries):
        t_s, percent = _steps_of(summary, study)
        how = _line_of(i, summary, few=len(summaries) <= MOST_NAMED)
        axes.plot((t_s - study.start_s) / unit_s, percent, drawstyle="steps-post", **how)
    if len(summaries) > 1:
        t_s = np.unique(np.concatenate([_steps_of(summary, study)[0] for summary in summaries]))
        percent = average_curves(summaries, t_s)
        axes.plot((t_s - study.start_s) / unit_s, percent, drawstyle="steps-post", **TOGETHER)
    begin = from_seconds(study.start_s).strftime("%Y-%m-%d %H:%M UTC")
    axes.set(xlim=(0.0, shown_s / unit_s), ylim=(0.0, 102.0))
    axes.set_xlabel(f"{unit} since {begin}", fontsize=9)
    axes.set_ylabel("covered, percent of the area", fontsize=9)
    axes.grid(alpha=0.3)
    axes.tick_params(labelsize=8)
    for text in axes.legend(loc="best", fontsize=8).get_texts():
        text.set_parse_math(False)


def _find_shown_s(study: Study, summaries: Sequence[AreaSummary]) -> float:
    """The whole range, or a little more than until everything is covered."""
    if any(summary.coverage.covered_percent < COMPLETE_PERCENT for summary in summaries):
        return study.end_s - study.start_s
    last_s = max(float(summary.coverage.t_s[-1]) for summary in summaries)
    return min(BEYOND * (last_s - study.start_s), study.end_s - study.start_s)


def _line_of(i: int, summary: AreaSummary, *, few: bool) -> dict[str, Any]:
    """A colour and a name of its own for each of a few curves; many are a crowd."""
    if few:
        return {"color": f"C{i}", "linewidth": 1.5, "label": summary.name}
    return {"color": "#777777", "linewidth": 0.6, "alpha": 0.5, "label": "" if i else "each area"}


def _steps_of(summary: AreaSummary, study: Study) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times (K + 2,) and percents of a curve, from the start of the range to its end."""
    curve = summary.coverage
    t_s = np.concatenate([[study.start_s], curve.t_s, [study.end_s]])
    return t_s, np.concatenate([[0.0], curve.percent, [curve.covered_percent]])


def _percent_at(summary: AreaSummary, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
    curve = summary.coverage
    return np.append(0.0, curve.percent)[np.searchsorted(curve.t_s, t_s, side="right")]


def _title(study: Study) -> str:
    dates = " to ".join(from_seconds(t_s).strftime("%Y-%m-%d") for t_s in (study.start_s, study.end_s))
    off_nadir = "" if study.max_off_nadir_deg is None else f" · off nadir up to {study.max_off_nadir_deg:g}°"
    sun = " · day and night" if study.min_sun_deg is None else f" · Sun above {study.min_sun_deg:g}°"
    counted = f" · accesses that cover {study.min_coverage_percent:g} % or more"
    who = f"{count(len(study.areas), 'area')} · {count(len(study.members), 'satellite')}"
    return f"{who} · {dates}{off_nadir}{sun}{counted}"
