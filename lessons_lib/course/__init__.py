"""The classroom: exercises that check themselves, questions, predictions, and a record of all.

Every lesson imports from here. The classroom stands on the top floor: it may know the laboratory,
the modes and the data, and none of them knows it.
"""

from lessons_lib.course.ask import quiz
from lessons_lib.course.dashboard import dashboard
from lessons_lib.course.exercise import exercise
from lessons_lib.course.prediction import predict
from lessons_lib.course.progress import export
from lessons_lib.course.ready import check_setup

__all__ = ["check_setup", "dashboard", "exercise", "export", "predict", "quiz"]
