import numpy as np
import pytest

from lessons_lib.simulate import warm_up


def test_warm_up_grows_with_utilisation_and_never_ends_at_one():
    assert warm_up(0.0) == 0
    assert warm_up(0.5) < warm_up(0.9) < warm_up(0.99)
    for busy in (1.0, 1.2, -0.1, np.nan):
        with pytest.raises(ValueError, match=f"utilisation is {busy}"):
            warm_up(busy)
