"""The measured seconds have the shape that the bill needs; no time is asserted."""

from lessons_lib.labs.l07_seconds import measured_seconds


def test_each_model_has_the_seconds_of_a_look_up_a_row_and_a_run(tmp_path):
    seconds = measured_seconds(tmp_path)
    assert list(seconds) == ["live", "twin"]
    assert list(seconds.index) == ["look-up", "row", "run"]
    assert (seconds > 0).all(axis=None)
    assert seconds.loc["row", "live"] == seconds.loc["row", "twin"]
