"""A service under watch: by a real Prometheus where there is one, else by a reader of the same text."""

import shutil
from pathlib import Path

import pytest

from lessons_lib.dynamic.server import Server
from lessons_lib.labs import l08_prometheus as prometheus

APP = """
from fastapi import FastAPI, Response

app = FastAPI()

@app.get("/metrics")
def metrics():
    return Response("made_at_seconds 5\\nanswers_total 3\\n", media_type="text/plain; version=0.0.4")
"""
RULES = {"Old": "time() - made_at_seconds > 60", "Few": "answers_total > 5", "Gone": "up == 0"}


@pytest.fixture
def server(tmp_path):
    (tmp_path / "shown.py").write_text(APP, encoding="utf-8")
    with Server("shown:app", folder=tmp_path) as server:
        yield server


def test_the_rules_fire_and_say_when_nobody_is_there(server):
    if shutil.which("prometheus") is None:
        pytest.skip("there is no prometheus on this machine")
    guard = prometheus.watch(server.url, RULES)
    assert "Prometheus at http://127.0.0.1:" in repr(guard)
    folder = Path(guard.folder)
    assert guard.alerts() == {"Old": "firing", "Few": "inactive", "Gone": "inactive"}
    server.stop()
    assert guard.alerts() == {"Old": "inactive", "Few": "inactive", "Gone": "firing"}
    guard.stop()
    assert not folder.exists()
    guard.stop()


def test_without_prometheus_the_same_rules_hold_on_the_same_text(server, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    guard = prometheus.watch(server.url, RULES)
    assert "no Prometheus on this machine" in repr(guard)
    assert "\n" not in repr(guard)
    assert guard.alerts() == {"Old": "firing", "Few": "inactive", "Gone": "inactive"}
    server.stop()
    assert guard.alerts() == {"Old": "inactive", "Few": "inactive", "Gone": "firing"}
    guard.stop()
    assert "no promtool" in prometheus.unit_test(RULES, {})


def test_a_rule_that_is_no_promql_is_named_by_the_tool():
    if shutil.which("promtool") is None:
        pytest.skip("there is no promtool on this machine")
    said = prometheus.unit_test({"Broken": "sum(made"}, {"one": ({"made": "0x9"}, 3, set())})
    assert "FAILED" in said
