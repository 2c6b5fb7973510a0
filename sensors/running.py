"""When sensors run: unless they are switched off, and not while a night does their work."""

from __future__ import annotations

import dagster as dg

from assets.edges import Edges


def status(*, running: bool) -> dg.DefaultSensorStatus:
    """Whether a sensor runs before anybody switched it on or off."""
    return dg.DefaultSensorStatus.RUNNING if running else dg.DefaultSensorStatus.STOPPED


def in_the_night(edges: Edges) -> bool:
    """Whether a night, or a rebuild, runs at this moment on this machine."""
    from warehouse.exclusive import is_held

    return is_held(edges.home)
