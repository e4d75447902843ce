"""``quiz`` and ``predict``: questions on a page, answered in the browser and judged in the kernel.

A notebook file may hold what is synchronised: questions and options. Answers and feedback travel as
messages, each naming the view (one output on a page) that it comes from or goes to. The page's half
is ``quiz.js``. It must not know how an answer is judged.
"""

import contextlib
import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lessons_lib import charts
from lessons_lib.quiz import bank
from lessons_lib.quiz.bank import BankError, Predict, Question
from lessons_lib.quiz.grade import Feedback, grade, near_values, right_value
from lessons_lib.quiz.read_number import Unreadable, plain_number, read_number, rounded
from lessons_lib.record import page, progress
from lessons_lib.record.state import LETTERS, PredictionState, QuestionState, how_far, in_unit

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
        questions, measured = _due(), {**_measured(), **(measured or {})}
    else:
        questions = [one for one in bank.load(lesson) if one.kind != "predict"]
    if only is not None:
        questions = [bank.one_of(questions, name) for name in only]
    if lesson == "due":
        questions = [one for one in questions if not _is_measured(one) or one.id in measured]
    else:
        for name in measured or {}:
            if not _is_measured(bank.one_of(questions, name)):
                raise BankError(f"{name!r} has a computed answer: leave it out of `measured`.")
    shown = Quiz(questions, measured=measured, fresh=lesson == "due")
    if questions:
        shown.widget.show()
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
    shown.widget.show()
    return shown


def _due() -> list[Question]:
    """The questions that are due again, but for those that were renamed since."""
    questions = []
    for name in progress.current().state().due():
        with contextlib.suppress(BankError):
            questions.append(bank.find(name))
    return questions


def _measured() -> dict[str, float]:
    """The measurements by which answers were judged, by question."""
    known = progress.current().state().questions.items()
    return {name: one.measured for name, one in known if one.measured is not None}


def _is_measured(question: Question) -> bool:
    return question.kind == "number" and question.answer is None


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
            if _is_measured(question):
                fields["measured"] = right
            progress.current().record("question", name, **fields)
        return self._told(name, feedback)

    def restore(self) -> list[dict]:
        """What to say about each question that was answered before."""
        known = {} if self._fresh else progress.current().state().questions
        asked = self.questions.items()
        told = [(name, _remembered(one, known[name])) for name, one in asked if name in known]
        # What cannot be read was given to another question of that id.
        return [self._told(name, back) for name, back in told if back.verdict != "unreadable"]

    def _told(self, name: str, feedback: Feedback) -> dict:
        """The reply, with its notes in the order in which the options are shown."""
        place = {text: i for i, text in enumerate(self.widget.texts(name))}
        notes = sorted(feedback.notes, key=lambda note: place.get(note[0], 0))
        return _reply(name, replace(feedback, notes=tuple(notes)))

    def _ipython_display_(self) -> None:
        """Nothing: `quiz` has shown it already."""


class Prediction:
    """A prediction to commit to; the last commitment before the reveal counts."""

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
        if was.revealed and was.answer is not None:
            return self._told(was)
        choices = self.question.choices
        if choices and given not in [[key] for key in choices]:
            return _reply(name, Feedback("unreadable", "Choose one first."))
        try:
            value = given[0] if choices else self._possible(given)
        except Unreadable as problem:
            return _reply(name, Feedback("unreadable", str(problem)))
        progress.current().record("prediction", name, answer=value)
        return self._told(self._state())

    def restore(self) -> list[dict]:
        """What to say about an earlier commitment."""
        was = self._state()
        return [] if was.answer is None else [self._told(was)]

    def reveal(self, value: Any, *, beside: Sequence[Any] = ()) -> None:
        """Show what the run gave beside what was committed; without that, folded away.

        From here on a commitment is marked as made after the fact. `value` is a number in the
        question's unit, or the letter or the text of an option. `beside` are tables and charts in
        which the outcome can be read: they are shown below it, or folded away with it.
        """
        was, name = self._state(), self.question.id
        value = self._key(value) if self.question.choices else float(value)
        if not was.revealed or was.gave != value:
            told = {"gave": value} if isinstance(value, str) or math.isfinite(value) else {}
            progress.current().record("reveal", name, **told)
        gave = self._shown(value, digits=3)
        if was.answer is None:
            text, more = "You made no prediction: commit first, then look.", f"The run gave {gave}."
            more = page.inline(more) + "".join(map(page.markup, beside))
            page.show(text, page.disclosure(text, more))
            self.widget.say(_reply(name, Feedback("note", "The run has been shown.")))
            return
        late = " after the run had been shown" if was.late else ""
        text = f"You predicted {self._shown(was.answer)}{late}, the run gave {gave}."
        text += self._comparison(was.answer, value)
        page.show(text, page.box("", text))
        self.widget.say(self._told(self._state()))
        if isinstance(value, str) or math.isfinite(value):
            page.show_widget(charts.Still(self._drawn(was.answer, value)))
        for one in beside:
            page.show_widget(one)

    def on(self, chart: Any, axis: str, times: float = 1.0, **place: Any) -> Any:
        """`chart` with the guess on it, `times` its number on the `axis` "x" or "y".

        It is a line across the chart, or a point if `place` gives the other axis. Without a guess
        the chart is as it was.
        """
        guess = self.value
        return chart if guess is None else charts.guess(chart, **{axis: times * guess}, **place)

    def _ipython_display_(self) -> None:
        """Nothing: `predict` has shown it already."""

    def _state(self) -> PredictionState:
        was = progress.current().state().predictions.get(self.question.id, PredictionState())
        if isinstance(was.answer, str) != bool(self.question.choices):
            was.answer = None  # the question was another one then
        return was

    def _told(self, was: PredictionState) -> dict:
        late = ", after the run had been shown: it is marked as made after the fact"
        open_yet = ("Until the run is shown", "you can change it.")
        note = ("The run has been shown", "it stays.") if was.revealed else open_yet
        text = f"Committed: {self._shown(was.answer)}{late if was.late else ''}."
        given = [was.answer] if self.question.choices else was.answer
        reply = _reply(self.question.id, Feedback("committed", text, (note,), given))
        return {**reply, "stays": was.revealed}

    def _possible(self, given: Any) -> float:
        """The number that was typed; one that cannot be is refused as `Unreadable`."""
        least, most = self.question.bounds
        value = read_number(given, self.question.unit, most=most)
        if not least <= value <= most:
            least, most = self._shown(least), "" if math.isinf(most) else self._shown(most)
            span = f"from {least} to {most}" if most else f"of {least} or more"
            raise Unreadable(f"{self._shown(value)} cannot be. Give a number {span}.")
        return value

    def _key(self, value: Any) -> str:
        """The letter of an option that is named by its letter or its text."""
        keys = {text: key for key, text in self.question.choices.items()}
        return keys.get(value, value)

    def _drawn(self, guess: Any, gave: Any) -> Any:
        """Guess and outcome as a chart."""
        choices = self.question.choices
        if choices:
            texts = self.widget.texts(self.question.id)
            return charts.beside_options(choices[guess], choices.get(gave, gave), texts)
        texts = [self._shown(guess), self._shown(gave, digits=3)]
        return charts.beside(guess, gave, texts, self.question.unit)

    def _shown(self, value: Any, digits: int | None = None) -> str:
        if self.question.choices:
            return f"“{self.question.choices.get(value, value)}”"
        number = rounded(value, digits) if digits else plain_number(float(value))
        return in_unit(number, self.question.unit)

    def _comparison(self, predicted: Any, value: Any) -> str:
        if self.question.choices:
            return " So it was." if value == predicted else ""
        if not math.isfinite(value):
            return ""
        off = how_far(predicted, value)
        points = f", by {rounded(abs(predicted - value), 2)} percentage points"
        wide = self.question.unit == "%" and off.startswith(("within", "exact")) is False
        verb = "is" if off.startswith("within") else "was"
        return f" That {verb} {off}{points if wide else ''}."


class QuizWidget(anywidget.AnyWidget):
    """Questions to answer, one card each; the owner takes the answers and restores earlier ones."""

    _esm = HERE / "quiz.js"
    _css = HERE / "quiz.css"
    questions = traitlets.List().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, owner: Quiz | Prediction, label: str, questions: Sequence[Question]):
        shuffled = progress.current().shuffled
        asked = [question.public(shuffled(question.id, question.choices)) for question in questions]
        super().__init__(questions=asked, label=label)
        self._owner, self._kept, self._replies = owner, page.Kept(), {}
        self.on_msg(self._receive)

    def texts(self, name: str) -> list[str]:
        """The options of a question in the order in which they are shown."""
        [question] = [one for one in self.questions if one["id"] == name]
        return [option["text"] for option in question["options"]]

    def show(self) -> None:
        """Show the questions, and beside them, for a page without a kernel, what was answered."""
        page.show_widget(self)
        self._keep(*self._owner.restore())

    def say(self, reply: dict, **more: Any) -> None:
        """Show a reply at its question; in all views, or in the one that `to` names."""
        self.send({"type": "reply", **reply, **more})
        if reply["given"] is not None:
            self._keep(reply)

    def _keep(self, *replies: dict) -> None:
        """Put the answers that were given, and what was said about them, into the notebook."""
        new = {reply["id"]: reply for reply in replies}
        if new and new.items() <= self._replies.items():
            return
        self._replies.update(new)
        lines, items = [], []
        for number, question in enumerate(self.questions, 1):
            reply = self._replies.get(question["id"])
            if reply is None:
                continue
            notes = [f"{about}: {why}" for about, why in reply["notes"]]
            lines += [f"{number}. {reply['headline']}", *(f"   {note}" for note in notes)]
            told = "".join(f"<li>{page.inline(note)}</li>" for note in notes)
            headline = f"<strong>{page.inline(reply['headline'])}</strong>"
            ask = page.inline(question["ask"])
            items.append(f'<li value="{number}">{ask}<br>{headline}<ul>{told}</ul></li>')
        title = "What you answered" if items else ""
        markup = f"<p>{title}</p><ol>{''.join(items)}</ol>" if items else ""
        markup = f'<div class="lq-kept" lang="en" dir="ltr">{markup}</div>'
        self._kept.show("\n".join([title, *lines]), markup)

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
            options = zip(LETTERS, question["options"], strict=False)
            lines += [f"   {letter}) {option['text']}" for letter, option in options]
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
    shown = in_unit(plain_number(was.answer), question.unit)
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
