"""Compile every kernel, so that no first command waits for it: half a minute, and again only when they change."""

from swath import planning, scheduling

planning.warm_up()
scheduling.warm_up()
