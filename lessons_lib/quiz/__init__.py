"""Questions and predictions in a notebook: the banks, their grading, and the widget that asks."""

from lessons_lib.quiz.ask import quiz
from lessons_lib.quiz.prediction import predict

__all__ = ["predict", "quiz"]
