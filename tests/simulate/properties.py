"""How property tests of the simulator search: the same cases in every run, no stop-watch."""

from hypothesis import settings

PROPERTY = settings(max_examples=60, deadline=None, derandomize=True)
