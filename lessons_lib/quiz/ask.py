"""``quiz`` and ``predict``: questions in a notebook, with answers that outlive the kernel.

Used by every lesson. It joins the bank, the grading, the progress and the widget, and must not do
the work of any of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lessons_lib.quiz import bank
from lessons_lib.quiz.bank import BankError, Question
from lessons_lib.quiz.grade import Feedback, grade, plain_number
from lessons_lib.quiz.values import near_values, right_value
from lessons_lib.quiz.widget import QuizWidget, Reply
from lessons_lib.record import page, progress
from lessons_lib.record.state import QuestionState


def quiz(
    lesson: str,
    *,
    only: Sequence[str] | None = None,
    measured: Mapping[str, float] | None = None,
) -> "Quiz":
    """Show the questions of a lesson; earlier answers come back.

    Parameters
    ----------
    lesson : str
        Its two digits, or ``"due"`` for the questions of all lessons that are due again. Those
        are shown without the earlier answers.
    only : sequence of str, optional
        The ids of the questions to show, in this order.
    measured : mapping of str to float, optional
        The learner's own number for each question whose answer is ``measured``.

    Raises
    ------
    BankError
        If there is no such lesson, question or measured question.
    """
    if lesson == "due":
        questions = _due()
    else:
        questions = [one for one in bank.load(lesson) if one.kind != "predict"]
    if only is not None:
        questions = [_one_of(questions, name) for name in only]
    measured = dict(measured or {})
    for name in measured:
        if _one_of(questions, name).kind != "number" or bank.find(name).answer is not None:
            raise BankError(f"{name!r} has a computed answer: leave it out of `measured`.")
    shown = Quiz(questions, measured=measured, fresh=lesson == "due")
    if questions:
        page.show_widget(shown.widget)
    else:
        text = "No question is due again."
        page.show(text, page.box("", text))
    return shown


class Quiz:
    """Questions on a page; `widget` is what shows them.

    Parameters
    ----------
    questions : sequence of Question
        What to ask, of kind ``choose`` or ``number``.
    measured : mapping of str to float
        The learner's own numbers by question id.
    fresh : bool
        Whether earlier answers stay away.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        *,
        measured: Mapping[str, float] | None = None,
        fresh: bool = False,
    ):
        self.questions = {question.id: question for question in questions}
        self._measured, self._fresh = dict(measured or {}), fresh
        self.widget = QuizWidget(
            [question.public() for question in questions],
            label="Quiz",
            answer=self.answer,
            restore=self.restore,
        )

    def answer(self, name: str, given: Any) -> Reply:
        """Grade an answer, keep it, and say what came out."""
        question = self.questions[name]
        right, near = None, None
        if question.kind == "number":
            right = right_value(question, self._measured.get(name))
            near = None if right is None else near_values(question, right)
        feedback = grade(question, given, right=right, near=near)
        if feedback.verdict != "unreadable":
            fields = {"right": feedback.right, "answer": feedback.answer}
            progress.current().record("question", name, **fields)
        return _reply(name, feedback)

    def restore(self) -> list[Reply]:
        """What to say about each question that was answered before."""
        known = {} if self._fresh else progress.current().state().questions
        return [
            _reply(name, _remembered(question, known[name]))
            for name, question in self.questions.items()
            if name in known
        ]

    def _ipython_display_(self) -> None:
        """Nothing: `quiz` has shown it already."""


def _remembered(question: Question, was: QuestionState) -> Feedback:
    """The feedback on an earlier answer, without measuring or computing anything again."""
    if question.kind == "choose":
        return grade(question, was.answer)
    shown = f"{plain_number(float(was.answer))} {question.unit}".strip()
    notes = ((shown, question.why),) if was.right else ()
    verdict, headline = ("right", "Right.") if was.right else ("wrong", f"Not right: {shown}.")
    return Feedback(verdict, headline, notes, float(was.answer))


def _reply(name: str, feedback: Feedback) -> Reply:
    answer = feedback.answer
    return {
        "id": name,
        "verdict": feedback.verdict,
        "headline": feedback.headline,
        "notes": [list(note) for note in feedback.notes],
        "answer": plain_number(answer) if isinstance(answer, float) else answer,
    }


def _due() -> list[Question]:
    found = []
    for name in progress.current().state().due():
        try:
            found.append(bank.find(name))
        except BankError:  # a question that was renamed since
            continue
    return found


def _one_of(questions: Sequence[Question], name: str) -> Question:
    for question in questions:
        if question.id == name:
            return question
    known = ", ".join(question.id for question in questions) or "none"
    raise BankError(f"There is no question {name!r} here. Known: {known}.")
