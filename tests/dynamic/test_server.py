"""Real child processes: they come up, they say why not, and they never outlive their parent."""

import gc
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import httpx
import psutil
import pytest
from dynamic_fakes import FLIGHT

from lessons_lib.dynamic.load import closed_loop
from lessons_lib.dynamic.server import Server, ServerError

HERE = Path(__file__).parent


def bare(name="bare", **kwargs):
    return Server(f"bare_apps:{name}", folder=HERE, **kwargs)


def family(server):
    """The process of a server and all below it."""
    process = psutil.Process(server._process.pid)
    return [process, *process.children(recursive=True)]


def all_gone(processes, seconds=15):
    until = time.monotonic() + seconds
    while any(alive(process) for process in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_service_is_ready_when_loaded_answers_and_stops_twice_without_harm():
    server = Server("dynamic_fakes:slow_to_load", folder=HERE)
    processes = family(server)
    assert server.url.startswith("http://127.0.0.1:")
    assert httpx.get(server.url + "/health").json()["status"] == "ready"
    assert httpx.post(server.url + "/predict", json=FLIGHT).status_code == 200
    assert refused_while_sending(server.url + "/predict")
    assert (
        'predict_requests_total{outcome="too_large"} 1.0' in httpx.get(f"{server.url}/metrics").text
    )
    assert "stopped" not in repr(server)
    server.stop()
    server.stop()
    assert all_gone(processes)
    assert "Shutting down" in server.log()
    assert "stopped" in repr(server)


def refused_while_sending(url):
    """Whether a body of 100 MB in chunks, its length not declared, is cut short."""

    def chunks():
        for _ in range(10_000):
            yield b"x" * 10_000

    try:
        return httpx.post(url, content=chunks()).status_code == 413
    except httpx.WriteError:  # the service hung up before the client looked for its answer
        return True


@pytest.mark.parametrize("name", ["through", "silent_lifespan", "with_defaults"])
def test_application_without_health_is_served_too(name):
    with bare(name) as server:
        assert httpx.get(server.url + "/hello").status_code == 200


OWN = """
import random, queue, json, copy, logging
async def app(scope, receive, send):
    if scope["type"] == "http":
        body = json.dumps([random.__file__, queue.__file__, copy.__file__, logging.__file__]).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
"""


@pytest.mark.parametrize(
    ("name", "workers"), [("my_service", 2), ("random", 1), ("uvicorn", 2), ("test", 1)]
)
def test_a_learners_files_do_not_hide_modules_but_the_service_named_is_theirs(
    tmp_path, name, workers
):
    for other in ("random", "queue", "json", "copy", "logging", "uvicorn", "fastapi", "numpy"):
        (tmp_path / f"{other}.py").write_text("1 / 0", encoding="utf-8")
    (tmp_path / f"{name}.py").write_text(OWN, encoding="utf-8")
    with Server(f"{name}:app", folder=tmp_path, workers=workers) as server:
        files = httpx.get(server.url).json()
    assert not any(file.startswith(str(tmp_path)) for file in files)


def test_the_folder_of_the_notebook_is_the_default(tmp_path, monkeypatch):
    (tmp_path / "my_service.py").write_text(OWN, encoding="utf-8")
    (tmp_path / "queue.py").write_text("1 / 0", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Server("my_service:app") as server:
        assert httpx.get(server.url).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PYTHONPATH", "{folder}"),
        ("PYTHONSAFEPATH", "1"),
        ("PYTHONWARNINGS", "error"),
    ],
)
def test_somebody_elses_environment_does_not_break_a_service(tmp_path, monkeypatch, name, value):
    for module in ("numpy", "tornado", "uvicorn", "sitecustomize"):
        (tmp_path / f"{module}.py").write_text("1 / 0", encoding="utf-8")
    monkeypatch.setenv(name, value.format(folder=tmp_path))
    with Server("bare_apps:bare", folder=HERE) as server:
        assert httpx.get(server.url).status_code == 200


def test_two_servers_have_their_own_ports_and_end_when_forgotten():
    one, other = bare(), bare()
    assert one.url != other.url
    processes = family(one)
    del one
    gc.collect()
    assert all_gone(processes)
    assert other.running
    other.stop()


@pytest.mark.parametrize(
    ("app", "workers", "words"),
    [
        ("dynamic_fakes:cannot_load", 1, ["could not be loaded", "model-7.bin"]),
        ("bare_apps:missing", 1, ["could not be loaded", "missing"]),
        ("bare_apps:missing", 2, ["could not be loaded", "missing"]),
        ("no_such_module:app", 1, ["could not be loaded", "no_such_module"]),
        ("bare_apps:quits", 1, ["ended before it was ready", "printed nothing"]),
        ("json:dumps", 1, ["could not be loaded", "json:dumps is no application", "(function)"]),
        ("bare_apps:text", 2, ["bare_apps:text is no application but 'bare' (str)"]),
        ("builtins:print", 1, ["is no application but <built-in function print>"]),
    ],
)
def test_failure_shows_the_end_of_the_log(app, workers, words):
    with pytest.raises(ServerError) as caught:
        Server(app, folder=HERE, workers=workers)
    for word in words:
        assert word in str(caught.value)


def test_server_that_is_not_ready_in_time_is_ended_even_if_it_will_not_leave():
    before = set(psutil.Process().children())
    with pytest.raises(ServerError, match=r"not ready within 0\.2 s"):
        bare("never_ready", timeout=0.2)
    assert all_gone(set(psutil.Process().children()) - before)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"app": "module"}, "module:name"),
        ({"app": None}, "module:name"),
        ({"app": "a:b", "workers": 0}, "workers"),
        ({"app": "a:b", "workers": True}, "workers"),
        ({"app": "a:"}, "module:name"),
        ({"app": ".a:b"}, "module:name"),
        ({"app": "a:b", "folder": "no/such/folder"}, "no/such/folder"),
        ({"app": "a:b", "folder": "x" * 600}, "There is no folder 'xxx"),
        ({"app": "a:b", "folder": "/".join(["deep" * 40] * 40)}, "There is no folder 'deep"),
        ({"app": "a:b", "timeout": 0}, "timeout"),
        ({"app": "a:b", "timeout": "1"}, "timeout"),
        ({"app": "a:b", "env": {"N": 1}}, "'N': 1: give both as text"),
    ],
    ids=str,
)
def test_senseless_argument_is_named(arguments, word):
    with pytest.raises(ValueError, match=word) as caught:
        Server(**arguments)
    assert len(str(caught.value)) < 200


def test_workers_share_the_port_and_environment_and_all_end():
    with bare(workers=2, env={"BARE_SECONDS": "0.05"}) as server:
        processes = family(server)
        frame = closed_loop(server.url, [{}], clients=8, max_requests=24)
        assert (frame["outcome"] == "ok").all()
        assert frame["from_sent"].min() >= 0.05
        served = {int(httpx.get(server.url).text) for _ in range(3)}
        assert served <= {process.pid for process in processes[1:]}
        assert len(processes) >= 3
    assert all_gone(processes)


PARENT = """
    import os, sys, time
    from lessons_lib.dynamic.server import Server
    server = Server("bare_apps:bare", folder={folder!r}, workers={workers})
    print(server.url, flush=True)
    {then}
"""


def start_parent(workers, then, **settings):
    """A Python that starts a server, says where, and goes on; with the processes of the server."""
    code = textwrap.dedent(PARENT).format(folder=str(HERE), workers=workers, then=then)
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, **settings
    )
    url = parent.stdout.readline().strip()
    assert url
    return parent, url, psutil.Process(parent.pid).children(recursive=True)


@pytest.mark.parametrize("workers", [1, 2])
def test_no_orphan_and_no_folder_after_the_parent_is_killed(workers, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    parent, url, processes = start_parent(workers, "time.sleep(60)")
    assert httpx.get(url).status_code == 200
    assert len(list(tmp_path.glob("lessons-*"))) == 1
    parent.kill()
    parent.communicate()
    assert len(processes) >= workers
    assert all_gone(processes)
    assert list(tmp_path.glob("lessons-*")) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.parametrize("then", ["sys.exit()", "server.stop(); sys.exit()", "del server"])
def test_a_fork_of_the_kernel_leaves_the_service_alone(then, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    fork = f"""
fork = os.fork()
if fork == 0:
    {then}
    os._exit(0)
os.waitpid(fork, 0)
print(server.running, "Started server process" in server.log(), flush=True)
sys.stdin.read()
"""
    parent, url, processes = start_parent(1, fork, stdin=subprocess.PIPE)
    assert parent.stdout.readline() == "True True\n"
    assert httpx.get(url).status_code == 200
    parent.communicate(timeout=15)
    assert all_gone(processes)
    assert list(tmp_path.glob("lessons-*")) == []


def test_no_orphan_after_the_parent_ends_by_itself():
    parent, _, processes = start_parent(1, "sys.exit()")
    parent.communicate(timeout=15)
    assert all_gone(processes, seconds=1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal for a whole group")
def test_interrupt_of_a_cell_leaves_the_service_alone():
    code = textwrap.dedent(PARENT).format(folder=str(HERE), workers=1, then="sys.stdin.read()")
    code = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n" + code
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    url = parent.stdout.readline().strip()
    os.killpg(parent.pid, signal.SIGINT)  # what JupyterLab does to the kernel's group
    time.sleep(0.3)
    assert httpx.get(url).status_code == 200
    parent.communicate(timeout=15)
