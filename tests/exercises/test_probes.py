"""The tools of the checks."""

import collections

import numpy as np
import pandas as pd
import pytest

from lessons_lib.exercises.probes import Breakdown, Failed, array, breaks_down, same, unchanged

pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")


def frame():
    return pd.DataFrame({"key": ["b", "a"], "value": [0.5, np.nan]}, index=[7, 3])


CHANGES = {
    "a column more": lambda f: f.insert(0, "more", 1),
    "a column renamed": lambda f: f.rename(columns={"value": "v"}, inplace=True),
    "sorted in place": lambda f: f.sort_values("key", inplace=True),
    "its index reset": lambda f: f.reset_index(drop=True, inplace=True),
    "its index named": lambda f: f.index.set_names("row", inplace=True),
    "a column as index": lambda f: f.set_index("key", inplace=True),
    "a row less": lambda f: f.drop(index=3, inplace=True),
    "one value filled": lambda f: f.fillna({"value": 0.0}, inplace=True),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_frame_that_was_changed_is_noticed_and_the_part_of_it_is_said(change):
    given = frame()
    with pytest.raises(Failed) as failed, unchanged(given):
        change(given)
    assert failed.value.values["found"] != failed.value.values["before"]


@pytest.mark.parametrize(
    ("given", "change"),
    [
        ([2, 1], lambda x: x.sort()),
        ([[2], 1], lambda x: x[0].clear()),
        ({"a": [1]}, lambda x: x["a"].append(2)),
        ({"a": 1}, lambda x: x.update(a=1.0 + 1e-15)),
        ({1, 2}, lambda x: x.pop()),
        (np.arange(3.0), lambda x: x.sort() if x[0] else x.fill(0)),
        (pd.Series([2, 1]), lambda x: x.sort_values(inplace=True)),
    ],
)
def test_plain_data_that_was_changed_is_noticed(given, change):
    with unchanged(given):
        pass
    with pytest.raises(Failed, match="mine"), unchanged(given, code="mine"):
        change(given)


def test_any_sequence_of_numbers_is_an_array_and_texts_or_nan_are_not():
    for form in (list, tuple, np.array, pd.Series, collections.deque):
        assert array(form([1, 0.5]), (2,), "no").tolist() == [1.0, 0.5]
        assert same(form([1, 0.5]), np.array([1, 0.5]))
    for wrong in ([1, "0.5"], [1, True], [1, None], [1, np.nan], [1], [[1, 0.5]], 1, {1, 0.5}):
        assert not same(wrong, np.array([1, 0.5]))
        with pytest.raises(Failed):
            array(wrong, (2,), "no")


def test_a_breakdown_has_to_come_out():
    def breaking(quiet):
        try:
            raise Breakdown("the model broke down")
        except Breakdown as error:
            if quiet:
                return 0.0
            raise ValueError("no prediction") from error

    breaks_down("The model", breaking, False)
    with pytest.raises(Failed, match="swallowed"):
        breaks_down("The model", breaking, True)
