"""What holds for the predictions and questions of every lesson as it is stored."""

import ast
import itertools
import json
import re

import pytest

from lessons_lib.quiz import bank
from lessons_lib.record import catalogue

NOTEBOOKS = sorted(catalogue.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
each_lesson = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def code(path):
    return ["".join(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code"]


def called(tree, name):
    """The calls of a function or a method of this name."""
    for node in ast.walk(tree):
        known = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
        if known and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
            yield node


def typed_in(tree):
    """The names that hold nothing but what was typed in."""
    names, computed = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target = {one.id for one in node.targets if isinstance(one, ast.Name)}
            (names if is_typed_in(node.value, names) else computed).update(target)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            computed.add(node.target.id)
    return names - computed


def is_typed_in(value, names=()):
    """Whether an expression holds literals alone, or names of literals."""
    parts = list(ast.walk(value))
    if any(isinstance(part, ast.Call | ast.Attribute) for part in parts):
        return False
    return all(part.id in names for part in parts if isinstance(part, ast.Name))


@each_lesson
def test_no_line_of_a_paragraph_begins_like_a_list_or_a_heading(path):
    begins = re.compile(r" {0,3}(?:\d+[.)]|[-+*]|#+|>) ")
    inside = re.compile(r"\s*$|  |<|\|")  # after these, and after its like, a new block may begin
    for cell in cells(path):
        if cell["cell_type"] == "markdown":
            lines = "".join(cell["source"]).split("\n")
            for before, line in itertools.pairwise(lines):
                if begins.match(line):
                    assert begins.match(before) or inside.match(before), f"{before}\n{line}"


@each_lesson
def test_what_a_run_gave_is_computed_and_never_typed_in(path):
    tree = ast.parse("\n".join(code(path)))
    names = typed_in(tree)
    for reveal in called(tree, "reveal"):
        [value] = reveal.args
        assert not is_typed_in(value, names), ast.unparse(reveal)


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        ("p.reveal(36.8)", True),
        ("p.reveal('The share of requests')", True),
        ("p.reveal(100 * -0.5)", True),
        ("gave = 36.8\np.reveal(100 * gave)", True),
        ("gave = 36.8\ngave += wait\np.reveal(gave)", False),
        ("p.reveal(100 * late[20])", False),
        ("p.reveal(gave(1, 2))", False),
    ],
)
def test_a_typed_in_outcome_is_noticed(source, typed):
    tree = ast.parse(source)
    [reveal] = called(tree, "reveal")
    assert is_typed_in(reveal.args[0], typed_in(tree)) == typed


@each_lesson
def test_every_prediction_is_revealed(path):
    tree = ast.parse("\n".join(code(path)))
    asked = {
        node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and list(called(node.value, "predict"))
    }
    assert asked == {reveal.func.value.id for reveal in called(tree, "reveal")}


@each_lesson
def test_every_question_of_the_bank_is_asked_once(path):
    lesson = path.stem[:2]
    asking = [source for source in code(path) if f'quiz("{lesson}"' in source]
    for question in bank.load(lesson):
        if question.kind != "predict":
            names = (f'"{question.id}"', f'"{question.id.partition("-")[2]}"')
            found = [
                source
                for source in asking
                if "only=" not in source or any(name in source for name in names)
            ]
            assert len(found) == 1, question.id


@each_lesson
def test_a_stored_outcome_without_a_guess_is_folded_with_all_that_shows_it(path):
    for cell in cells(path):
        if ".reveal(" in "".join(cell["source"]):
            assert [beside for beside in cell["outputs"] if not is_folded(beside)] == []


def is_folded(output):
    forms = {kind: "".join(text) for kind, text in output.get("data", {}).items()}
    folded, opens, told = forms.pop("text/html", "").partition("</summary>")
    plain = forms.pop("text/plain", "")
    return (
        folded.startswith("<details")
        and opens
        and "The run gave" in told
        and "The run gave" not in folded + plain
        and not forms
    )


@each_lesson
def test_no_cell_between_a_prediction_and_its_reveal_shows_the_outcome(path):
    asked = {}
    for cell in cells(path):
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        for reveal in called(tree, "reveal"):
            [gave] = outcomes(cell["outputs"])
            assert told(gave) & told(asked.pop(reveal.func.value.id)) == set(), gave
        asked = {name: text + shown_at_once(cell["outputs"]) for name, text in asked.items()}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and list(called(node.value, "predict")):
                asked[node.targets[0].id] = ""
    assert asked == {}


def outcomes(outputs):
    """What stands in the folds of a cell behind "The run gave"."""
    for output in outputs:
        markup = "".join(output.get("data", {}).get("text/html", ""))
        yield from re.findall(r"The run gave (.*?)\.(?:<|$)", markup)


def shown_at_once(outputs):
    """The text that can be read without unfolding anything."""
    parts = [
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs
    ]
    return "\n".join(map("".join, parts)) + "\n"


def told(text):
    """The numbers of a text to three digits; those of two digits or more as shares, too."""
    found = [one.replace(",", "") for one in re.findall(r"\d[\d,]*\.?\d*", text)]
    shares = [float(one) / 100 for one in found if len(one.replace(".", "").strip("0")) > 1]
    return {float(f"{value:.3g}") for value in [*map(float, found), *shares]} - {0}


@pytest.mark.parametrize(
    ("gave", "text", "seen"),
    [
        ("36.8 %", "hour\n6     0.078\n20    0.368", True),
        ("2,517 times", "2517 rows", True),
        ("63.4 %", "fan-out\n1       1%\n100    63%", False),
        ("36.8 %", "22% left late", False),
        ("200 ms", "Hint 2 of 3", False),
    ],
)
def test_an_outcome_that_is_shown_before_is_noticed(gave, text, seen):
    assert bool(told(gave) & told(text)) == seen


@pytest.mark.parametrize("part", ["dashboard()", 'quiz("due")'])
def test_a_cell_to_come_back_to_runs_by_itself(part, monkeypatch):
    """The start page says so: in a fresh kernel nothing else has been run."""
    found = [source for path in NOTEBOOKS for source in code(path) if part in source]
    assert found
    shown = []
    monkeypatch.setattr("lessons_lib.record.page.show", lambda *forms: shown.append(forms))
    for source in found:
        exec(compile(source, "cell", "exec"), {"__name__": "__main__"})
    assert len(shown) == len(found)
