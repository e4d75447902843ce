"""The job on Dask's workers: the same candidate as the plain job's, also across a crash."""

import pytest
from distributed import Client, LocalCluster
from static_tables import Linear, Logged, numbered_keys, read_rows, rows_logged

from lessons_lib.static.dask_job import AHEAD, DaskScoringJob
from lessons_lib.static.errors import ResumeError
from lessons_lib.static.gate import verify
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.store import PredictionStore
from lessons_lib.static.table import read_table

ROWS, CHUNK = 1_000, 64


@pytest.fixture(scope="module")
def client():
    """Workers that are threads: what runs where makes no difference to the job."""
    here = {"host": "127.0.0.1", "protocol": "tcp://", "dashboard_address": None}
    with (
        LocalCluster(processes=False, n_workers=2, threads_per_worker=1, **here) as cluster,
        Client(cluster) as one,
    ):
        yield one


@pytest.fixture
def path(tmp_path):
    return tmp_path / "candidate.sqlite"


def options(**more):
    return {"as_of": 7.0, "progress": False, "chunk_size": CHUNK, "model_name": "fake", **more}


def on_dask(client, path, model=None, **more):
    return DaskScoringJob(client, model or Linear(), numbered_keys(ROWS), path, **options(**more))


def test_it_writes_what_the_plain_job_writes(client, path, tmp_path):
    plain = tmp_path / "plain.sqlite"
    ScoringJob(Linear(), numbered_keys(ROWS), plain, **options()).run()
    assert on_dask(client, path).run().rows == ROWS
    assert read_rows(path) == read_rows(plain)
    assert read_table(path).meta == read_table(plain).meta
    assert on_dask(client, path).run().rows == 0


def test_each_goes_on_where_the_other_was_stopped(client, path, tmp_path):
    stopped = iter(range(5))

    class Stopped(DaskScoringJob):
        def scored(self, done):
            for chunk in super().scored(done):
                if next(stopped, None) is None:
                    raise KeyboardInterrupt
                yield chunk

    with pytest.raises(KeyboardInterrupt):
        Stopped(client, Linear(), numbered_keys(ROWS), path, **options()).run()
    assert len(read_rows(path)) == 5 * CHUNK
    log = tmp_path / "log"
    report = ScoringJob(Logged(log), numbered_keys(ROWS), path, **options()).run()
    assert (report.resumed_from, rows_logged(log)) == (5 * CHUNK, ROWS - 5 * CHUNK)
    assert [key for key, _ in read_rows(path)] == sorted(numbered_keys(ROWS)["key"])


def test_an_error_of_the_model_ends_the_run_and_keeps_what_is_saved(client, path):
    class Fails(Linear):
        def predict_proba(self, frame):
            if (frame["number"] == 700).any():
                raise MemoryError("too large")
            return super().predict_proba(frame)

    with pytest.raises(MemoryError):
        on_dask(client, path, Fails()).run()
    assert len(read_rows(path)) == 700 // CHUNK * CHUNK
    with pytest.raises(ResumeError):
        on_dask(client, path, model_name="another").run()
    assert on_dask(client, path).run().resumed_from == 700 // CHUNK * CHUNK


def test_few_chunks_are_on_their_way(client, path, tmp_path):
    log = tmp_path / "log"
    steps = on_dask(client, path, Logged(log), chunk_size=10).scored(0)
    next(steps)
    client.run(lambda: None)
    assert rows_logged(log) <= 10 * (1 + AHEAD * 2)
    steps.close()


def test_the_gate_and_the_store_take_it_as_any_candidate(client, path, tmp_path):
    keys = numbered_keys(ROWS).assign(number=lambda frame: frame["number"] + 100)
    DaskScoringJob(client, Linear(4e-4), keys, path, **options()).run()
    with PredictionStore(tmp_path / "store", clock=lambda: 10.0) as store:
        store.publish(path, verify(path, expected_keys=keys))
        assert store.lookup("key 000123") == (pytest.approx(4e-4 * 223), "table", 3.0)
