"""Predictions: committed first, compared and drawn afterwards."""

import json

import altair as alt
import pandas as pd
import pytest

from lessons_lib import charts
from lessons_lib.quiz import bank, widget
from lessons_lib.quiz.bank import BankError, Predict
from lessons_lib.quiz.widget import Prediction, predict
from lessons_lib.record.progress import current
from quiz.banks import all_banks, example

NUMBER = example()[-1]
CHOICE = NUMBER.model_copy(
    update={"id": "l02-p2", "unit": "", "options": ["The table", "The model"]}
)
ASKED = [one for bank in all_banks().values() for one in bank if one.kind == "predict"]


@pytest.fixture
def shown(monkeypatch):
    """The texts that `reveal` shows."""
    texts = []
    monkeypatch.setattr(widget.page, "show", lambda text, markup: texts.append(text))
    return texts


@pytest.fixture
def drawn(monkeypatch):
    """The specifications of the charts that `reveal` shows."""
    found = []
    monkeypatch.setattr(widget.page, "show_widget", lambda one: found.append(one.chart.to_dict()))
    return found


@pytest.mark.parametrize(
    ("typed", "value", "text"),
    [
        ("300", 41.234, "You predicted 300 times, the run gave 41.2 times. That was 7.3 times too"),
        ("40", 41.2, "That is within 10 %."),
        ("0,5", 1234.5, "the run gave 1,230 times. That was 2,500 times too low."),
        ("30", 36.8, "That was 18 % too low."),
        ("15", 10, "That was 50 % too high."),
        ("0", 3, "You predicted 0 times, the run gave 3 times. That was too low."),
        ("0", 0, "That was exact."),
        ("3", float("nan"), "the run gave nan times."),
    ],
)
def test_a_commitment_is_compared_with_the_run(typed, value, text, shown):
    made = Prediction(NUMBER)
    assert made.take("l02-p1", typed)["verdict"] == "committed"
    made.reveal(value)
    assert text in shown[0]
    assert "after" not in shown[0]


def test_shares_are_compared_in_percentage_points_too(shown):
    made = Prediction(NUMBER.model_copy(update={"unit": "%"}))
    made.take("l02-p1", "30")
    made.reveal(36.8)
    assert shown[0].endswith("That was 18 % too low, by 6.8 percentage points.")


def test_without_a_commitment_the_run_goes_on_and_the_value_is_folded(monkeypatch, drawn):
    found = []
    monkeypatch.setattr(widget.page, "show", lambda *forms: found.append(forms))
    made = Prediction(NUMBER)
    assert made.value is None
    made.reveal(41)
    [(text, markup)] = found
    assert text == "You made no prediction: commit first, then look."
    assert "41" not in text
    folded, opened = markup.split("</summary>")
    assert folded.startswith("<details")
    assert "41" not in folded
    assert "The run gave 41 times." in opened
    assert drawn == [], "there is no guess to draw"


def beside():
    """A table, a series and a chart of an outcome, and what tells each of them in HTML."""
    rows = pd.DataFrame({"hour": [6, 20], "share": [0.078, 0.368]})
    chart = alt.Chart(rows, title="Late").mark_bar().encode(alt.X("hour:O"), alt.Y("share:Q"))
    return {"<td>0.368</td>": rows, "1    0.368": rows["share"], "Late: chart of": chart}


def test_what_shows_the_outcome_is_folded_away_with_it(monkeypatch, drawn):
    found = []
    monkeypatch.setattr(widget.page, "show", lambda *forms: found.append(forms))
    charts.enable()
    Prediction(NUMBER).reveal(41, beside=list(beside().values()))
    [(text, markup)] = found
    folded, opened = markup.split("</summary>")
    assert "368" not in text + folded
    for part in beside():
        assert part in opened
    assert 'src="data:image/png;base64,iVBOR' in opened
    assert drawn == []


def test_with_a_commitment_it_is_shown_as_it_is(monkeypatch, shown):
    after = []
    monkeypatch.setattr(widget.page, "show_widget", after.append)
    made = Prediction(NUMBER)
    made.take("l02-p1", "300")
    things = list(beside().values())
    made.reveal(41, beside=things)
    assert len(after) == 1 + len(things)
    assert all(one is thing for one, thing in zip(after[1:], things, strict=True))


def test_a_commitment_after_the_run_is_marked(shown):
    made = Prediction(NUMBER)
    made.reveal(41)
    assert "made after the fact" in made.take("l02-p1", "41")["headline"]
    Prediction(NUMBER).reveal(41)
    assert shown[1].startswith("You predicted 41 times after the run had been shown, the run gave")


def test_a_typo_can_be_corrected_until_the_reveal_and_not_after_it(shown):
    made = Prediction(NUMBER)
    first = made.take("l02-p1", "300")
    assert first["headline"] == "Committed: 300 times."
    assert first["notes"] == [["Until the run is shown", "you can change it."]]
    assert not first["stays"]
    assert made.take("l02-p1", "30")["verdict"] == "committed"
    assert made.value == 30.0
    made.reveal(41)
    after = made.take("l02-p1", "41")
    assert after["notes"] == [["The run has been shown", "it stays."]]
    assert after["stays"]
    assert made.value == 30.0
    restored = Prediction(NUMBER).restore()
    assert [(reply["given"], reply["stays"]) for reply in restored] == [("30", True)]
    assert "after the fact" not in restored[0]["headline"]


@pytest.mark.parametrize("given", ["", "many", None, ["a"], "5 rows"])
def test_what_is_no_prediction_is_not_kept(given):
    made = Prediction(NUMBER)
    assert made.take("l02-p1", given)["verdict"] == "unreadable"
    assert made.value is None


@pytest.mark.parametrize(
    ("unit", "typed", "told"),
    [
        ("%", "-5", "-5 % cannot be. Give a number from 0 % to 100 %."),
        ("%", "120", "120 % cannot be."),
        ("share", "20", "20 share cannot be. Give a number from 0 share to 1 share."),
        ("min", "-3", "-3 min cannot be. Give a number of 0 min or more."),
        ("ms", "-1 s", "-1000 ms cannot be."),
        ("servers", "−2", "-2 servers cannot be."),
        ("times", "-7", "-7 times cannot be."),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_a_word(unit, typed, told):
    made = Prediction(NUMBER.model_copy(update={"unit": unit}))
    reply = made.take("l02-p1", typed)
    assert reply["verdict"] == "unreadable"
    assert reply["headline"].startswith(told)
    assert made.value is None
    assert made.take("l02-p1", "0.5")["verdict"] == "committed"


def test_a_question_may_allow_other_numbers():
    made = Prediction(NUMBER.model_copy(update={"unit": "%", "least": -50.0, "most": 300.0}))
    for typed, verdict in (("-5", "committed"), ("250", "committed"), ("301", "unreadable")):
        assert made.take("l02-p1", typed)["verdict"] == verdict


@pytest.mark.parametrize("question", ASKED, ids=lambda question: question.id)
def test_every_prediction_refuses_what_cannot_be(question):
    made = Prediction(question)
    if question.options:
        assert made.take(question.id, ["z"])["verdict"] == "unreadable"
        return
    least, most = question.bounds
    assert made.take(question.id, f"{least - 5:.0f}")["verdict"] == "unreadable"
    if question.unit == "%":
        assert most == 100
        assert made.take(question.id, "101 %")["verdict"] == "unreadable"


def test_a_choice_can_be_revealed_by_letter_or_text(shown):
    made = Prediction(CHOICE)
    assert made.take("l02-p2", "a")["verdict"] == "unreadable"
    assert made.take("l02-p2", ["b"])["given"] == ["b"]
    made.reveal("b")
    made.reveal("The model")
    made.reveal("a")
    assert shown[0] == shown[1] == "You predicted “The model”, the run gave “The model”. So it was."
    assert shown[2] == "You predicted “The model”, the run gave “The table”."


@pytest.mark.parametrize(
    ("guess", "gave", "scale"),
    [
        (30, 36.8, "linear"),
        (300, 16, "linear"),
        (300, 14, "log"),
        (0, 3, "linear"),
        (5, 0, "linear"),
    ],
)
def test_guess_and_outcome_are_drawn_on_one_axis(guess, gave, scale, shown, drawn):
    made = Prediction(NUMBER)
    made.take("l02-p1", str(guess))
    made.reveal(gave)
    [spec] = drawn
    [rows] = spec["datasets"].values()
    assert [(row["who"], row["value"]) for row in rows] == [
        ("your guess", guess),
        ("the run", gave),
    ]
    axis = spec["layer"][0]["encoding"]["x"]
    assert axis["title"] == "times"
    assert axis["scale"].get("type", "linear") == scale
    low, high = axis["scale"]["domain"]
    assert low <= min(guess, gave)
    assert max(guess, gave) <= high
    points = next(one for one in spec["layer"] if one["mark"]["type"] == "point")
    assert points["encoding"]["shape"]["scale"]["range"] == ["diamond", "circle"], "a second cue"
    assert spec["description"] == f"Your guess: {guess} times. The run: {gave} times."


@pytest.mark.parametrize(("guess", "gave"), [(60, 51), (1, 20.8), (1, 400)])
def test_words_at_either_end_of_the_axis_have_room(guess, gave, shown, drawn):
    made = Prediction(NUMBER.model_copy(update={"unit": "servers"}))
    made.take("l02-p1", str(guess))
    made.reveal(gave)
    [spec] = drawn
    [rows] = spec["datasets"].values()
    assert spec["padding"]["right"] >= 6 * max(len(row["text"]) for row in rows)
    assert spec["layer"][0]["encoding"]["y"]["axis"]["labelPadding"] >= 10


def test_one_is_in_the_singular(shown, drawn):
    made = Prediction(NUMBER.model_copy(update={"unit": "days"}))
    assert made.take("l02-p1", "1")["headline"] == "Committed: 1 day."
    made.reveal(20.8)
    assert shown[0].startswith("You predicted 1 day, the run gave 20.8 days.")


def test_the_options_are_drawn_with_the_guess_and_the_outcome_marked(shown, drawn):
    made = Prediction(CHOICE)
    made.take("l02-p2", ["b"])
    made.reveal("a")
    [spec] = drawn
    [rows] = spec["datasets"].values()
    assert [tuple(row.values()) for row in rows] == [
        ("your guess", "The model"),
        ("the run", "The table"),
    ]
    shape = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert shape == made.widget.texts("l02-p2")


def test_a_drawn_guess_has_all_forms_of_a_still_chart():
    forms = charts.Still(charts.beside(30, 36.8, ["30 %", "36.8 %"], "%"))._repr_mimebundle_()[0]
    assert forms["text/plain"] == "Your guess: 30 %. The run: 36.8 %."
    assert forms["image/png"]
    assert '"currentColor"' in json.dumps(forms["application/vnd.vegalite.v5+json"])


def test_a_chart_of_the_lesson_carries_the_guess():
    rows = pd.DataFrame({"hour": [6, 20], "share": [0.1, 0.4]})
    bars = alt.Chart(rows).mark_bar().encode(alt.X("hour:O", title="hour"), alt.Y("share:Q"))
    made = Prediction(NUMBER)
    assert made.on(bars, "y", times=0.01, x=20) is bars, "nothing was guessed"
    made.take("l02-p1", "30")
    spec = made.on(bars, "y", times=0.01, x=20).to_dict()
    mark = next(one for one in spec["layer"] if one["mark"]["type"] == "point")
    assert mark["encoding"]["y"]["datum"] == pytest.approx(0.3)
    assert mark["encoding"]["x"] == {"datum": 20, "title": "hour", "type": "ordinal"}
    thread = next(one for one in spec["layer"] if one["mark"]["type"] == "rule")
    assert thread["encoding"]["y2"] == {"value": 0}, "from the point up to its words"
    line = made.on(bars, "y", times=0.01).to_dict()["layer"][1]
    assert line["mark"]["type"] == "rule"
    steep = bars.encode(alt.Y("share:Q", scale=alt.Scale(type="log")))
    assert made.on(steep, "y", times=0) is steep, "zero has no place on this axis"


def test_what_came_out_and_how_far_off_it_was_stand_in_the_record(tmp_path, shown):
    made = Prediction(NUMBER)
    made.take("l02-p1", "300")
    made.reveal(41.2)
    choice = Prediction(CHOICE)
    choice.take("l02-p2", ["b"])
    choice.reveal("The table")
    rows = json.loads(current().export(tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [(row["answer"], row["gave"], row["off"]) for row in rows] == [
        (300.0, 41.2, "7.3 times too high"),
        ("b", "a", "not right"),
    ]
    csv = current().export(tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "300.0,41.2,7.3 times too high" in csv


def test_predict_shows_predictions_only(monkeypatch):
    monkeypatch.setattr(bank, "load", lambda lesson: example())
    assert predict("l02-p1").question.id == "l02-p1"
    with pytest.raises(BankError, match=r"of kind 'choose': show it with quiz\(\)"):
        predict("l02-q1")


@pytest.mark.parametrize(
    "fields",
    [{"unit": "%", "least": 200.0}, {"options": ["one", "two"], "most": 3.0}, {"unit": "d"}],
)
def test_bounds_and_units_that_make_no_sense_are_refused(fields):
    with pytest.raises(ValueError, match=r"most|take `least`|Write days"):
        Predict.model_validate(
            {"id": "l02-p3", "kind": "predict", "ask": "How many are there?", **fields},
            context="02",
        )
