"""The exported twin answers as the model does, also where float32 and missing values bite."""

import numpy as np
import pandas as pd
import pytest

from lessons_lib.board import LIVE, requests_of, split
from lessons_lib.models import ModelPredictor, OnnxModel, export_onnx, fit_or_load
from lessons_lib.models.features import Features

# skl2onnx writes a flag as a boolean where protobuf wants 0 or 1; the lock keeps protobuf below 7.
pytestmark = pytest.mark.filterwarnings("ignore:Field onnx:DeprecationWarning")

TABULAR = ["timetable", "weather_boosting", "weather", "forest", "live_logistic", "live"]


@pytest.fixture(scope="module", params=TABULAR)
def twins(request, tmp_path_factory):
    model = fit_or_load(request.param)
    path = tmp_path_factory.mktemp("onnx") / f"{request.param}.onnx"
    return model, OnnxModel(export_onnx(model, path))


@pytest.fixture(scope="module")
def rows(shared_board):
    return split(shared_board).test.sample(5_000, random_state=5)


def assert_same(twins, rows):
    model, twin = twins
    expected, got = model.predict_proba(rows), twin.predict_proba(rows)
    assert got.shape == expected.shape
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-5)


def test_thousands_of_flights(twins, rows):
    assert_same(twins, rows)


def test_missing_values_in_any_pattern(twins, rows):
    rng = np.random.default_rng(0)
    holes = {name: rows[name].mask(rng.random(len(rows)) < 0.4) for name in LIVE}
    assert_same(twins, rows.assign(**holes))
    assert_same(twins, rows.assign(**dict.fromkeys(LIVE, np.nan)))


def test_codes_that_were_never_seen(twins, rows):
    assert_same(twins, rows.assign(carrier="ZZ"))
    assert_same(twins, rows.assign(carrier="ZZ", origin="SFO", dest="\u00dcNI", hour=3))


def test_absurd_values(twins, rows):
    assert_same(twins, rows.assign(temp=1e6, precip=-1e6, airport_delay=1e6))


def test_values_that_stand_exactly_on_a_threshold(rows, tmp_path):
    """A tree asks `value <= threshold`; rounding the threshold up would turn these rows over."""
    model = fit_or_load("live")
    twin = OnnxModel(export_onnx(model, tmp_path / "live.onnx"))
    nodes = np.concatenate([tree.nodes for (tree,) in model.estimator._predictors])
    nodes = nodes[nodes["is_leaf"] == 0]
    for column, name in enumerate(model.features.columns):
        if name not in LIVE:
            continue
        edges = np.unique(nodes["num_threshold"][nodes["feature_idx"] == column])
        on = edges.astype(np.float32)
        near = np.concatenate([on, np.nextafter(on, np.float32(np.inf))]).astype(float)
        many = pd.concat([rows.head(5)] * len(near)).assign(**{name: np.repeat(near, 5)})
        assert len(edges)
        assert_same((model, twin), many)


def test_one_request_gets_what_its_row_gets(twins, rows, live_inputs):
    _, twin = twins
    some = rows.head(50)
    batch = twin.predict_proba(some)[:, 1]
    predictor = ModelPredictor(twin, live_inputs)
    for request, expected in zip(requests_of(some), batch, strict=True):
        answer = predictor.answer(request)
        assert answer.value == pytest.approx(expected, abs=1e-6)
        assert answer.source == "model"


def test_the_file_is_complete_in_itself(twins, tmp_path):
    model, twin = twins
    assert twin.features.columns == model.features.columns
    assert twin.features.tables == model.features.tables
    assert twin.needs_live == model.needs_live


def test_no_rows_give_no_probabilities(twins, rows):
    assert twins[1].predict_proba(rows.head(0)).shape == (0, 2)


def test_an_export_replaces_the_file_in_one_step(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"older")
    assert export_onnx(fit_or_load("weather"), str(path)) == path
    assert OnnxModel(path).needs_live
    assert [p.name for p in tmp_path.iterdir()] == ["model.onnx"]


@pytest.mark.parametrize("name", ["hour_mean", "reviews"])
def test_what_has_no_tabular_estimator_is_not_exported(name, tmp_path):
    with pytest.raises(TypeError, match="Cannot export"):
        export_onnx(fit_or_load(name), tmp_path / "model.onnx")


def test_a_missing_or_broken_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.onnx"):
        OnnxModel(tmp_path / "nowhere.onnx")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no graph")
    with pytest.raises(ValueError, match=r"broken\.onnx is not a model"):
        OnnxModel(broken)


def test_features_refuse_columns_in_an_order_they_cannot_read():
    with pytest.raises(ValueError, match="Cannot read"):
        Features(["temp", "carrier", "origin", "dest", "hour"], *_tables())
    with pytest.raises(ValueError, match="Cannot read"):
        Features(["carrier", "origin", "dest", "hour", "colour"], *_tables())


def test_features_survive_their_journey_as_text(rows):
    for make in (Features.means, Features.codes):
        features = make(rows, ["carrier", "origin", "dest", "hour", *LIVE])
        again = Features.from_json(features.to_json())
        np.testing.assert_array_equal(features.matrix(rows), again.matrix(rows))


def _tables():
    codes = ("carrier", "origin", "dest")
    return {name: {} for name in codes}, dict.fromkeys(codes, 0.0)
