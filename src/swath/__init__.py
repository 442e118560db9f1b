"""Open satellite tasking: plans, candidates, schedules and images on real orbits."""

__version__ = "0.1.0"
