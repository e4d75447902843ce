"""The capstone: a design, or a router of your own, graded under traffic that nobody has shown it.

It knows virtual time alone: no server, and no file but the course's own data. `worlds` says what is
asked and what it is worth, `design` what is handed in, `attacks` what happens to it, `run` lets a
router answer in virtual time and checks what it says, `watch` keeps an eye on code of the
learner's, `grade` adds up.
"""

from lessons_lib.capstone.attacks import ATTACKS
from lessons_lib.capstone.design import Design, Forecast
from lessons_lib.capstone.grade import Grade, Report, practise, reference, submit
from lessons_lib.capstone.worlds import WORLDS, World

__all__ = [
    "ATTACKS",
    "WORLDS",
    "Design",
    "Forecast",
    "Grade",
    "Report",
    "World",
    "practise",
    "reference",
    "submit",
]
