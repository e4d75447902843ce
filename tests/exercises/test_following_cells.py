"""What passes does not break the cells that follow: any sequence of numbers is as good as an array."""

from unittest.mock import Mock

import nbformat
import numpy as np
import pandas as pd
import pytest

from exercises.cases import _before, cases, notebooks

FOLLOWING = {
    "l04_latency": ("tail", "943b986b3376-1", "8a7f8f177d88-1"),
    "l04_fan_out": ("complete", "901e8418d316-1"),
    "l04_batcher": ("batcher", "7a2d10fce8d1-1"),
}
"""The name under which an exercise's object is used, and the cells that use it."""


@pytest.mark.parametrize("form", [list, tuple, np.array, pd.Series])
@pytest.mark.parametrize("name", FOLLOWING)
def test_the_cells_that_follow_take_any_sequence(name, form):
    (case,) = (case for case in cases() if case.id == name)
    used_as, *ids = FOLLOWING[name]
    guesses = dict.fromkeys(("servers_guess", "pages_guess"), Mock())
    names = {**_before(name), **guesses}
    names[used_as] = lambda *args, **given: form(list(case.exercise.reference(*args, **given)))
    cells = {cell.id: cell for path in notebooks() for cell in nbformat.read(path, 4).cells}
    for cell in ids:
        exec(cells[cell].source, names)
