"""Ahead of Time, On Demand: the helper package of a hands-on course on static and dynamic inference.

Importing it costs nothing and needs only the standard library, so that ``python3 -m lessons_lib``
runs on a bare Python. The first cell of every notebook calls `setup`.
"""

import os

__version__ = "1.0.0"


def setup() -> None:
    """Make this notebook ready: charts that need no network, and one place for the progress."""
    # Before scikit-learn is loaded: more threads only make one row slower, on a busy machine by far.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from lessons_lib import charts
    from lessons_lib.record import progress

    charts.enable()
    progress.current()  # from here on, `%cd` leaves it where it is
