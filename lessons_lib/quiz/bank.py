"""Question banks: one YAML file a lesson, read and checked here.

``questions/example.yaml`` shows how questions are written. It must not know widgets or progress.
"""

import math
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from lessons_lib.record import catalogue
from lessons_lib.record.state import LETTERS

FACTS = tuple(f"F{i}" for i in range(1, 31))
MISCONCEPTIONS = tuple(f"M{i}" for i in range(1, 20))


class BankError(ValueError):
    """A bank that breaks a rule; the message names file, question, field, value and the way out."""


def _must(holds: object, rule: str) -> None:
    if not holds:
        raise ValueError(rule)


def _different(found: list) -> list:
    _must(len(set(found)) == len(found), "holds an entry twice. Remove one.")
    return found


def _own_id(name: str, info: ValidationInfo) -> str:
    own = re.fullmatch(rf"l{info.context}-[a-z0-9-]{{1,26}}", name)
    _must(own, f"must look like l{info.context}-q1: small letters, digits, dashes.")
    return name


def _own_lesson(lesson: str, info: ValidationInfo) -> str:
    _must(lesson == info.context, f"is not {info.context!r}, as the file's name has it.")
    return lesson


def _readable(unit: str) -> str:
    _must(unit != "d", "is read by few as a unit. Write days.")
    return unit


def _tolerance(raw: Any) -> Any:
    number = isinstance(raw, int | float) and not isinstance(raw, bool) and 0 <= raw < 1e300
    share = isinstance(raw, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)? ?%", raw)
    _must(number or share, "is no tolerance. Write a share like 5 %, or a number in the unit.")
    return raw


def _computed(raw: Any) -> Any:
    _must(raw is not None, "is empty. Write a `call`, or the word measured.")
    return None if raw == "measured" else raw


def _greatest(unit: str, most: float | None) -> float:
    usual = {"%": 100.0, "share": 1.0}.get(unit, math.inf)
    return usual if most is None else most


Text = Annotated[str, Field(min_length=1, max_length=250)]
Why = Annotated[str, Field(min_length=15, max_length=500)]
Unit = Annotated[str, Field(max_length=30), AfterValidator(_readable)]
Misconception = Literal[*MISCONCEPTIONS]
Facts = Annotated[list[Literal[*FACTS]], AfterValidator(_different)]


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, str_strip_whitespace=True
    )


class Option(_Model):
    """One option of a `choose` question."""

    text: Text
    why: Why
    right: bool = False
    misconception: Misconception | None = None


class Call(_Model):
    """A library call that gives a number: ``function(**arguments) * times``."""

    function: str = Field(alias="call", pattern=r"^lessons_lib(\.\w+)+:\w+$")
    arguments: dict[str, Any] = Field({}, alias="with")
    times: float = 1.0


class Near(_Model):
    """A wrong number with a reason of its own: a factor, a value, or the call changed."""

    why: Why
    times: float | None = None
    value: float | None = None
    arguments: dict[str, Any] | None = Field(None, alias="with")
    misconception: Misconception | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Near":
        ways = (self.times, self.value, self.arguments)
        _must(ways.count(None) == 2, "needs one of `times`, `value` and `with`.")
        return self


class _Asked(_Model):
    """What every kind of question has."""

    id: Annotated[str, AfterValidator(_own_id)]
    ask: Annotated[str, Field(min_length=15, max_length=600)]
    covers: Facts = []

    @property
    def choices(self) -> dict[str, str]:
        """The text of each option by its letter; empty if a number is asked for."""
        texts = [getattr(one, "text", one) for one in getattr(self, "options", [])]
        return dict(zip(LETTERS, texts, strict=False))

    def public(self, order: Iterable[str] | None = None) -> dict[str, Any]:
        """What a browser may know: the question and its options, no answer and no reason.

        `order` holds the letters of the options as they are shown; the bank's own by default.
        """
        options = [{"key": key, "text": self.choices[key]} for key in order or self.choices]
        known = self.model_dump(include={"id", "kind", "ask", "several", "unit"})
        return {"several": False, "unit": "", **known, "options": options}


class Choose(_Asked):
    """One option is right, or some of them if `several`."""

    kind: Literal["choose"]
    covers: Facts = Field(min_length=1)
    several: bool = False
    options: list[Option] = Field(min_length=2, max_length=len(LETTERS))

    @model_validator(mode="after")
    def _some_are_right(self) -> "Choose":
        right = [option for option in self.options if option.right]
        misled = [option.text for option in right if option.misconception]
        _must(not misled, f"the right option {misled} cannot be a misconception. Remove it.")
        twice = len(set(self.choices.values())) < len(self.options)
        _must(not twice, "options hold the same text twice. Change one.")
        one = f"options have {len(right)} right ones. Mark one, or add `several: true`."
        _must(self.several or len(right) == 1, one)
        _must(0 < len(right) < len(self.options), "some options, not all, must be right.")
        return self

    @property
    def right_keys(self) -> frozenset[str]:
        """The letters of the right options."""
        return frozenset(key for key, one in zip(LETTERS, self.options, strict=False) if one.right)


class Number(_Asked):
    """A number; `answer` is the `Call` that gives it, or None if the learner measures it.

    Greater ones than `most` are read all the same, unless that is only one way to read what was typed.
    """

    kind: Literal["number"]
    covers: Facts = Field(min_length=1)
    unit: Unit
    most: float | None = None
    answer: Annotated[Call | None, BeforeValidator(_computed)]
    within: Annotated[Any, AfterValidator(_tolerance)]
    why: Why
    otherwise: Why
    near: list[Near] = []

    @model_validator(mode="after")
    def _near_a_measured_number_are_factors(self) -> "Number":
        for i, near in enumerate(self.near, 1):
            known = self.answer or near.times is not None
            _must(known, f"near[{i}] cannot be known for a measured number. Use `times`.")
        return self

    @property
    def greatest(self) -> float:
        """The greatest number that can be meant, in the unit."""
        return _greatest(self.unit, self.most)

    def margin(self, target: float) -> float:
        """How far from `target` still counts as `target`."""
        if isinstance(self.within, str):
            return float(self.within.rstrip(" %")) / 100 * abs(target)
        return self.within


class Predict(_Asked):
    """A guess before the run: a number in `unit`, or one of `options`.

    A number is refused below `least` and above `most`. Unless the bank says another, that is 0, and
    100 for a unit of % or 1 for one of share.
    """

    kind: Literal["predict"]
    unit: Unit = ""
    least: float = 0.0
    most: float | None = None
    options: Annotated[list[Text], AfterValidator(_different)] = Field([], max_length=len(LETTERS))

    @model_validator(mode="after")
    def _number_or_options(self) -> "Predict":
        one = len({"unit", "options"} & self.model_fields_set) == 1
        _must(one and len(self.options) != 1, "needs a `unit`, or two `options` or more.")
        bounded = {"least", "most"} & self.model_fields_set
        _must(not (bounded and self.options), "has `options`: take `least` and `most` away.")
        _must(self.least < self.bounds[1], "has a `most` that is not above its `least`.")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest number that can be, in the unit."""
        return self.least, _greatest(self.unit, self.most)


Question = Annotated[Choose | Number | Predict, Field(discriminator="kind")]


class Bank(_Model):
    """The content of a file."""

    lesson: Annotated[str, AfterValidator(_own_lesson)]
    questions: list[Question] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_differ(self) -> "Bank":
        names = [question.id for question in self.questions]
        for name in names:
            _must(names.count(name) == 1, f"question {name}, field id: {name!r} is taken.")
        return self


@cache
def load(lesson: str) -> tuple[Question, ...]:
    """The questions of a lesson; raises `BankError` if its bank is missing or breaks a rule."""
    files = catalogue.bank_files()
    if lesson not in files:
        known = ", ".join(files) or "none yet"
        raise BankError(f"Lesson {lesson!r} has no question bank. Lessons with one: {known}.")
    return load_file(files[lesson])


def load_file(path: Path) -> tuple[Question, ...]:
    """The questions of one file; see `load`."""
    content = None
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
        return tuple(Bank.model_validate(content, context=path.stem).questions)
    except ValidationError as error:
        problem = _broken_rule(error, content)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (
            f", line {mark.line + 1}: {error.problem}. Indent with spaces, quote text with signs."
        )
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        problem = f": {' '.join(str(error).split())}. Save it as plain text in UTF-8."
    raise BankError(path.name + problem)


def find(name: str) -> Question:
    """The question with this id; raises `BankError` if there is none."""
    if not re.fullmatch(r"l[0-9]{2}-[a-z0-9-]+", str(name)):
        raise BankError(f"{name!r} is no question's id: one looks like l02-q1.")
    return one_of(load(catalogue.lesson_of(name)), name)


def one_of(questions: Sequence[Question], name: str) -> Question:
    """The question with this id among `questions`; raises `BankError` if there is none."""
    for question in questions:
        if question.id == name:
            return question
    known = ", ".join(question.id for question in questions) or "none"
    raise BankError(f"There is no question {name!r} here. Known: {known}.")


_HINTS = {
    "missing": "is missing. Write it.",
    "string_type": "is no text to YAML. Put it in quotes.",
    "bool_type": "is no truth value. Write true or false.",
    "float_type": "is no number. Write it like 0.5, 20 or 1e3.",
    "list_type": "is no list. Start each entry with a dash.",
    "model_type": "has no fields. Write them like `name: value`.",
    "union_tag_invalid": "is no kind of question. Write choose, number or predict.",
    "union_tag_not_found": "has no `kind`. Write choose, number or predict.",
}


def _broken_rule(error: ValidationError, content: Any) -> str:
    """The first broken rule: question, field, value and the way out, in one line."""
    # A misspelt field first: what else is wrong may follow from it.
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    kind, place, value = first["type"], list(first["loc"]), first["input"]
    where = ""
    if place[:1] == ["questions"] and len(place) > 1:
        entry = content["questions"][place[1]]
        where = f", question {(isinstance(entry, dict) and entry.get('id')) or place[1] + 1}"
        place = place[3:]  # "questions", its position, its kind
    if kind == "union_tag_invalid":
        place, value = ["kind"], value.get("kind")
    if place:
        steps = [f"[{one + 1}]" if isinstance(one, int) else f".{one}" for one in place]
        where += f", field {''.join(steps).removeprefix('.')}"
    hint = _HINTS.get(kind, first["msg"].removeprefix("Value error, "))
    if kind == "extra_forbidden":
        models = (Option, Call, Near, Choose, Number, Predict, Bank)
        fields = {one.alias or name for m in models for name, one in m.model_fields.items()}
        near = get_close_matches(str(place[-1]), sorted(fields), 1)
        hint = f"is not known here. {f'Did you mean {near[0]!r}?' if near else 'Remove it.'}"
    mute = isinstance(value, dict | _Model) or kind == "extra_forbidden"
    return f"{where}: {'' if mute else f'{value!r:.80} '}{hint}"


class _Loader(yaml.SafeLoader):
    """YAML that is read as it looks: plain yes, 12:30, 007 and 1_000 are text, 1e3 is a number."""

    yaml_implicit_resolvers: ClassVar[dict] = {}

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                problem = f"{key.value!r} stands twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.end_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


for _name, _pattern in {
    "null": "~|null|",
    "bool": "true|false",
    "int": "[-+]?(0|[1-9][0-9]*)",
    "float": r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?",
}.items():
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(rf"(?:{_pattern})\Z"), None
    )
