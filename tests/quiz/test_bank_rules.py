"""A bank that breaks a rule is refused, with file, question, field, value and the way out."""

import re

import pytest
import yaml

from lessons_lib.quiz.bank import BankError, load_file
from lessons_lib.record import catalogue
from quiz.banks import EXAMPLE

BANKS = [EXAMPLE, *catalogue.bank_files().values()]


def example_text():
    return EXAMPLE.read_text(encoding="utf-8")


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
    assert questions[2].margin(100) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('lesson: "02"', 'lesson: "03"', "02.yaml, field lesson: '03' is not '02'"),
        ('lesson: "02"', "lesson: 2", "field lesson: 2 is no text to YAML. Put it in quotes"),
        ("id: l02-q1", "id: l03-q1", "question l03-q1, field id: 'l03-q1' must look like l02-q1"),
        ("id: l02-q2", "id: l02-q1", "question l02-q1, field id: 'l02-q1' is taken"),
        (
            "kind: choose",
            "kind: chose",
            "question l02-q1, field kind: 'chose' is no kind of question. Write choose,",
        ),
        ("covers: [F9]", "covers: [F99]", "field covers[1]: 'F99' Input should be 'F1', 'F2'"),
        ("covers: [F9]", "covers: []", "field covers: [] List should have at least 1 item"),
        (
            "covers: [F9]",
            "covers: F9",
            "field covers: 'F9' is no list. Start each entry with a dash",
        ),
        (
            "misconception: M16",
            "misconception: M20",
            "options[3].misconception: 'M20' Input should be 'M1', 'M2'",
        ),
        (
            "right: true\n",
            "right: yes\n",
            "options[2].right: 'yes' is no truth value. Write true or false.",
        ),
        ("right: true\n", "rigth: true\n", "options[2].rigth: is not known here. Did you mean"),
        ("right: true\n", "right: false\n", "question l02-q1: options have 0 right ones. Mark one"),
        ("several: true", "several: false", "have 2 right ones. Mark one, or add"),
        (
            "The prediction of the most similar key",
            "true",
            "options[1].text: True is no text to YAML. Put it in quotes",
        ),
        (
            "The prediction of the most similar key",
            "200",
            "options[1].text: 200 is no text to YAML. Put",
        ),
        ("The prediction of the most similar key", "", "options[1].text: None is no text"),
        (
            "within: 2 %",
            "within: two",
            "question l02-q3, field within: 'two' is no tolerance. Write a share",
        ),
        ("within: 2 %", "within: -1", "field within: -1 is no tolerance"),
        (
            "lessons_lib.theory:mean_age",
            "os:getpid",
            "field answer.call: 'os:getpid' String should match",
        ),
        ("times: 60", "times: 12:30", "near[3].times: '12:30' is no number. Write it like"),
        ("- value: 26\n", "- value: 26\n        times: 2\n", "near[2]: needs one of `times`"),
        ("{times: 0.001,", "{value: 0.001,", "cannot be known for a measured number"),
        ("unit: times", "unitt: times", "field unitt: is not known here. Did you mean 'unit'"),
        (
            "unit: times",
            "options: [one, one]",
            "field options: ['one', 'one'] holds an entry twice",
        ),
        ("unit: times", "options: [1, 2]", "field options[1]: 1 is no text to YAML"),
        ("questions:", "questions: []\nothers:", "field others: is not known"),
    ],
)
def test_a_broken_rule_is_named(old, new, message, tmp_path):
    text = example_text()
    assert old in text
    with pytest.raises(BankError, match=re.escape(message)):
        load_text(text.replace(old, new, 1), tmp_path)


def loaded(plain, tmp_path):
    """What a plain value is read as: the value of an argument in a bank."""
    text = example_text().replace("{interval: 24, job_time: 2}", f"{{interval: {plain}\n }}", 1)
    return load_text(text, tmp_path)[2].answer.arguments["interval"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("several: true", "several: true\n    several: true", "'several' stands twice"),
        ("    kind: choose", "\tkind: choose", "line 8: found character '\\t'"),
        ("What comes back?", "Why: because", "line 10: mapping values are not allowed"),
        ("ask: The table", "ask: *table", "line 10"),
        ("ask: The", "ask: !The", "line 10"),
        ("ask: The", "ask: 'The", "line"),
        ("ask: The", "ask: @home", "line 10"),
        ("ask: The", "<<: {kind: number}\n    ask: The", "field <<: is not known here"),
        ("questions:", "--- \nquestions:", "line"),
        ("kind: choose", "1: choose", "question l02-q1"),
        ("within: 20 %", "within: .nan", "field within: '.nan' is no tolerance"),
        ("within: 20 %", "within: .inf", "field within: '.inf' is no tolerance"),
        ("within: 20 %", "within: 1e999", "field within: inf is no tolerance"),
        ("within: 20 %", "within: true", "field within: True is no tolerance"),
        ("- value: 26", "- value: 1_000", "near[2].value: '1_000' is no number"),
        ("- value: 26", "- value: 1e999", "near[2].value: inf Input should be a finite number"),
        ("- value: 26", "- value: 0x1A", "near[2].value: '0x1A' is no number"),
    ],
)
def test_a_trap_of_yaml_is_named_with_its_place(old, new, message, tmp_path):
    text = example_text()
    assert old in text
    with pytest.raises(BankError, match=re.escape(message)) as refused:
        load_text(text.replace(old, new, 1), tmp_path)
    assert str(refused.value).startswith("02.yaml")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no fields"),
        (b"- 1", "has no fields"),
        (b'lesson: "02"\nquestions: [5]', "question 1: "),
        (b'lesson: "02"\nquestions: {a: 1}', "field questions: is no list"),
        (b'lesson: "02"\nquestions: [{id: l02-q1}]', "question l02-q1: has no `kind`"),
        ('lesson: "ü"'.encode("latin-1"), "Save it as plain text in UTF-8"),
        ('lesson: "02"'.encode("utf-16"), "Save it as plain text in UTF-8"),
        (b'lesson: "0\x002"', "Save it as plain text in UTF-8"),
    ],
)
def test_a_file_that_is_no_bank_is_named(content, message, tmp_path):
    path = tmp_path / "02.yaml"
    path.write_bytes(content)
    with pytest.raises(BankError, match=re.escape(message)) as refused:
        load_file(path)
    assert str(refused.value).startswith("02.yaml")
    assert "\n" not in str(refused.value)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "02.yaml"
    path.write_text(example_text(), encoding="utf-8-sig")
    assert len(load_file(path)) == 5


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
        ("0o17", "0o17"),
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
def test_plain_values_are_what_they_look_like(text, value, tmp_path):
    found = loaded(text, tmp_path)
    assert (found, type(found)) == (value, type(value))


def dropped(text):
    """What YAML takes out of a text without a word: anchors, tags, and all behind a #."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
            yield token
        plain = isinstance(token, yaml.ScalarToken) and token.plain
        # A note behind a value has two spaces before its # and one after it.
        if plain and re.match(r" ?#|[ \t]+#\S", text[token.end_mark.index :]):
            yield token


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.stem)
def test_nothing_in_a_bank_is_dropped_without_a_word(path):
    content = path.read_bytes()
    text = content.decode("utf-8")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert not set("\t\0\r") & set(text)
    assert list(dropped(text)) == []


@pytest.mark.parametrize("ask", ["The #1 reason", "The reason # one", "&The reason", "!a reason"])
def test_what_yaml_would_drop_is_noticed(ask):
    assert list(dropped(example_text().replace("What comes back?", f"What?\n    why: {ask}")))
