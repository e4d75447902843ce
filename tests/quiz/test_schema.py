"""A bank that breaks a rule is refused, with file, question, field and the way out."""

import re

import pytest

from lessons_lib.quiz import strict_yaml
from lessons_lib.quiz.bank import BankError, load_file
from lessons_lib.quiz.strict_yaml import YamlError
from quiz.banks import example_text


def load_text(text, tmp_path):
    path = tmp_path / "02.yaml"
    path.write_text(text, encoding="utf-8")
    return load_file(path)


def test_the_example_for_authors_is_a_bank(tmp_path):
    questions = load_text(example_text(), tmp_path)
    assert [question.kind for question in questions] == [
        "choose",
        "choose",
        "number",
        "number",
        "predict",
    ]
    assert questions[2].within == 0.02


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('lesson: "02"', 'lesson: "03"', "02.yaml, field lesson: is not '02'"),
        ('lesson: "02"', "lesson: 2", "field lesson: is the value 2 to YAML"),
        ("id: l02-q1", "id: l03-q1", "must look like l02-q1"),
        ("id: l02-q2", "id: l02-q1", "question l02-q1, field id: 'l02-q1' is taken"),
        ("kind: choose", "kind: chose", "question l02-q1, field kind: 'chose' must be one of"),
        ("covers: [F9]", "covers: [F99]", "field covers: 'F99' must be one of F1 to F30"),
        ("covers: [F9]", "covers: []", "field covers: must be a list of 1 or more"),
        ("covers: [F9]", "covers: F9", "field covers: must be a list"),
        ("misconception: M16", "misconception: M20", "options[3].misconception: 'M20' must be"),
        ("right: true\n", "right: yes\n", "options[2].right: is 'yes'. Write true or false."),
        ("right: true\n", "rigth: true\n", "options[2].rigth: is not known here. Did you mean"),
        ("right: true\n", "right: false\n", "field options: has 0 right ones. Mark one"),
        ("several: true", "several: false", "has 2 right ones. Mark one, or add"),
        ("The prediction of the most similar key", "true", "options[1].text: is the truth value"),
        ("The prediction of the most similar key", "200", "is the value 200 to YAML. Put"),
        ("The prediction of the most similar key", "", "options[1].text: is missing or empty"),
        ("within: 2 %", "within: two", "question l02-q3, field within: is 'two'"),
        ("within: 2 %", "within: -1", "field within: is -1. A tolerance is 0 or more"),
        ("lessons_lib.theory:mean_age", "os:getpid", "field answer.call: 'os:getpid' must look"),
        ("times: 60", "times: 12:30", "near[3].times: is '12:30'. Write a number"),
        ("- value: 26\n", "- value: 26\n        times: 2\n", "near[2]: needs one of `times`"),
        ("{times: 0.001,", "{value: 0.001,", "cannot be known for a measured number"),
        ("unit: times", "unitt: times", "field unitt: is not known here. Did you mean 'unit'"),
        ("unit: times", "options: [one, one]", "must hold 2 to 8 different texts"),
        ("unit: times", "options: [1, 2]", "1 is not text to YAML"),
        ("questions:", "questions: []\nothers:", "field others: is not known"),
    ],
)
def test_a_broken_rule_is_named(old, new, message, tmp_path):
    text = example_text()
    assert old in text
    with pytest.raises(BankError, match=re.escape(message)):
        load_text(text.replace(old, new, 1), tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "line 2: 'a' stands here a second time"),
        ("a:\n\t- 1", "line 2: a tab stands here"),
        ("ask: Why: because", "line 1: a colon followed by a space"),
        ("ask: The #1 reason", "line 1: a # cuts the text off"),
        ("ask: The reason # one", "line 1: a # cuts the text off"),
        ("1: a", "the key 1 is not text"),
        ("ask: 'open", "line 1"),
        ("ask: @home", "line 1"),
        ("", "is empty"),
    ],
)
def test_a_file_that_yaml_cannot_read_names_line_and_way_out(text, message):
    with pytest.raises(YamlError, match=re.escape(message)):
        strict_yaml.parse(text, "02.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes", "Yes"),
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("1e3", 1000.0),
        ("1.5E-3", 0.0015),
        ("007", "007"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("2013-07-03", "2013-07-03"),
        ("'1'", "1"),
        ("true", True),
        ("null", None),
        ("-0.5", -0.5),
        (".inf", ".inf"),
        ("one  # a note", "one"),
    ],
)
def test_plain_values_are_what_they_look_like(text, value):
    found = strict_yaml.parse(f"a: {text}", "x")["a"]
    assert (found, type(found)) == (value, type(value))
