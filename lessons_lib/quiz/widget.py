"""``quiz`` and ``predict``: questions on a page, answered in the browser and judged in the kernel.

A notebook file may hold what is synchronised: questions and options. Answers and feedback travel as
messages, each naming the view (one output on a page) that it comes from or goes to. The page's half
is ``quiz.js``. It must not know how an answer is judged.
"""

import contextlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lessons_lib.quiz import bank
from lessons_lib.quiz.bank import BankError, Predict, Question
from lessons_lib.quiz.grade import Feedback, grade, near_values, right_value
from lessons_lib.quiz.read_number import Unreadable, plain_number, read_number, rounded
from lessons_lib.record import page, progress
from lessons_lib.record.state import PredictionState, QuestionState

HERE = Path(__file__).parent


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
        questions = []
        for name in progress.current().state().due():
            with contextlib.suppress(BankError):  # a question that was renamed since
                questions.append(bank.find(name))
    else:
        questions = [one for one in bank.load(lesson) if one.kind != "predict"]
    if only is not None:
        questions = [bank.one_of(questions, name) for name in only]
    for name in measured or {}:
        question = bank.one_of(questions, name)
        if question.kind != "number" or question.answer is not None:
            raise BankError(f"{name!r} has a computed answer: leave it out of `measured`.")
    shown = Quiz(questions, measured=measured, fresh=lesson == "due")
    if questions:
        page.show_widget(shown.widget)
    else:
        text = "No question is due again."
        page.show(text, page.box("", text))
    return shown


def predict(name: str) -> "Prediction":
    """Ask for the prediction with this id, for example ``"l01-p1"``.

    ``.reveal(value)`` in a later cell compares it with the run. An id of no prediction raises
    `BankError`.
    """
    question = bank.find(name)
    if question.kind != "predict":
        raise BankError(f"{name!r} is of kind {question.kind!r}: show it with quiz().")
    shown = Prediction(question)
    page.show_widget(shown.widget)
    return shown


class Quiz:
    """Questions on a page, shown by `widget`; if `fresh`, without earlier answers."""

    def __init__(
        self,
        questions: Sequence[Question],
        *,
        measured: Mapping[str, float] | None = None,
        fresh: bool = False,
    ):
        self.questions = {question.id: question for question in questions}
        self._measured, self._fresh = dict(measured or {}), fresh
        self.widget = QuizWidget(self, "Quiz", questions)

    def take(self, name: str, given: Any) -> dict:
        """Grade an answer, keep it, and say what came out."""
        question = self.questions[name]
        right, near = None, None
        if question.kind == "number":
            right = right_value(question, self._measured.get(name))
            near = None if right is None else near_values(question, right)
        feedback = grade(question, given, right=right, near=near)
        if feedback.verdict != "unreadable":
            fields = {"right": feedback.right, "answer": feedback.given}
            progress.current().record("question", name, **fields)
        return _reply(name, feedback)

    def restore(self) -> list[dict]:
        """What to say about each question that was answered before."""
        known = {} if self._fresh else progress.current().state().questions
        asked = self.questions.items()
        told = [(name, _remembered(one, known[name])) for name, one in asked if name in known]
        # What cannot be read was given to another question of that id.
        return [_reply(name, back) for name, back in told if back.verdict != "unreadable"]

    def _ipython_display_(self) -> None:
        """Nothing: `quiz` has shown it already."""


class Prediction:
    """A prediction to commit to; the first commitment counts."""

    def __init__(self, question: Predict):
        self.question = question
        self.widget = QuizWidget(self, "Prediction", [question])

    @property
    def value(self) -> float | str | None:
        """What was committed: a number in the question's unit, an option's letter, or None."""
        return self._state().answer

    def take(self, name: str, given: Any) -> dict:
        """Commit to a prediction and say so."""
        was = self._state()
        if was.answer is not None:
            return self._told(was, "The first one counts.")
        choices = self.question.choices
        if choices and given not in [[key] for key in choices]:
            return _reply(name, Feedback("unreadable", "Choose one first."))
        try:
            value = given[0] if choices else read_number(given, self.question.unit)
        except Unreadable as problem:
            return _reply(name, Feedback("unreadable", str(problem)))
        progress.current().record("prediction", name, answer=value)
        return self._told(self._state(), "")

    def restore(self) -> list[dict]:
        """What to say about an earlier commitment."""
        was = self._state()
        return [] if was.answer is None else [self._told(was, "")]

    def reveal(self, value: Any) -> None:
        """Show what the run gave; from here on a commitment is marked as made after the fact.

        `value` is a number in the question's unit, or the letter or the text of an option.
        """
        was, name = self._state(), self.question.id
        if not was.revealed:
            progress.current().record("reveal", name)
        gave = self._shown(value, digits=3)
        if was.answer is None:
            text = f"You made no prediction. The run gave {gave}."
            self.widget.say(_reply(name, Feedback("note", "The run has been shown.")))
        else:
            late = " after the run had been shown" if was.late else ""
            text = f"You predicted {self._shown(was.answer)}{late}, the run gave {gave}."
            text += self._comparison(was.answer, value)
        page.show(text, page.box("", text))

    def _ipython_display_(self) -> None:
        """Nothing: `predict` has shown it already."""

    def _state(self) -> PredictionState:
        was = progress.current().state().predictions.get(self.question.id, PredictionState())
        if isinstance(was.answer, str) != bool(self.question.choices):
            was.answer = None  # the question was another one then
        return was

    def _told(self, was: PredictionState, more: str) -> dict:
        late = ", after the run had been shown: it is marked as made after the fact"
        text = f"Committed: {self._shown(was.answer)}{late if was.late else ''}. {more}"
        given = [was.answer] if self.question.choices else was.answer
        return _reply(self.question.id, Feedback("committed", text.strip(), given=given))

    def _shown(self, value: Any, digits: int | None = None) -> str:
        if self.question.choices:
            return f"“{self.question.choices.get(value, value)}”"
        number = rounded(value, digits) if digits else plain_number(float(value))
        return f"{number} {self.question.unit}".strip()

    def _comparison(self, predicted: Any, value: Any) -> str:
        if self.question.choices:
            return " So it was." if self._shown(value) == self._shown(predicted) else ""
        if not (predicted > 0 and value > 0):
            return ""
        ratio = predicted / value
        if 1 / 1.1 <= ratio <= 1.1:
            return " That is within 10 %."
        how = "high" if ratio > 1 else "low"
        return f" That was {rounded(max(ratio, 1 / ratio), 2)} times too {how}."


class QuizWidget(anywidget.AnyWidget):
    """Questions to answer, one card each; the owner takes the answers and restores earlier ones."""

    _esm = HERE / "quiz.js"
    _css = HERE / "quiz.css"
    questions = traitlets.List().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, owner: Quiz | Prediction, label: str, questions: Sequence[Question]):
        super().__init__(questions=[question.public() for question in questions], label=label)
        self._owner = owner
        self.on_msg(self._receive)

    def say(self, reply: dict, **more: Any) -> None:
        """Show a reply at its question; in all views, or in the one that `to` names."""
        self.send({"type": "reply", **reply, **more})

    def _receive(self, _widget: Any, message: dict, _buffers: Any) -> None:
        view, name, turn = message.get("me"), message.get("id"), message.get("turn")
        if message.get("type") == "hello":
            for reply in self._owner.restore():
                self.say(reply, to=view, restored=True)
        elif message.get("type") == "take":
            self.send({"type": "heard", "id": name, "to": view, "turn": turn})
            try:
                reply = self._owner.take(name, message.get("given"))
            except Exception as error:  # the page must not wait for ever
                text = f"This answer could not be checked: {error}"
                reply = _reply(name, Feedback("unreadable", text))
            self.say(reply, to=view, turn=turn)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        """The live widget, and for everything that cannot show it the questions as a text."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        lines, items = [], []
        for number, question in enumerate(self.questions, 1):
            unit = f" (in {question['unit']})" if question["unit"] else ""
            lines.append(f"{number}. {question['ask']}{unit}")
            lines += [f"   {option['key']}) {option['text']}" for option in question["options"]]
            options = "".join(f"<li>{page.inline(one['text'])}</li>" for one in question["options"])
            options = f'<ol type="a">{options}</ol>' if options else ""
            items.append(f"<li>{page.inline(question['ask'])}{html.escape(unit)}{options}</li>")
        data["text/plain"] = "\n".join([*lines, "Run this cell to answer."])
        data["text/html"] = f"<ol>{''.join(items)}</ol><p>Run this cell to answer.</p>"
        return data, metadata


def _remembered(question: Question, was: QuestionState) -> Feedback:
    """The feedback on an earlier answer, without measuring or computing anything again."""
    if question.kind == "choose":
        return grade(question, was.answer)
    if not isinstance(was.answer, int | float):
        return Feedback("unreadable", "")
    shown = f"{plain_number(was.answer)} {question.unit}".strip()
    notes = ((shown, question.why),) if was.right else ()
    verdict, headline = ("right", "Right.") if was.right else ("wrong", f"Not right: {shown}.")
    return Feedback(verdict, headline, notes, was.answer)


def _reply(name: str, feedback: Feedback) -> dict:
    """What the page is told about one question, and whether its answer could not be saved."""
    told = {"id": name, **asdict(feedback), "notes": [list(note) for note in feedback.notes]}
    trouble = progress.current().trouble
    if trouble and feedback.verdict != "unreadable":
        told["notes"].append(["Not saved", trouble])
    if isinstance(feedback.given, int | float):
        told["given"] = plain_number(feedback.given)
    return told
