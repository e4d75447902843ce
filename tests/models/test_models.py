"""The models: the figures of the scenario, the two ways in, slowness on demand, the predictor."""

import datetime
import time

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from lessons_lib import models
from lessons_lib.answer import Answer, Predictor, VirtualClock
from lessons_lib.board import LIVE, WEATHER, FlightRequest, requests_of, split, timetable_keys
from lessons_lib.models import (
    MODELS,
    ModelPredictor,
    Slowed,
    fit,
    fit_or_load,
    skill,
    skill_by_age,
)

FLIGHTS = [name for name in MODELS if name != "reviews"]

# AUC, skill and share late among the riskiest 10 %, measured in the trial of the scenario.
SCENARIO = {
    "hour_mean": (0.646, 0.036, 0.31),
    "key_mean": (0.659, 0.048, 0.36),
    "timetable": (0.677, 0.058, 0.39),
    "weather": (0.707, 0.100, 0.48),
    "live_logistic": (0.736, 0.156, 0.58),
    "live": (0.740, 0.159, 0.58),
}


@pytest.fixture(scope="module")
def parts(shared_board):
    return split(shared_board)


@pytest.fixture(scope="module")
def base(parts):
    return parts.train["late"].mean()


@pytest.fixture(scope="module")
def scores(parts, base):
    late = parts.test["late"]
    table = {}
    for name in SCENARIO:
        risk = fit_or_load(name).predict_proba(parts.test)[:, 1]
        riskiest = late.to_numpy()[np.argsort(-risk, kind="stable")[: len(late) // 10]].mean()
        table[name] = roc_auc_score(late, risk), skill(late, risk, base), riskiest
    return pd.DataFrame.from_dict(table, orient="index", columns=["auc", "skill", "riskiest"])


@pytest.fixture(scope="module")
def sample(parts):
    return parts.test.sample(200, random_state=3)


# --- the figures


@pytest.mark.parametrize("name", SCENARIO)
def test_a_model_is_as_good_as_in_the_trial(scores, name):
    area, gain, riskiest = SCENARIO[name]
    assert scores.loc[name, "auc"] == pytest.approx(area, abs=0.01)
    assert scores.loc[name, "skill"] == pytest.approx(gain, abs=0.01)
    assert scores.loc[name, "riskiest"] == pytest.approx(riskiest, abs=0.02)


def test_the_models_come_in_the_order_of_their_skill(scores):
    assert scores["skill"].is_monotonic_increasing
    assert scores["auc"].is_monotonic_increasing


@pytest.fixture(scope="module")
def by_age(parts, base, live_inputs):
    """Skill of the live model's answers, kept for 0 to 8 hours."""
    return skill_by_age(fit_or_load("live"), parts.test, live_inputs, base=base)


def test_the_skill_of_a_kept_answer_falls_with_its_age(by_age):
    trial = {0: 0.159, 1: 0.152, 2: 0.140, 3: 0.127, 4: 0.102, 6: 0.013, 8: -0.064}
    assert by_age.to_dict() == pytest.approx(trial, abs=0.015)
    assert by_age.is_monotonic_decreasing


def test_six_hours_old_is_worse_than_the_static_table(by_age, scores):
    assert by_age[4] > scores.loc["timetable", "skill"] > by_age[6]


def test_weather_alone_ages_slowly(parts, base, live_inputs):
    model = fit_or_load("weather_boosting")
    curve = skill_by_age(model, parts.test, live_inputs, base=base, hours=[0, 6])
    assert curve[0] == pytest.approx(0.086, abs=0.015)
    assert 0 < curve[0] - curve[6] < 0.02


def test_live_inputs_pay_on_an_extreme_day(parts):
    day = parts.test[parts.test["time"].dt.date == datetime.date(2013, 12, 17)]
    assert day["late"].mean() == pytest.approx(0.54, abs=0.005)
    error = {
        name: ((fit_or_load(name).predict_proba(day)[:, 1] - day["late"]) ** 2).mean()
        for name in ("live", "timetable")
    }
    assert error == pytest.approx({"live": 0.206, "timetable": 0.312}, abs=0.01)


# --- fitting


def test_fitting_twice_gives_the_same_model(parts, sample):
    rows = parts.train.sample(5_000, random_state=1)
    for name in ("timetable", "live_logistic", "key_mean"):
        first, second = (fit(name, rows).predict_proba(sample) for _ in range(2))
        np.testing.assert_array_equal(first, second)


def test_fitting_leaves_the_rows_alone(parts):
    rows = parts.train.head(2_000)
    before = rows.copy()
    fit("live", rows)
    pd.testing.assert_frame_equal(rows, before)


def test_an_unknown_name_lists_the_known_ones():
    for ask in (fit, fit_or_load):
        with pytest.raises(ValueError, match=r"'oracle'.*timetable"):
            ask("oracle")


def test_rows_without_a_label_are_refused(board):
    with pytest.raises(ValueError, match="without a label"):
        fit("hour_mean", board)
    with pytest.raises(ValueError, match="without a label"):
        fit("hour_mean", board.head(0))


# --- two ways in


@pytest.mark.parametrize("name", FLIGHTS)
def test_one_request_gets_what_its_row_gets_in_a_batch(name, sample, live_inputs):
    model = fit_or_load(name)
    batch = model.predict_proba(sample)
    assert batch.shape == (len(sample), 2)
    np.testing.assert_allclose(batch.sum(axis=1), 1)
    for request, expected in list(zip(requests_of(sample), batch[:, 1], strict=True))[:25]:
        known = live_inputs.known(request)
        assert model.predict_one(request, known) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", ["hour_mean", "key_mean", "timetable"])
def test_a_key_is_all_that_a_static_model_needs(name, board):
    model = fit_or_load(name)
    keys = timetable_keys(board)
    risk = model.predict_proba(keys)[:, 1]
    assert len(risk) == 2_893
    assert ((risk > 0) & (risk < 1)).all()
    assert not model.needs_live


@pytest.mark.parametrize("name", ["weather", "live", "forest"])
def test_a_model_says_which_live_columns_are_absent(name, board):
    model = fit_or_load(name)
    assert model.needs_live
    with pytest.raises(ValueError, match=r"not there: .*temp"):
        model.predict_proba(timetable_keys(board))
    with pytest.raises(ValueError, match="live inputs"):
        model.predict_one(FlightRequest("UA", "EWR", "IAH", 5, datetime.date(2013, 1, 1)))


@pytest.mark.parametrize("name", FLIGHTS)
def test_an_unseen_code_and_missing_values_still_get_a_probability(name, sample):
    strange = sample.assign(carrier="ZZ", dest="???", key="ZZ EWR ??? 05", hour=3)
    strange = strange.assign(**dict.fromkeys(LIVE, np.nan))
    risk = fit_or_load(name).predict_proba(strange)[:, 1]
    assert ((risk > 0) & (risk < 1)).all()


@pytest.mark.parametrize("name", FLIGHTS)
def test_no_rows_give_no_probabilities(name, sample):
    assert fit_or_load(name).predict_proba(sample.head(0)).shape == (0, 2)


def test_what_is_no_frame_is_refused(sample):
    with pytest.raises(TypeError, match="DataFrame"):
        fit_or_load("timetable").predict_proba(["UA EWR IAH 05"])


# --- slowness


class Half:
    needs_live = False

    def predict_proba(self, rows):
        return np.full((len(rows), 2), 0.5)

    def predict_one(self, request, known=None):
        return 0.5


def test_a_one_hour_model_takes_an_hour_for_each_row():
    clock = VirtualClock()
    slow = Slowed(Half(), 3600, clock=clock)
    assert slow.predict_proba(["a", "b", "c"]).tolist() == [[0.5, 0.5]] * 3
    assert clock() == 3 * 3600
    slow.predict_one("a")
    assert clock() == 4 * 3600


def test_latency_can_be_changed_at_any_moment():
    clock = VirtualClock()
    slow = Slowed(Half(), 1, clock=clock)
    slow.predict_one("a")
    slow.seconds = 10
    slow.predict_one("a")
    slow.seconds = 0
    slow.predict_one("a")
    assert clock() == 11


def test_real_time_really_passes():
    slow = Slowed(Half(), 0.02)
    start = time.perf_counter()
    slow.predict_proba(["a", "b"])
    assert time.perf_counter() - start > 0.035


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_an_impossible_latency_is_refused_and_the_old_one_stays(seconds):
    with pytest.raises(ValueError, match="seconds is"):
        Slowed(Half(), seconds)
    slow = Slowed(Half(), 1)
    with pytest.raises(ValueError, match="seconds is"):
        slow.seconds = seconds
    assert slow.seconds == 1


# --- the dynamic predictor


def test_the_predictor_answers_flights_with_live_inputs(sample, live_inputs):
    model = fit_or_load("live_logistic")
    predictor = ModelPredictor(model, live_inputs, VirtualClock())
    assert isinstance(predictor, Predictor)
    batch = model.predict_proba(sample)[:, 1]
    for request, expected in list(zip(requests_of(sample), batch, strict=True))[:20]:
        assert predictor.answer(request) == Answer(pytest.approx(expected), "model", 0.0)


def test_a_stuck_feed_makes_answers_old(sample, live_inputs):
    model = fit_or_load("live_logistic")
    predictor = ModelPredictor(model, live_inputs, VirtualClock())
    request = requests_of(sample)[0]
    fresh = predictor.answer(request)
    predictor.feed_age = 4 * 3600
    stale = predictor.answer(request)
    expected = model.predict_proba(live_inputs.aged(sample.head(1), 4 * 3600))[0, 1]
    assert stale == Answer(pytest.approx(expected), "model", 4 * 3600)
    assert stale.value != fresh.value


def test_an_answer_has_grown_as_old_as_the_model_was_slow(sample):
    clock = VirtualClock(500)
    predictor = ModelPredictor(Slowed(fit_or_load("timetable"), 60, clock=clock), clock=clock)
    assert predictor.answer(requests_of(sample)[0]).age == 60


def test_the_predictor_answers_a_sentence_of_your_own():
    answer = ModelPredictor(fit_or_load("reviews")).answer("a dull and stupid film")
    assert answer.value < 0.5
    assert answer.source == "model"


def test_a_live_model_without_inputs_is_refused_at_once():
    for model in (fit_or_load("live"), Slowed(fit_or_load("live"), 1)):
        with pytest.raises(ValueError, match="load_live_inputs"):
            ModelPredictor(model)


# --- scores


def test_skill_is_one_for_the_truth_and_nothing_for_the_constant():
    late = np.array([1, 0, 0, 0])
    assert skill(late, late, base=0.25) == 1
    assert skill(late, np.full(4, 0.25), base=0.25) == 0
    assert skill(late, 1 - late, base=0.25) < 0


@pytest.mark.parametrize(
    ("late", "risk", "message"),
    [
        ([1, 0], [0.5], "two equal columns"),
        ([], [], "two equal columns"),
        ([1, np.nan], [0.5, 0.5], "neither 0 nor 1"),
        ([1, 0], [0.5, np.nan], "missing or outside"),
        ([1, 0], [0.5, 1.2], "missing or outside"),
    ],
)
def test_scores_name_what_is_wrong(late, risk, message):
    with pytest.raises(ValueError, match=message):
        skill(late, risk, 0.2)


def test_weather_and_live_columns_are_part_of_the_board(board):
    assert set(LIVE) <= set(board.columns)
    assert set(WEATHER) < set(LIVE)
    assert set(models.__all__) <= set(dir(models))
