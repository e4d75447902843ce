"""A check a second time, beside a learner's own files, and after whatever their code has done."""

import builtins
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from exercises import sample
from exercises.cases import SAMPLE, cases
from lessons_lib.exercises import exercise
from lessons_lib.exercises.engine import Exercise
from lessons_lib.exercises.probes import scratch_folder

ALL = cases()
CASE = ALL[0]
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@pytest.fixture
def ex(monkeypatch):
    monkeypatch.setattr(sample, "SECONDS", 1)
    return Exercise(SAMPLE, sample)


@pytest.fixture
def own_temp(tmp_path, monkeypatch):
    """A folder for temporary files in which nothing else is."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def learner(body, before=""):
    lines = "\n    ".join(textwrap.dedent(body).strip().splitlines())
    return CASE.candidate(f"{before}\ndef batched_scores(model, rows, size):\n    {lines}")


RIGHT = "return [score for i in range(0, len(rows), size) for score in model(rows[i : i + size])]"
REFUSES = "if size < 1: raise ValueError\n"


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_a_check_leaves_nothing_behind_and_needs_nothing(case, own_temp, tmp_path, monkeypatch):
    work = tmp_path / "work"
    work.mkdir()
    for name in ("pointer.txt", "v1.json", "random.py", "json.py", "queue.py", "datetime.py"):
        (work / name).write_text("raise RuntimeError('a file of the learner was read')")
    monkeypatch.chdir(work)
    monkeypatch.syspath_prepend("")
    files, threads = sorted(os.listdir(work)), threading.active_count()
    for _ in range(2):
        assert case.exercise.check(case.candidate(case.exercise.solution())).passed
        assert case.exercise.check(case.candidate(case.stub())).kind == "todo"
    assert sorted(os.listdir(work)) == files
    assert os.listdir(own_temp) == []
    assert _settles(lambda: threading.active_count() <= threads)


def _settles(condition):
    """Whether it comes true within some seconds; threads need a moment to end."""
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def test_exercises_are_read_past_the_learners_files(tmp_path):
    """In a process that knows no more than a kernel, with a trap for each module of the library."""
    names = sorted(name for name in sys.stdlib_module_names if name[0] != "_")
    for name in [*names, "fastapi", "pydantic", "pandas"]:
        (tmp_path / f"{name}.py").write_text(f"raise RuntimeError('{name}.py of the learner')")
    source = f"""
        import sys, os
        from ipykernel.ipkernel import IPythonKernel
        from lessons_lib.exercises import exercise
        os.chdir({str(tmp_path)!r})
        sys.path.insert(0, "")
        found = [exercise(name) for name in {[case.id for case in ALL[1:]]}]
        print(sys.path[0] == "")
        sys.path.remove("")
        print(all(ex.check(ex.reference).passed for ex in found))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)], capture_output=True, text=True, cwd="/"
    )
    assert done.stdout == "True\nTrue\n", done.stderr


def test_a_folder_that_was_deleted_is_no_trouble(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    shutil.rmtree(folder, ignore_errors=True)
    ex = exercise("l02_store")
    assert ex.check(ex.reference).passed


def test_what_a_killed_kernel_left_is_removed_by_the_next_check(own_temp):
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time\nfrom lessons_lib.exercises.probes import scratch_folder\n"
            "with scratch_folder() as folder:\n    print(folder, flush=True)\n    time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(own_temp), "TEMP": str(own_temp)},
    )
    left = Path(child.stdout.readline().strip())
    with scratch_folder():
        assert left.exists(), "another kernel's folder is left alone while it runs"
    child.kill()
    child.wait()
    child.stdout.close()
    with scratch_folder() as folder:
        assert os.listdir(own_temp) == [folder.name]
    assert os.listdir(own_temp) == []


@pytest.mark.parametrize(
    "before",
    [
        "class Kept:\n    known = {}",
        "def make(known={}): return known\nclass Kept: known = make()",
    ],
    ids=["an attribute of the class", "a mutable default"],
)
def test_what_is_kept_between_checks_shows(ex, before):
    body = f"""
        if size < 1: raise ValueError
        if not Kept.known:
            {RIGHT.replace("return", "Kept.known['scores'] =")}
            return list(Kept.known['scores'])
        return Kept.known.setdefault('none', [])
    """
    outcome = ex.check(learner(body, before))
    assert (outcome.kind, outcome.code) == ("fail", "lost_rows")
    assert outcome.message.startswith("It passed once and not a second time.")


def test_prints_of_the_second_time_are_not_shown(ex):
    assert ex.check(learner(f"print('once')\n{REFUSES}{RIGHT}")).printed.count("once") == 2  # calls


@pytest.mark.parametrize("method", ["__eq__", "__repr__", "__bool__", "__getattr__", "__len__"])
@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit",
        "raise GeneratorExit",
        "raise KeyboardInterrupt",
        "\n        while True: pass",
    ],
)
@pytest.mark.parametrize("name", ["l00_look_up", "l05_coverage"])
def test_an_odd_object_is_an_outcome(name, method, body, monkeypatch):
    case = next(case for case in ALL if case.id == name)
    monkeypatch.setattr(case.module, "SECONDS", 0.2, raising=False)
    odd = CASE.candidate(f"class batched_scores:\n    def {method}(self, *_): {body}")
    for candidate in (lambda *_: odd(), odd(), odd):
        outcome = case.exercise.check(candidate)
        assert outcome.kind in ("fail", "error", "timeout")
        assert outcome.message


@needs_fork
@pytest.mark.parametrize("name", ["l00_look_up", "l02_store", "l03_service"])
def test_a_child_that_is_forked_ends_and_changes_nothing(name, own_temp, progress_file):
    case = next(case for case in ALL if case.id == name)
    solution, forks = case.candidate(case.exercise.solution()), []

    def fork_once(*args):
        if not forks:
            forks.append(os.fork())
        return original(*args)

    if isinstance(solution, type):
        original, candidate = solution.lookup, solution
        solution.lookup = lambda self, key: fork_once(self, key)
    else:
        original, candidate = solution, fork_once
    before = set(psutil.Process().children(recursive=True))
    outcome = case.exercise.check(candidate)
    assert outcome.passed or outcome.code == "leans", outcome
    assert forks
    assert len(progress_file.read_text().splitlines()) == 1
    assert _settles(lambda: _ended(before))


def _ended(before):
    """Whether all children but those of before have ended; the dead ones are buried."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return not set(psutil.Process().children(recursive=True)) - before


@needs_fork
def test_a_forked_child_without_end_is_ended(ex):
    before = set(psutil.Process().children(recursive=True))
    candidate = learner(f"import os\nif not os.fork():\n    while True: pass\n{REFUSES}{RIGHT}")
    assert ex.check(candidate).passed
    assert _settles(lambda: _ended(before))


def test_os_exit_does_not_end_the_kernel(ex):
    assert ex.check(learner("import os\nos._exit(3)")).code == "SystemExit"
    assert os._exit.__name__ == "_exit"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_threads_that_the_learners_code_has_started_are_stopped_with_it(ex):
    before = threading.active_count()
    body = """
        import threading
        def spin():
            while True: pass
        threading.Thread(target=spin, daemon=True).start()
        spin()
    """
    assert ex.check(learner(body)).kind == "timeout"
    assert _settles(lambda: threading.active_count() == before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_endpoint_without_end_is_stopped(monkeypatch):
    case = next(case for case in ALL if case.id == "l03_service")
    monkeypatch.setattr(case.module, "SECONDS", 1, raising=False)
    before = threading.active_count()
    source = case.exercise.solution().replace(
        "        answer = pred", "        while True: pass\n        answer = pred"
    )
    assert case.exercise.check(case.candidate(source)).kind == "timeout"
    assert _settles(lambda: threading.active_count() <= before)


def test_code_that_could_not_be_stopped_changes_nothing_when_it_ends_at_last(ex, tmp_path):
    wait = threading.Event()
    candidate = learner("try:\n    wait()\nexcept BaseException: wait()\nreturn []")
    candidate.__globals__["wait"] = lambda: _c_call(wait)
    asks, here, limit = builtins.input, os.getcwd(), sys.getrecursionlimit()
    outcome = ex.check(candidate)
    assert "restart the kernel" in outcome.message
    os.chdir(tmp_path)
    try:
        threads = threading.active_count()
        wait.set()
        assert _settles(lambda: threading.active_count() < threads)
        assert os.getcwd() == str(tmp_path)
        assert (builtins.input, sys.getrecursionlimit()) == (asks, limit)
    finally:
        os.chdir(here)


def _c_call(event):
    event.wait()  # one long call: nothing reaches it from outside


def test_a_loop_that_prints_without_end_does_not_fill_the_memory(ex):
    outcome = ex.check(learner("while True: print('x' * 10_000)"))
    assert outcome.kind == "timeout"
    assert len(outcome.printed) < 10_000
