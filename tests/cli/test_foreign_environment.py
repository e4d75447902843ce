"""The course in somebody else's environment, and beside a learner's own files: it opens and runs."""

import json
import os
import subprocess
import sys
import textwrap
import time
import urllib.request

import pytest

from lessons_lib.cli import environment, run

IN_THE_WAY = ["random", "queue", "json", "copy", "logging", "fastapi", "numpy", "tornado", "altair"]


def hostile(folder):
    """Settings that steer another Python and another Jupyter, with files that break what they can."""
    broken = folder / "broken"
    (broken / "numpy").mkdir(parents=True)
    for name in ("numpy/__init__", "tornado", "json", "random", "startup", "sitecustomize_of_mine"):
        (broken / f"{name}.py").write_text("raise RuntimeError('not the course')")
    kernel = broken / "kernels" / "python3"
    kernel.mkdir(parents=True)
    wrong = {"argv": ["false"], "display_name": "not the course", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(wrong))
    config = folder / "config"
    config.mkdir()
    (config / "jupyter_server_config.py").write_text(
        "c.KernelSpecManager.allowed_kernelspecs = {'julia'}\nraise RuntimeError('not the course')"
    )
    startup = folder / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("raise SystemExit('not the course')")
    return {
        "PYTHONPATH": str(broken),
        "PYTHONHOME": str(folder / "absent"),
        "PYTHONSTARTUP": str(broken / "startup.py"),
        "PYTHONSAFEPATH": "1",
        "PYTHONWARNINGS": "error",
        "PYTHONNOUSERSITE": "1",
        "PYTHONOPTIMIZE": "2",
        "VIRTUAL_ENV": str(folder / "absent"),
        "CONDA_PREFIX": str(folder / "absent"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_PATH": str(broken),
        "JUPYTER_DATA_DIR": str(broken),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_CONFIG_PATH": str(config),
        "JUPYTERLAB_DIR": str(folder / "absent"),
        "http_proxy": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
        "BROWSER": "absent-browser",
    }


@pytest.fixture
def course(tmp_path):
    """A working copy with files of the learner's that bear the names of modules."""
    course = tmp_path / "my_course"
    (course / "work").mkdir(parents=True)
    for name in IN_THE_WAY:
        for folder in (course, course / "work"):
            (folder / f"{name}.py").write_text("raise RuntimeError('the learner\\'s own')")
    (course / "my_helper.py").write_text("word = 'mine'")
    return course


@pytest.fixture
def started(course, tmp_path, monkeypatch):
    """What `lab` would start, and with which settings, when it is called in that environment."""
    seen = {}
    monkeypatch.setattr(run, "ensure", lambda **_: sys.executable)
    monkeypatch.setattr(run.working_copy, "bring", lambda: (course, []))
    monkeypatch.setattr(run, "hand_over", lambda command, **extra: seen.update(c=command, e=extra))
    for name, value in hostile(tmp_path).items():
        monkeypatch.setenv(name, value)
    run.lab(["--no-browser", "--port=0"])
    return seen["c"], {**environment.settings(), **seen["e"]}


NOTEBOOK = """
import json, sys
import nbformat
from nbclient import NotebookClient

cells = [nbformat.v4.new_code_cell(source) for source in json.loads(sys.argv[1])]
notebook = nbformat.v4.new_notebook(cells=cells)
notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
NotebookClient(notebook, timeout=120, resources={"metadata": {"path": sys.argv[2]}}).execute()
print(json.dumps([[out.get("text") or out.data["text/plain"] for out in c.outputs] for c in cells]))
"""


def shown(cells, folder, settings):
    """What each cell shows in a fresh kernel of the name that the notebooks ask for."""
    command = [sys.executable, "-P", "-c", NOTEBOOK, json.dumps(cells), str(folder)]
    done = subprocess.run(command, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return ["".join(parts) for parts in json.loads(done.stdout.splitlines()[-1])]


def kernels_of(process, runtime):
    """What a server says of itself and of its kernels, once it answers."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + 90
    while True:
        assert process.poll() is None, process.stderr.read()[-2000:]
        try:  # its file is there a moment before it is complete, and before the port is open
            [found] = runtime.glob("jpserver-*.json")
            server = json.loads(found.read_text())
            ask = f"{server['url']}api/kernelspecs?token={server['token']}"
            with direct.open(ask, timeout=30) as reply:
                return server, json.load(reply)
        except (ValueError, OSError):
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.mark.slow
def test_lab_starts_and_offers_our_kernel(started, course):
    command, settings = started
    mine = {path: path.read_bytes() for path in course.parent.rglob("*.py")}
    process = subprocess.Popen(
        command, env=settings, cwd=environment.ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        server, specs = kernels_of(process, course / ".settings" / "data" / "runtime")
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert server["root_dir"] == str(course.parent)
    assert specs["default"] == "python3"
    assert "ipykernel_launcher" in specs["kernelspecs"]["python3"]["spec"]["argv"]
    assert {path: path.read_bytes() for path in mine} == mine, "the learner's own settings stay"


CELLS = [
    "import lessons_lib\n\nlessons_lib.setup()",
    "import sys, random, queue, json, copy, logging, numpy, fastapi, altair, tornado, my_helper\n"
    "print(sys.executable, my_helper.word, numpy.__name__)",
    "from lessons_lib.record import ready\n"
    "print(*[one.found for one in ready.look() if one.fix], sep='; ')",
    "import httpx\n"
    "print(sorted(str(k.pattern) for k, v in httpx.Client()._mounts.items() if v is None))",
]


@pytest.mark.slow
def test_lessons_run_beside_files_with_the_names_of_modules(started, course):
    _, settings = started
    first, names, check, proxies = shown(CELLS, course, settings)
    assert first == ""
    assert names.split() == [sys.executable, "mine", "numpy"]
    for name in IN_THE_WAY:
        assert f"`{name}.py`" in check
        assert f"`{os.path.join('work', name)}.py`" in check
    assert check.count(";") == 0, "and nothing else is amiss"
    assert "127.0.0.1" in proxies


@pytest.mark.slow
def test_a_kernel_that_lab_did_not_start_survives_them_too(course, tmp_path):
    """As in another editor: the folder stands before the packages, and PYTHONPATH before Python."""
    settings = {**environment.settings(), "IPYTHONDIR": str(tmp_path / "ipython")}
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "pandas.py").write_text("raise RuntimeError('not the course')")
    start = "import os; os.environ['PYTHONPATH'] = sys.path[1]\n"
    first = f"import sys; sys.path[:0] = ['', {str(tmp_path / 'path')!r}]\n" + start + CELLS[0]
    said, names, check, _ = shown([first, *CELLS[1:]], course, settings)
    assert said == ""
    assert names.split()[1:] == ["mine", "numpy"]
    assert "`fastapi.py`" in check


def test_packages_that_cannot_be_loaded_cost_the_first_cell_one_line(tmp_path):
    (tmp_path / "altair.py").write_text("raise ImportError('torn')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    code += "import lessons_lib; lessons_lib.setup()"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "torn" in done.stdout
    assert "python3 -m lessons_lib lab" in done.stdout
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_door_opens_in_a_folder_with_such_files(tmp_path, name):
    """The course's own folder may hold one, and PYTHONPATH may lead to one."""
    (tmp_path / f"{name}.py").write_text("raise RuntimeError('the learner\\'s own')")
    (tmp_path / "lessons_lib").symlink_to(environment.ROOT / "lessons_lib")
    code = textwrap.dedent("""
        import sys, runpy
        sys.argv = ["lessons_lib", "help"]
        runpy.run_module("lessons_lib", run_name="__main__", alter_sys=True)
    """)
    for path in ("", str(tmp_path)):
        for command in (["-m", "lessons_lib", "lab", "--port=x"], ["-c", code]):
            done = subprocess.run(
                [sys.executable, *command],
                cwd=tmp_path,
                env={**environment.settings(), "PYTHONPATH": path},
                capture_output=True,
                text=True,
            )
            assert "Traceback" not in done.stderr, done.stderr
