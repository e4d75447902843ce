"""What passes does not break the cells that follow: any sequence of numbers is as good as an array."""

from unittest.mock import Mock

import nbformat
import numpy as np
import pandas as pd
import pytest

from exercises.cases import _before, cases, notebooks

FOLLOWING = {
    "l04_latency": ("tail", 2),
    "l04_fan_out": ("complete", 1),
    "l04_batcher": ("batcher", 1),
}
"""The name under which an exercise's object is used, and how many cells use it next."""


@pytest.mark.parametrize("form", [list, tuple, np.array, pd.Series])
@pytest.mark.parametrize("name", FOLLOWING)
def test_the_cells_that_follow_take_any_sequence(name, form):
    (case,) = (case for case in cases() if case.id == name)
    used_as, count = FOLLOWING[name]
    guesses = dict.fromkeys(("servers_guess", "pages_guess"), Mock())
    names = {**_before(name), **guesses}
    names[used_as] = lambda *args, **given: form(list(case.exercise.reference(*args, **given)))
    (path,) = (path for path in notebooks() if path.name.startswith(name[1:3]))
    sources = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    using = [source for source in sources if f"{used_as}(" in source and "exercise(" not in source]
    assert len(using) >= count
    for source in using[:count]:
        exec(source, names)
