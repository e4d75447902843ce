"""Ahead of Time, On Demand: the helper package of a hands-on course on static and dynamic inference.

Importing it costs nothing and needs only the standard library, so that ``python3 -m lessons_lib``
runs on a bare Python. The first cell of every notebook calls `setup`.
"""

import os
import sys

__version__ = "1.0.0"
OLDEST, NEWEST = (3, 11), (3, 14)  # the Pythons that the lock is compiled for


def setup():
    """Make this notebook ready: charts that need no network, and one place for the progress."""
    own_files_last()
    # Before scikit-learn is loaded: more threads only make one row slower, on a busy machine by far.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # The services of the course run on this machine: no proxy may come in between.
    for name in ("NO_PROXY", "no_proxy"):
        if "127.0.0.1" not in os.environ.get(name, ""):
            os.environ[name] = ",".join(["127.0.0.1,localhost", os.environ.get(name, "")])
    try:
        from lessons_lib import charts
        from lessons_lib.record import progress

        charts.enable()
        progress.current()  # from here on, `%cd` leaves it where it is
    except Exception as error:  # a broken environment fails in many ways; the way out is one
        print(
            "The course's packages cannot be loaded ({}: {}): close JupyterLab, start it again by"
            " python3 -m lessons_lib lab, and use its kernel.".format(type(error).__name__, error)
        )


def own_files_last(*more):
    """Let a file of the learner's be imported only where no package and no module has its name.

    What lies in the current folder, on ``PYTHONPATH`` or in the folders of `more` goes to the end of
    the search path: a ``random.py`` or ``fastapi.py`` there would be taken for the real one.
    """
    theirs = {""}.union(more, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.path.sort(key=lambda folder: folder in theirs)
