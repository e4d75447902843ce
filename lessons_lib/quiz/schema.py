"""Turns what a question file holds into questions, or says exactly what is wrong with it.

Used by `lessons_lib.quiz.bank`. It must not know files or widgets.
"""

import re
from typing import Any

from lessons_lib.quiz.bank import Call, Near, Option, Question
from lessons_lib.quiz.entry import Entry

KINDS = ("choose", "number", "predict")
FACTS = tuple(f"F{i}" for i in range(1, 31))
MISCONCEPTIONS = tuple(f"M{i}" for i in range(1, 20))

_COMMON = {"id", "kind", "ask", "covers"}
_FIELDS = {
    "choose": _COMMON | {"options", "several"},
    "number": _COMMON | {"unit", "answer", "within", "why", "otherwise", "near"},
    "predict": _COMMON | {"unit", "options"},
}


def build(content: Any, file: str, lesson: str) -> tuple[Question, ...]:
    """The questions in the content of a bank.

    Parameters
    ----------
    content : object
        What the YAML file holds.
    file, lesson : str
        The file's name for messages, and the lesson number that its name gives.

    Raises
    ------
    BankError
        If a rule is broken; the message names file, question id, field and the way out.
    """
    top = Entry(content, file, "")
    top.only({"lesson", "questions"})
    if top.text("lesson", 1, 2) != lesson:
        top.wrong("lesson", f"is not {lesson!r}, as the file's name has it.")
    questions: list[Question] = []
    for i, raw in enumerate(top.entries("questions", 1), 1):
        name = raw.get("id") if isinstance(raw, dict) and isinstance(raw.get("id"), str) else None
        entry = Entry(raw, file, f"question {name or i}")
        question = _question(entry, lesson)
        if question.id in [other.id for other in questions]:
            entry.wrong("id", f"{question.id!r} is taken. Give each question an id of its own.")
        questions.append(question)
    return tuple(questions)


def _question(entry: Entry, lesson: str) -> Question:
    name = entry.text("id", 5, 30)
    if not re.fullmatch(rf"l{lesson}-[a-z0-9-]+", name):
        entry.wrong("id", f"{name!r} must look like l{lesson}-q1: small letters, digits, dashes.")
    kind = entry.text("kind")
    if kind not in KINDS:
        entry.wrong("kind", f"{kind!r} must be one of {', '.join(KINDS)}.")
    entry.only(_FIELDS[kind])
    common = {"id": name, "kind": kind, "ask": entry.text("ask", 15, 600)}
    common["covers"] = entry.names("covers", FACTS, 0 if kind == "predict" else 1)
    return {"choose": _choose, "number": _number, "predict": _predict}[kind](entry, common)


def _choose(entry: Entry, common: dict) -> Question:
    options = []
    for i, raw in enumerate(entry.entries("options", 2)):
        part = entry.below(raw, f"options[{i + 1}]")
        part.only({"text", "why", "right", "misconception"})
        right = part.flag("right")
        if right and "misconception" in part.raw:
            part.wrong("misconception", "belongs to a wrong option, and this one is right.")
        options.append(
            Option(
                "abcdefgh"[i : i + 1],
                part.text("text", 1, 250),
                part.text("why", 15, 500),
                right,
                _belief(part),
            )
        )
    several, count = entry.flag("several"), sum(option.right for option in options)
    if len(options) > 8:
        entry.wrong("options", f"has {len(options)} entries. Use 8 or fewer.")
    if len({option.text for option in options}) < len(options):
        entry.wrong("options", "holds the same text twice.")
    if not several and count != 1:
        entry.wrong("options", f"has {count} right ones. Mark one, or add `several: true`.")
    if several and not 1 <= count < len(options):
        entry.wrong("options", f"has {count} right ones of {len(options)}. Some, not all, must be.")
    return Question(**common, options=tuple(options), several=several)


def _number(entry: Entry, common: dict) -> Question:
    answer = entry.raw.get("answer")
    call = None if answer == "measured" else _call(entry.below(answer, "answer"))
    within, relative = _within(entry)
    near = [
        _near(entry.below(raw, f"near[{i}]"), call)
        for i, raw in enumerate(entry.entries("near", 1), 1)
    ]
    return Question(
        **common,
        unit=entry.text("unit", 0, 30),
        answer=call,
        within=within,
        relative=relative,
        why=entry.text("why", 15),
        otherwise=entry.text("otherwise", 15),
        near=tuple(near),
    )


def _predict(entry: Entry, common: dict) -> Question:
    texts = entry.entries("options")
    if bool(texts) == ("unit" in entry.raw):
        entry.wrong("unit", "or `options` is needed, one of the two.")
    if not texts:
        return Question(**common, unit=entry.text("unit", 0, 30))
    for text in texts:
        if not isinstance(text, str):
            entry.wrong("options", f"{text!r} is not text to YAML. Put it in quotes.")
    options = [Option("abcdefgh"[i : i + 1], text, "") for i, text in enumerate(texts)]
    if not 2 <= len(options) <= 8 or len(set(texts)) < len(texts):
        entry.wrong("options", "must hold 2 to 8 different texts.")
    return Question(**common, options=tuple(options))


def _call(entry: Entry) -> Call:
    entry.only({"call", "with", "item", "times"})
    function = entry.text("call")
    if not re.fullmatch(r"lessons_lib(\.\w+)+:\w+", function):
        entry.wrong("call", f"{function!r} must look like lessons_lib.theory:mmc.")
    arguments = entry.raw.get("with", {})
    if not isinstance(arguments, dict):
        entry.wrong("with", "must hold keyword arguments, like {servers: 2}.")
    times = entry.number("times") if "times" in entry.raw else 1.0
    return Call(function, arguments, entry.raw.get("item"), times)


def _near(entry: Entry, call: Call | None) -> Near:
    entry.only({"why", "times", "value", "with", "misconception"})
    ways = [way for way in ("times", "value", "with") if way in entry.raw]
    if len(ways) != 1:
        entry.wrong("", "needs one of `times`, `value` and `with`.")
    if call is None and ways != ["times"]:
        entry.wrong(ways[0], "cannot be known for a measured number. Use `times`.")
    if ways == ["with"] and not isinstance(entry.raw["with"], dict):
        entry.wrong("with", "must hold keyword arguments, like {servers: 1}.")
    return Near(
        entry.text("why", 15),
        entry.number("times") if "times" in ways else None,
        entry.number("value") if "value" in ways else None,
        entry.raw.get("with"),
        _belief(entry),
    )


def _within(entry: Entry) -> tuple[float, bool]:
    raw = entry.raw.get("within")
    if isinstance(raw, str) and (share := re.fullmatch(r"(\d+(?:\.\d+)?) ?%", raw)):
        return float(share[1]) / 100, True
    if isinstance(raw, str) or raw is None:
        entry.wrong("within", f"is {raw!r}. Write a share like 5 % or a number in the unit.")
    if entry.number("within") < 0:
        entry.wrong("within", f"is {raw!r}. A tolerance is 0 or more.")
    return float(raw), False


def _belief(entry: Entry) -> str | None:
    belief = entry.raw.get("misconception")
    if belief is not None and belief not in MISCONCEPTIONS:
        entry.wrong("misconception", f"{belief!r} must be one of M1 to M19.")
    return belief
