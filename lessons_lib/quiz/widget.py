"""The quiz on the page: native controls in the browser, answers judged in the kernel.

Used by `lessons_lib.quiz.ask`. It must not know how an answer is judged or kept: it hands a typed
answer on and sends back what to say. The script is ``quiz.js``, the look ``quiz.css``.

What is synchronised is what a browser may know and a notebook file may hold: the questions and
their options. Answers and feedback travel as messages, which no file keeps.
"""

import html
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from lessons_lib.record import page

HERE = Path(__file__).parent

Reply = dict[str, Any]
"""What to say about one question: id, verdict, headline, notes and the answer as understood."""


class QuizWidget(anywidget.AnyWidget):
    """Questions to answer, one card each.

    Parameters
    ----------
    questions : sequence of dict
        The public part of each question.
    label : str
        What screen readers call the whole.
    answer : callable
        ``answer(id, given) -> Reply``, called when the learner presses the button.
    restore : callable
        ``restore() -> list of Reply``, called when the widget appears on a page.
    """

    _esm = HERE / "quiz.js"
    _css = HERE / "quiz.css"
    questions = traitlets.List().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        questions: Sequence[dict],
        *,
        label: str,
        answer: Callable[[str, Any], Reply],
        restore: Callable[[], list[Reply]],
    ):
        super().__init__(questions=list(questions), label=label)
        self._answer, self._restore = answer, restore
        self.on_msg(self._receive)

    def say(self, reply: Reply, **more: Any) -> None:
        """Show a reply at its question."""
        self.send({"type": "reply", **reply, **more})

    def _receive(self, _widget: Any, message: dict, _buffers: Any) -> None:
        if message.get("type") == "hello":
            for reply in self._restore():
                self.say(reply, restored=True)
        elif message.get("type") == "answer":
            name, turn = message.get("id"), message.get("turn")
            self.send({"type": "heard", "id": name, "turn": turn})
            try:
                reply = self._answer(name, message.get("answer"))
            except Exception as error:  # the page must not wait for ever
                text = f"This answer could not be checked: {error}"
                reply = {"id": name, "verdict": "unreadable", "headline": text, "notes": []}
            self.say(reply, turn=turn)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict]:
        """The live widget, and for everything that cannot show it the questions as a text."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        data["text/plain"] = as_text(self.questions)
        data["text/html"] = as_markup(self.questions)
        return data, metadata


def as_text(questions: Sequence[dict]) -> str:
    """The questions as plain text."""
    lines = []
    for number, question in enumerate(questions, 1):
        lines.append(f"{number}. {question['ask']}{_unit(question)}")
        lines += [f"   {option['key']}) {option['text']}" for option in question["options"]]
    return "\n".join([*lines, "Run this cell to answer."])


def as_markup(questions: Sequence[dict]) -> str:
    """The questions as plain HTML."""
    items = []
    for question in questions:
        options = "".join(f"<li>{page.inline(one['text'])}</li>" for one in question["options"])
        options = f'<ol type="a">{options}</ol>' if options else ""
        items.append(
            f"<li>{page.inline(question['ask'])}{html.escape(_unit(question))}{options}</li>"
        )
    return f"<ol>{''.join(items)}</ol><p>Run this cell to answer.</p>"


def _unit(question: dict) -> str:
    return f" (in {question['unit']})" if question["unit"] else ""
