import numpy as np
import pytest

from lessons_lib.simulate import utilisation, warm_up


def test_utilisation_is_work_over_capacity():
    arrive = np.arange(1, 1001) / 4
    assert utilisation(arrive, np.full(1000, 0.5), 2) == pytest.approx(1.0)


def test_all_requests_at_once_are_beyond_any_capacity():
    assert utilisation([1.0, 1.0], [1.0, 1.0]) == np.inf
    assert utilisation([1.0, 1.0], [0.0, 0.0]) == 0.0


def test_warm_up_grows_with_utilisation_and_never_ends_at_one():
    assert warm_up(0.0) == 0
    assert warm_up(0.5) < warm_up(0.9) < warm_up(0.99)
    for busy in (1.0, 1.2, -0.1, np.nan):
        with pytest.raises(ValueError, match=f"utilisation is {busy}"):
            warm_up(busy)
