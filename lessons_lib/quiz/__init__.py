"""Questions and predictions in a notebook: the banks, their grading, and the widget that asks."""

from lessons_lib.quiz.widget import predict, quiz

__all__ = ["predict", "quiz"]
