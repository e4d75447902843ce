"""``predict``: commit to a guess first, then see what the run gave.

Used by every lesson from 01 on. It joins the bank, the progress and the widget, as
`lessons_lib.quiz.ask` does for quizzes.
"""

from typing import Any

from lessons_lib.quiz import bank
from lessons_lib.quiz.bank import BankError, Question
from lessons_lib.quiz.grade import plain_number
from lessons_lib.quiz.read_number import Unreadable, read_number
from lessons_lib.quiz.widget import QuizWidget, Reply
from lessons_lib.record import page, progress
from lessons_lib.record.state import PredictionState


def predict(name: str) -> "Prediction":
    """Ask for a prediction; ``.reveal(value)`` in a later cell compares it with the run.

    Parameters
    ----------
    name : str
        The id of a question of kind ``predict``, for example ``"l01-p1"``.

    Raises
    ------
    BankError
        If there is no such prediction.
    """
    question = bank.find(name)
    if question.kind != "predict":
        raise BankError(f"{name!r} is of kind {question.kind!r}: show it with quiz().")
    shown = Prediction(question)
    page.show_widget(shown.widget)
    return shown


class Prediction:
    """A prediction to commit to; the first commitment counts.

    Parameters
    ----------
    question : Question
        Of kind ``predict``.
    """

    def __init__(self, question: Question):
        self.question = question
        self.widget = QuizWidget(
            [question.public()], label="Prediction", answer=self.answer, restore=self.restore
        )

    @property
    def value(self) -> float | str | None:
        """What was committed: a number in the question's unit, an option's letter, or None."""
        return self._state().answer

    def answer(self, name: str, given: Any) -> Reply:
        """Commit to a prediction and say so."""
        was = self._state()
        if was.answer is not None:
            return self._told(was, "The first one counts.")
        try:
            value = self._read(given)
        except Unreadable as problem:
            return self._say("unreadable", str(problem), None)
        progress.current().record("prediction", name, answer=value)
        return self._told(self._state(), "")

    def restore(self) -> list[Reply]:
        """What to say about an earlier commitment."""
        was = self._state()
        return [] if was.answer is None else [self._told(was, "")]

    def reveal(self, value: Any) -> None:
        """Show what the run gave, beside what was predicted.

        From here on a commitment is marked as made after the fact.

        Parameters
        ----------
        value : float or str
            A number in the question's unit; for a question with options the letter or the text.
        """
        was = self._state()
        if not was.revealed:
            progress.current().record("reveal", self.question.id)
        gave = self._shown(value, rounded=True)
        if was.answer is None:
            text = f"You made no prediction. The run gave {gave}."
            self.widget.say(self._say("note", "The run has been shown.", None))
        else:
            late = " after the run had been shown" if was.late else ""
            text = f"You predicted {self._shown(was.answer)}{late}, the run gave {gave}."
            text += self._comparison(was.answer, value)
        page.show(text, page.box("", text))

    def _ipython_display_(self) -> None:
        """Nothing: `predict` has shown it already."""

    def _state(self) -> PredictionState:
        known = progress.current().state().predictions
        return known.get(self.question.id, PredictionState())

    def _read(self, given: Any) -> float | str:
        keys = [option.key for option in self.question.options]
        if keys:
            if not (isinstance(given, list) and len(given) == 1 and given[0] in keys):
                raise Unreadable("Choose one first.")
            return given[0]
        if not isinstance(given, str) or not given.strip():
            raise Unreadable("Type a number first.")
        return read_number(given, self.question.unit)

    def _told(self, was: PredictionState, more: str) -> Reply:
        late = ", after the run had been shown: it is marked as made after the fact"
        text = f"Committed: {self._shown(was.answer)}{late if was.late else ''}. {more}"
        return self._say("committed", text.strip(), was.answer)

    def _say(self, verdict: str, headline: str, answer: Any) -> Reply:
        if answer is not None:
            answer = [answer] if self.question.options else plain_number(float(answer))
        name = self.question.id
        return {
            "id": name,
            "verdict": verdict,
            "headline": headline,
            "notes": [],
            "answer": answer,
        }

    def _shown(self, value: Any, *, rounded: bool = False) -> str:
        if self.question.options:
            texts = {option.key: option.text for option in self.question.options}
            return f"“{texts.get(value, value)}”"
        number = _rounded(value, 3) if rounded else plain_number(float(value))
        return f"{number} {self.question.unit}".strip()

    def _comparison(self, predicted: Any, value: Any) -> str:
        if self.question.options:
            text = self._shown(value)
            return " So it was." if text == self._shown(predicted) else ""
        if not (predicted > 0 and value > 0):
            return ""
        ratio = predicted / value
        if 1 / 1.1 <= ratio <= 1.1:
            return " That is within 10 %."
        how = "high" if ratio > 1 else "low"
        return f" That was {_rounded(max(ratio, 1 / ratio), 2)} times too {how}."


def _rounded(value: float, digits: int) -> str:
    """A number to so many significant digits, without an exponent where it can be read."""
    return f"{float(f'{value:.{digits}g}'):,.12g}"
