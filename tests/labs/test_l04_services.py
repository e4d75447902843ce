"""Real workers under one load: every service gets all the requests, and what is told was measured."""

import pandas as pd
import pytest

from lessons_lib.dynamic import load
from lessons_lib.labs import l04_services as services
from lessons_lib.latency import percentiles


@pytest.fixture
def pretended(monkeypatch, tmp_path):
    """Services that are not started, and loads that are noted; gives the notes."""
    notes = {"stopped": [], "sent": []}

    class Server:
        def __init__(self, app, folder, workers):
            self.url, self.workers = f"http://127.0.0.1/{workers}", workers

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.stop()

        def stop(self):
            notes["stopped"].append(self.workers)

    def closed_loop(url, bodies, max_requests):
        return pd.DataFrame({"latency": [0.02] * max_requests})

    def open_loop(url, bodies, times, seconds):
        notes["sent"].append((url, list(times)))
        return pd.DataFrame({"latency": 0.03, "intended": times, "sent": times})

    monkeypatch.setattr(services, "Server", Server)
    monkeypatch.setattr(load, "closed_loop", closed_loop)
    monkeypatch.setattr(load, "open_loop", open_loop)
    notes["met"] = services.meet(test_a_percentile_rests_on_enough, folder=str(tmp_path))
    return notes


def test_a_percentile_rests_on_enough():
    assert percentiles(range(services.REQUESTS), [90]).enough.all()


def test_each_number_of_workers_gets_the_same_requests_at_the_rate_of_this_machine(pretended):
    met, sent = pretended["met"], pretended["sent"]
    assert list(met.runs) == [1, 2, 4]
    assert met.service_time == 0.02
    assert {url for url, _ in sent} == {f"http://127.0.0.1/{n}/predict" for n in (1, 2, 4)}
    assert all(times == sent[0][1] for _, times in sent)
    rate = services.REQUESTS / sent[0][1][-1]
    assert rate * met.service_time == pytest.approx(0.7, rel=0.2)
    assert set(pretended["stopped"]) == {1, 2, 4}


def test_the_words_follow_the_numbers(pretended):
    run = pd.DataFrame({"latency": [0.05] * 100, "intended": 0.0, "sent": 0.001})
    text = services.told(0.02, {1: run, 2: run.assign(latency=0.03), 4: run.assign(latency=0.035)})
    assert "p90 is 50 ms with 1 worker, 30 ms with 2 workers and 35 ms with 4 workers." in text
    assert (
        "From 1 to 2 workers it changes by -20.0 ms, from 2 to 4 workers it changes by +5.0" in text
    )
    assert "at most 1 ms late" in text
