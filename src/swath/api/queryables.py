"""What filters and query strings may ask of each collection of the Tasking API."""

from swath.cql2 import Queryable
from swath.tasking.model import PlanStatus, Priority, RequestStatus


def _text(name: str, title: str, enum: tuple[str, ...] = ()) -> Queryable:
    return Queryable(name, "string", title=title, enum=enum)


def _number(name: str, title: str) -> Queryable:
    return Queryable(name, "number", title=title)


def _time(name: str, title: str) -> Queryable:
    return Queryable(name, "timestamp", title=title)


def _geometry(kind: str, title: str) -> Queryable:
    return Queryable("geometry", "geometry", title=title, geometry=kind)


SATELLITE_QUERYABLES = (
    _text("id", "Name"),
    _geometry("any", "Ground within reach now"),
    _text("platform", "Name"),
    _text("constellation", "Constellation"),
    _text("international_designator", "International designator"),
    Queryable("norad_id", "integer", title="NORAD catalogue number"),
    _number("gsd", "Ground sampling distance at nadir in metres"),
    _number("swath_width_km", "Width of the swath at nadir in kilometres"),
    _number("max_off_nadir_deg", "Greatest off-nadir angle in degrees"),
    _time("elements_epoch", "Epoch of the element set"),
    _text("sat:orbit_state", "Way of the daylight side", ("ascending", "descending")),
)
TRACK_QUERYABLES = (
    _text("id", "Ground track"),
    _geometry("multilinestring", "Line below the satellite"),
    _text("satellite_id", "Satellite"),
    _text("platform", "Satellite"),
    Queryable("revolution", "integer", title="Number of the revolution"),
    _time("start_time", "Start at the ascending node"),
    _time("end_time", "End at the next ascending node"),
)
PLAN_QUERYABLES = (
    _text("id", "Plan"),
    _geometry("any", "Area of interest"),
    _text("name", "Name"),
    _text("status", "Status", tuple(PlanStatus)),
    _time("created", "When the plan was made"),
    _time("valid_start", "Start of the time of interest"),
    _time("valid_end", "End of the time of interest"),
    Queryable("candidate_count", "integer", title="Number of candidates"),
    Queryable("satellites", "array", title="Satellites that may capture"),
)
CANDIDATE_QUERYABLES = (
    _text("id", "Candidate"),
    _geometry("any", "Footprint"),
    _text("task_plan_id", "Plan"),
    _text("platform", "Satellite"),
    _text("constellation", "Constellation"),
    _time("start_datetime", "Start of the capture"),
    _time("end_datetime", "End of the capture"),
    _time("valid_until", "Until when it can be asked for"),
    _time("uplink_by", "Last moment at which it can be commanded"),
    _time("expected_delivery", "By when its images are expected"),
    _time("created", "When it was found"),
    _number("plan_coverage", "Part of the area covered, in percent"),
    _number("expected_coverage", "Part of the area to expect when the orbit's error counts, in percent"),
    _number("coverage_probability", "Probability, 0 to 1, that the plan coverage is met"),
    _number("time_uncertainty_s", "One sigma of how late or early the satellite comes, in seconds"),
    _number("gsd", "Ground sampling distance in metres"),
    _number("view:off_nadir", "Off-nadir angle in degrees"),
    _number("view:azimuth", "Azimuth of the view in degrees"),
    _number("view:incidence_angle", "Incidence angle in degrees"),
    _number("view:sun_elevation", "Elevation of the Sun in degrees"),
    _number("view:sun_azimuth", "Azimuth of the Sun in degrees"),
    _text("sat:orbit_state", "Way of the satellite", ("ascending", "descending")),
    _number("roll_deg", "Roll in degrees"),
    _number("pitch_deg", "Pitch in degrees"),
    _time("elements_epoch", "Epoch of the element set"),
)
REQUEST_QUERYABLES = (
    _text("id", "Request"),
    _geometry("any", "Footprint"),
    _text("name", "Name"),
    _text("priority", "Priority", tuple(Priority)),
    _text("task_plan_id", "Plan"),
    _text("candidate_id", "Candidate"),
    _text("status", "Status", tuple(RequestStatus)),
    Queryable("final", "boolean", title="Whether a rejection is for good"),
    _time("created", "When the request was made"),
    _time("valid_start", "Start of the time in which it may be captured"),
    _time("valid_end", "End of the time in which it may be captured"),
    _time("planned_start", "Planned start of the capture"),
    _time("planned_end", "Planned end of the capture"),
    _text("planned_satellite", "Satellite of the planned capture"),
    Queryable("satellites", "array", title="Satellites that may capture"),
    _time("cancel_until", "Until when it can be canceled"),
    _text("ag:capture_id", "Capture"),
    _time("expected_delivery", "By when its images are expected"),
)
