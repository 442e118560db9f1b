"""Chances: the same strip of ground taken at other pitches of the same access, for the scheduler to choose from."""

from collections.abc import Sequence

import numpy as np
from shapely import intersection

from swath.access.arc import Arc, fit_arcs
from swath.access import Strip
from swath.fleet import GroundStation, Limits, Satellite
from swath.geo.antimeridian import Area, join
from swath.geo.plane import coverage_percent
from swath.orbit.elements import Elements
from swath.orbit.tracks import compute_revolutions
from swath.planning.model import Chance
from swath.planning.prospects import build_camera
from swath.planning.shots import Shot, build_strip
from swath.planning.strips import Camera, choose_rolls
from swath.planning.sweep import Outline, build_outline, sweep_outline
from swath.planning.uplinks import LOOK_BACK_S, Uplinks

PITCH_STEP_DEG = 5.0
MAX_PITCH_DEG = 20.0
# Another pitch may cover this much less of the area, in percent of it.
COVERAGE_SLACK_PERCENT = 1.0
