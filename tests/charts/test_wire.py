import numpy as np
import pandas as pd
import pytest

from lessons_lib.charts import wire


def unpacked(data):
    """Read the buffers back as the page does, without the code under test."""
    described, buffers = wire.pack(data)
    result, buffers = {}, iter(buffers)
    for name, columns in described.items():
        for column, kind, words in columns:
            values = np.frombuffer(next(buffers), np.dtype(kind.lower()).newbyteorder("<"))
            if words is not None:
                values = [words[code] if code < len(words) else None for code in values]
            result[name, column] = list(values)
    return result


def test_numbers_arrive_with_seven_digits():
    column = np.array([0.1, 3.4e12, -2e-9, np.nan])
    got = unpacked({"rows": {"x": column}})["rows", "x"]
    np.testing.assert_allclose(got, column, rtol=1e-6)


def test_large_counts_arrive_exactly():
    assert unpacked({"rows": {"n": [2**24 + 1, 2**40 + 1]}})["rows", "n"] == [2**24 + 1, 2**40 + 1]


def test_times_arrive_as_milliseconds():
    stamps = pd.to_datetime(["1970-01-01 00:00:01.5", "2013-07-03", None], format="ISO8601")
    *got, missing = unpacked({"rows": {"t": stamps}})["rows", "t"]
    assert got == [1500, pd.Timestamp("2013-07-03").timestamp() * 1000]
    assert np.isnan(missing)


@pytest.mark.parametrize("count", [2, 255, 256, 300, 70_000])
def test_words_arrive_however_many_there_are(count):
    words = [f"w{i}" for i in range(count)] + ["w0"]
    assert unpacked({"rows": {"w": words}})["rows", "w"] == words


@pytest.mark.parametrize("count", [1, 255, 256])
def test_a_missing_word_arrives_as_missing(count):
    words = [*(f"w{i}" for i in range(count)), None]
    assert unpacked({"rows": {"w": words}})["rows", "w"] == words


def test_truth_values_and_empty_columns_arrive():
    assert unpacked({"a": {"b": [True, False]}, "e": {"x": np.array([])}}) == {
        ("a", "b"): [True, False],
        ("e", "x"): [],
    }


def test_a_frame_is_as_good_as_columns():
    frame = pd.DataFrame({"mode": ["static", "dynamic"], "p": [1.0, 2.0]})
    assert wire.pack({"rows": frame}) == wire.pack({"rows": {c: frame[c] for c in frame}})


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match=r"'rows' differ in length: \{'x': 1, 'y': 2\}"):
        wire.pack({"rows": {"x": [1], "y": [1, 2]}})


def test_the_picture_s_rows_have_no_nan():
    assert wire.rows({"x": [1.0, np.nan]}) == [{"x": 1.0}, {"x": None}]


def test_the_table_s_texts():
    frame = pd.DataFrame({"mode": ["a"], "n": [1234567], "p99 (s)": [0.123456789], "age": [np.nan]})
    assert wire.table(frame) == {
        "head": ["mode", "n", "p99", "age"],
        "numeric": [False, True, True, True],
        "rows": [["a", "1,234,567", "123 ms", "–"]],
    }


def test_per_cent_are_all_of_them_only_where_that_is_so():
    shares = pd.DataFrame(
        {"measure": ["late (%)", "wait (s)"], "a": [99.97, 99.97], "b": [100, 100]}
    )
    assert wire.table(shares)["rows"] == [
        ["late (%)", "99.9", "100"],
        ["wait", "1 min 40 s", "1 min 40 s"],
    ]
    assert wire.table(pd.DataFrame({"late (%)": [99.97, 100, np.nan]}))["rows"] == [
        ["99.9"],
        ["100"],
        ["–"],
    ]


def test_a_column_of_figures_and_words_stands_where_figures_do():
    frame = pd.DataFrame(
        {"mode": ["a", "b"], "pays from": ["0.288", "not at 10"], "s": ["0 to 30", "30"]}
    )
    assert wire.table(frame)["numeric"] == [False, True, True]
    assert wire.table(frame[:0])["numeric"] == [False, False, False]
