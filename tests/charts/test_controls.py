import itertools

import pytest

from lessons_lib.charts import Choice, Slider, duration
from lessons_lib.charts.controls import position


def latency(**options):
    return Slider("latency", "Model latency", value=0.002, **options)


def test_a_slider_with_a_step_takes_clean_values():
    slider = Slider("skew", "Skew", value=0.3, start=0, stop=1, step=0.1)
    assert slider.options == (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)


def test_a_logarithmic_slider_takes_round_values_and_both_ends():
    options = latency(start=1e-4, stop=3600, log=True).options
    assert options[0] == 1e-4
    assert options[-1] == 3600
    assert {0.002, 0.05, 1, 60, 1200} < set(options)
    ratios = [b / a for a, b in itertools.pairwise(options)]
    assert max(ratios) < 1.4


def test_a_first_value_off_the_round_ones_is_kept():
    assert 0.0017 in Slider("t", "T", value=0.0017, start=1e-3, stop=1, log=True).options


def test_values_may_be_given_one_by_one():
    assert Slider("n", "N", value=4, values=[1, 4, 16]).options == (1, 4, 16)


def test_texts_carry_the_unit():
    assert Slider("r", "Rate", "per second", value=1, values=[1, 2.5]).text(2.5) == "2.5 per second"
    assert latency(start=1e-4, stop=1, log=True, format=duration).text(0.002) == "2 ms"


def test_a_choice_shows_words_and_gives_values():
    choice = Choice("inputs", "Input", {"words of a review": "words", "timetable": "keys"})
    assert (choice.value, choice.texts) == ("words", ("words of a review", "timetable"))
    assert choice.text("keys") == "timetable"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": 1, "stop": 1, "step": 1}, "cannot go from 1 to 1"),
        ({"start": 0, "stop": 1, "log": True}, "cannot go from 0 to 1 in decades"),
        ({"start": 0, "stop": 1}, "needs step=..., log=True or values"),
        ({"start": 0, "stop": 1, "step": -0.1}, "needs step=..., log=True or values"),
        ({"values": [1]}, "no rising row of values"),
        ({"values": [2, 1]}, "no rising row of values"),
        ({"values": [1, 2, 3]}, "latency=0.002 is not a position"),
        ({}, "cannot go from nan to nan"),
    ],
)
def test_an_impossible_slider_is_refused_with_the_reason(options, message):
    with pytest.raises(ValueError, match=message):
        latency(**options)


def test_a_value_off_the_row_names_its_neighbours():
    slider = Slider("servers", "Servers", value=1, values=[1, 2, 8])
    with pytest.raises(ValueError, match="take 2 or 8"):
        position(slider, 5)
    with pytest.raises(ValueError, match="take 'a' or 'b'"):
        position(Choice("c", "C", ["a", "b"]), "z")


def test_an_empty_choice_is_refused():
    with pytest.raises(ValueError, match="nothing to choose from"):
        Choice("c", "C", [])


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 µs"), (5e-7, "0.5 µs"), (0.00999999999999, "10 ms"), (59, "59 s"), (86400 * 3, "3 d"),
     (float("inf"), "for ever"), (float("nan"), "–")],
)  # fmt: skip
def test_times_are_written_for_people(seconds, text):
    assert duration(seconds) == text
