"""Lesson 06 in a real browser: the whole of it, and the lab's sentence, which follows its controls."""

from layout import LEGIBLE, at_width
from visit import readable, status, visit

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l06_refresh import refresh_lab\nrefresh_lab()",
    """
import numpy as np, pandas as pd
from lessons_lib.labs import l06_board, l06_decay, l06_year

minutes = l06_board.MIDNIGHT + np.arange(0, l06_board.DAY, 600)
saw = minutes - l06_board.MIDNIGHT + 3 * l06_board.HOUR
l06_board.age_chart({"every night": saw, "every 3 h, what changed": saw % 10_800}, minutes)
""",
    """
skills = {name: np.linspace(0.16, low, 7) for name, low in zip(l06_decay.OLD, (-0.06, 0.15, -0.065))}
l06_decay.decay_chart(pd.DataFrame(skills, pd.Index(l06_decay.HOURS, name="age (h)")), 0.06)
""",
    """
columns = pd.MultiIndex.from_product([["timetable", "live"], ["January", "refreshed"]])
scores = np.linspace((0.17, 0.16, 0.15, 0.14), (0.21, 0.22, 0.2, 0.16), 10)
l06_year.year_chart(pd.DataFrame(scores, range(3, 13), columns))
""",
]
"""The lab, and the still charts of the lesson on invented numbers."""


def test_the_whole_lesson(desk):
    visit(desk, "06_how_stale_is_stale")


def test_the_charts_can_be_read_at_every_width(parts):
    parts.marks(".vega-embed")
    for width in (320, 640, 700, 1024, 1400):
        with at_width(parts, width) as found:
            assert found == LEGIBLE, width


def test_the_labs_sentence_follows_its_controls(parts):
    assert "every key once in 20 h" in status(parts)
    for name, told in (
        ("Every key once in", "every key once in 1.5 d"),
        ("Job time", "By changes is worse"),
        ("Changes of a key", "By changes is worse"),
        ("Skew", "at best"),
    ):
        parts.page.get_by_role("slider", name=name).press("ArrowRight")
        parts.wait_for_panels()
        assert told in status(parts)
    readable(parts, "refresh-lab")
