"""The frame of the exercises, whatever the learner's object does."""

import builtins
import os
import sys
import threading
import time

import pytest

from exercises import sample
from exercises.cases import SAMPLE, cases
from lessons_lib.exercises import exercise as public_exercise
from lessons_lib.exercises.engine import Exercise
from lessons_lib.record import page
from lessons_lib.record.progress import current

CASE = cases()[0]


@pytest.fixture
def ex():
    return Exercise(SAMPLE, sample)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(sample, "SECONDS", 0.3)


def learner(body):
    """The learner's object with this body, as if it came from a notebook cell."""
    lines = "\n    ".join(body.splitlines())
    return CASE.candidate(f"def batched_scores(model, rows, size):\n    {lines}")


def test_error_names_type_message_and_the_learners_line(ex):
    outcome = ex.check(learner("share = 1\nreturn share / 0"))
    assert (outcome.kind, outcome.code) == ("error", "ZeroDivisionError")
    assert outcome.message == (
        "ZeroDivisionError: division by zero, in line 3 of your cell: `return share / 0`"
    )


def test_error_deep_in_a_library_names_the_line_that_called_it(ex):
    outcome = ex.check(learner("import json\nreturn json.loads('{')"))
    assert "line 3 of your cell: `return json.loads('{')`" in outcome.message
    assert "decoder" not in outcome.message


def test_a_wrong_number_of_parameters_shows_the_expected_form(ex):
    outcome = ex.check(CASE.candidate("def batched_scores(model):\n    return []"))
    assert outcome.code == "TypeError"
    assert "batched_scores(model, rows, size)" in outcome.message


def test_a_library_that_lacks_something_is_an_error_and_not_a_blank(ex):
    source = "import threading\nthreading.Lock\nfrom io import RawIOBase\nRawIOBase().seek(0)"
    assert ex.check(learner(source)).kind == "error"
    own = learner("import numbers\nreturn numbers.Complex.__abs__(1)")
    assert ex.check(own).kind == "error"


def test_an_unwritten_step_is_found_behind_another_error(ex):
    source = (
        "try:\n    raise NotImplementedError('step 2: the sum')\n"
        "except Exception as e:\n    raise ValueError('no') from e"
    )
    outcome = ex.check(learner(source))
    assert (outcome.kind, outcome.message) == ("todo", "step 2: the sum")


@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit(3)",
        "import sys; sys.exit()",
        "raise KeyboardInterrupt",
        "raise GeneratorExit",
        "import asyncio; raise asyncio.CancelledError",
        "return batched_scores(model, rows, size)",
        "class Odd(BaseException):\n    def __str__(self): raise SystemExit\nraise Odd()",
        "raise ExceptionGroup('several', [ValueError(1), TypeError(2)])",
        "yield 1",
        "input('a number')",
        "import threading\ndel threading.current_thread().name_of_nothing",
        "return 1 + undefined_name",
        "import builtins\nbuiltins.len = builtins.isinstance = None\nreturn 3",
        "import time\ntime.monotonic = time.sleep = None\nraise ValueError",
        "class Odd:\n    def __len__(self): raise SystemExit\nreturn Odd()",
        "class Odd:\n    def __len__(self): return -1\nreturn Odd()",
        "class Odd(list):\n    def __eq__(self, other): raise OSError\nrows[:] = [Odd()]\nreturn Odd()",
    ],
)
def test_nothing_a_learner_does_raises(ex, body):
    outcome = ex.check(learner(body))
    assert outcome.kind in ("error", "fail")
    assert outcome.message
    assert "lessons_lib" not in outcome.message
    assert ex.use() is sample.batched_scores


@pytest.mark.parametrize(
    ("candidate", "code"),
    [
        (3, "not_callable"),
        ("text", "not_callable"),
        ([1] * 1000, "not_callable"),
        (object(), "not_callable"),
    ],
)
def test_an_object_of_another_kind_is_named(ex, candidate, code):
    outcome = ex.check(candidate)
    assert (outcome.kind, outcome.code) == ("fail", code)
    assert "0x" not in outcome.message
    assert len(outcome.message) < 300


def test_an_object_with_a_broken_repr_is_named_by_its_class(ex):
    class Odd:
        def __repr__(self):
            raise SystemExit("no")

    assert "Odd" in ex.check(Odd()).message


def test_async_def_is_named(ex):
    candidate = CASE.candidate("async def batched_scores(model, rows, size):\n    return []")
    assert ex.check(candidate).code == "coroutine"


def test_a_class_is_asked_for_by_name(ex, monkeypatch):
    monkeypatch.setattr(ex, "reference", type("Store", (), {}))
    assert ex.check(len).code == "not_a_class"


def test_a_loop_without_end_is_stopped(ex, quick):
    before = threading.active_count()
    outcome = ex.check(learner("while True:\n    pass"))
    assert (outcome.kind, outcome.code) == ("timeout", "timeout")
    assert "0.3 s" in outcome.message
    assert threading.active_count() == before


def test_a_loop_that_catches_everything_does_not_hold_up_the_notebook(ex, quick):
    stop = []
    # In a function of its own: where a bare loop ends its turn, newer Pythons are outside the try.
    source = (
        "def spin():\n    while not stop: pass\n"
        "while not stop:\n    try: spin()\n    except BaseException: pass"
    )
    candidate = learner(source)
    candidate.__globals__["stop"] = stop
    outcome = ex.check(candidate)
    stop.append(True)
    assert outcome.kind == "timeout"
    assert "restart the kernel" in outcome.message


def test_an_object_that_timed_out_is_not_waited_for_again(ex, quick):
    candidate = learner("while True:\n    pass")
    first = ex.check(candidate)
    start = time.perf_counter()
    assert ex.check(candidate) == first
    assert time.perf_counter() - start < 0.2


def test_what_was_patched_is_put_back(ex):
    sleep, here, limit = time.sleep, os.getcwd(), sys.getrecursionlimit()
    body = (
        "import builtins, time, os, sys\nbuiltins.extra = builtins.len = None\n"
        "time.sleep = None\nos.chdir(os.path.dirname(here) or here)\nsys.stdout = None\n"
        "sys.setrecursionlimit(limit + 5)\nreturn []"
    )
    candidate = learner(body)
    candidate.__globals__.update(here=here, limit=limit)
    out = sys.stdout
    ex.check(candidate)
    assert (time.sleep, os.getcwd(), sys.getrecursionlimit()) == (sleep, here, limit)
    assert sys.stdout is out
    assert not hasattr(builtins, "extra")
    assert len([1]) == 1


def test_prints_are_shown_once_and_cut(ex, capsys):
    outcome = ex.check(learner("for i in range(500):\n    print('row', i)\nreturn []"))
    assert capsys.readouterr().out == ""
    assert outcome.printed.splitlines()[0] == "row 0"
    assert outcome.printed.splitlines()[-1] == "... and 490 more lines"


def test_use_gives_the_learners_own_object_if_it_passes(ex, monkeypatch):
    mine = CASE.candidate(ex.solution())
    monkeypatch.setattr(sys.modules["__main__"], "batched_scores", mine, raising=False)
    assert ex.use() is mine


def test_use_gives_the_reference_while_there_is_nothing(ex):
    assert ex.use() is sample.batched_scores
    assert ex.check().kind == "todo"


def test_the_reference_under_the_learners_name_does_not_count(ex, monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "batched_scores", ex.use(), raising=False)
    assert (ex.check().kind, ex.check().code) == ("todo", "missing")


def test_only_attempts_are_recorded_and_no_code(ex, progress_file):
    ex.check(CASE.candidate(CASE.stub()))
    assert not progress_file.exists()
    ex.check(learner("raise ValueError('my secret')"))
    ex.check(sample.batched_scores)
    events = current().events()
    assert [event["outcome"] for event in events] == ["error", "pass"]
    assert "secret" not in progress_file.read_text(encoding="utf-8")


def test_an_unknown_exercise_names_its_neighbours():
    with pytest.raises(ValueError, match="There is no exercise 'l02_kyes'"):
        public_exercise("l02_kyes")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("def batched_scores(model, rows, size)\n    return []", "expected ':', in line 1"),
        ("def batched_scores(model, rows, size):\n    return [", "'[' was never closed, in line 2"),
        ("def batched_scores(model):\n    pass\nreturn 3", "'return' outside function, in line 3"),
        ("def batched_scores(model):\nreturn 3", "IndentationError"),
        ("x = 1\ndfe batched_scores(model, rows, size):\n    pass", "invalid syntax, in line 2"),
    ],
)
def test_a_cell_that_is_no_python_is_named_and_not_the_version_before_judged(
    ex, monkeypatch, cell, said
):
    main, mine = sys.modules["__main__"], CASE.candidate(ex.solution())
    monkeypatch.setattr(main, "batched_scores", mine, raising=False)
    monkeypatch.setattr(main, "In", ["", ex.solution(), cell, "ex.check()"], raising=False)
    outcome = ex.check()
    assert outcome.kind == "error"
    assert "nothing of it was run" in outcome.message
    assert said in outcome.message
    assert ex.use() is sample.batched_scores
    main.In.append(ex.solution())
    assert ex.check().passed
    main.In += ["print(batched_scores(", "await batched_scores"]
    assert ex.use() is mine


def test_spaces_of_a_message_stay_on_the_page(ex):
    assert "white-space: pre-wrap" in page.box("", "'a  b'")
