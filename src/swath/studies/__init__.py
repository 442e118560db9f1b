"""Studies: which captures satellites could make of areas, how often, and how soon all is covered. Pure arithmetic."""

from swath.studies.areas import build_square, load_areas, parse_areas
from swath.studies.files import Written, write_study
from swath.studies.members import build_members, choose_members
from swath.studies.model import Study, StudyArea, check_study
from swath.studies.run import AreaResult, run_study, stream_study

__all__ = [
    "AreaResult",
    "Study",
    "StudyArea",
    "Written",
    "build_members",
    "build_square",
    "check_study",
    "choose_members",
    "load_areas",
    "parse_areas",
    "run_study",
    "stream_study",
    "write_study",
]
