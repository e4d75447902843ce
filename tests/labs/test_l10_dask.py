"""The job of the timetable on a cluster of this machine: a worker dies, and nothing is missing."""

import re

import httpx
import pytest

from lessons_lib.board import timetable_keys
from lessons_lib.labs import l10_dask


@pytest.mark.slow
def test_a_killed_worker_costs_no_row_and_the_dashboard_needs_no_other_machine(board, tmp_path):
    try:
        address = l10_dask.client().dashboard_link
        assert address.startswith("http://127.0.0.1:")
        page = httpx.get(address, trust_env=False).text
        assert re.findall(r'(?:src|rel="stylesheet" href)="https?:[^"]*', page) == []
        keys = timetable_keys(board)[["key", "carrier", "origin", "dest", "hour"]]
        found = l10_dask.kill_a_worker(keys, tmp_path, as_of=0.0)
        assert found["workers that were killed"] == 1
        assert found["rows in the table"] == found["keys"] == len(keys)
        assert found["rows that the plain job wrote otherwise"] == 0
        assert found["of these scored twice or more"] < found["partitions"] / 2
    finally:
        assert l10_dask.close() == l10_dask.close()
