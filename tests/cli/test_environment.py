"""The environment is made once, made again when it is half-made, and every refusal says the way out."""

import ast
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lessons_lib.cli import environment
from lessons_lib.cli.environment import Problem, ensure, interpreter


def tiny_wheel(folder, version):
    """A package of one line, as a wheel."""
    name = f"tinypart-{version}"
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinypart.py", f"version = '{version}'\n")
        info = f"{name}.dist-info"
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tinypart\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one tiny package, whose wheels lie in the folder: no network is needed."""
    root = tmp_path / "a côurse, 100 % 'mine'"
    (root / "wheels").mkdir(parents=True)
    tiny_wheel(root / "wheels", "1.0")
    (root / "requirements.txt").write_text("tinypart==1.0\n")
    (root / "requirements-test.txt").write_text("uv==0.0.0\n")
    (root / "lessons_lib").mkdir()
    (root / "lessons_lib" / "__init__.py").touch()
    monkeypatch.chdir(root)
    for name in ("random", "logging", "tempfile"):  # a learner's own file beside the course
        (root / f"{name}.py").write_text("raise RuntimeError('not the module')")
    return root


def installed(python):
    """The version of the tiny package that this Python imports; it finds the course, too."""
    said = subprocess.run(
        [str(python), "-P", "-c", "import tinypart, lessons_lib; print(tinypart.version)"],
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )
    return said.stdout.strip()


@pytest.mark.slow
def test_environment_is_made_once_then_updated_then_mended(course, capsys):
    python = ensure(root=course)
    assert installed(python) == "1.0"
    assert "Installing" in capsys.readouterr().out

    ensure(root=course)
    assert capsys.readouterr().out == "", "the second start installs nothing"

    tiny_wheel(course / "wheels", "2.0")
    (course / "requirements.txt").write_text("tinypart==2.0\n")
    ensure(root=course)
    assert installed(python) == "2.0", "a changed lock is installed"
    assert "Making" not in capsys.readouterr().out, "and the environment is kept"

    (course / "requirements-scale.txt").write_text("tinypart==2.0\n")
    ensure(root=course, with_scale=True)
    assert "Installing" in capsys.readouterr().out
    ensure(root=course)
    ensure(root=course, with_scale=True)
    assert capsys.readouterr().out == "", "the extra takes nothing away, and is added once"

    python.unlink()
    (python.parents[1] / "bytecode").mkdir()
    ensure(root=course)
    assert installed(python) == "2.0"
    assert "half-made" in capsys.readouterr().out


@pytest.mark.slow
def test_failed_install_says_why_and_leaves_no_stamp(course):
    (course / "requirements.txt").write_text("tinypart==3.0\n")
    with pytest.raises(Problem, match=r"tinypart==3\.0.*start again"):
        ensure(root=course)
    assert not list((course / ".venv").glob("stamp-*"))


@pytest.mark.slow
def test_no_network_is_one_clear_line(course, monkeypatch):
    for wheel in (course / "wheels").iterdir():
        wheel.unlink()
    (course / "wheels").rmdir()
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    with pytest.raises(Problem, match="No network") as raised:
        ensure(root=course)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_missing_venv_names_the_package_and_leaves_no_folder(tmp_path, monkeypatch, missing):
    find = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util,
        "find_spec",
        lambda name: None if name == missing else find(name),
    )
    with pytest.raises(Problem, match="apt install python3-venv"):
        environment.make(tmp_path / ".venv")
    assert not (tmp_path / ".venv").exists()


def test_folder_with_something_else_in_it_is_never_cleared(tmp_path):
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "thesis.txt").write_text("two years of work")
    with pytest.raises(Problem, match=r"thesis\.txt"):
        environment.clear(venv)
    assert (venv / "thesis.txt").read_text() == "two years of work"


def test_stamp_changes_with_the_lock_and_the_folder_but_not_with_line_ends(tmp_path):
    lock = tmp_path / "lock"
    lock.write_bytes(b"a==1\nb==2\n")
    before = environment.fingerprint([lock], tmp_path)
    lock.write_bytes(b"a==1\r\nb==2\r\n")
    assert environment.fingerprint([lock], tmp_path) == before
    assert environment.fingerprint([lock], tmp_path / "moved") != before
    lock.write_bytes(b"a==1\nb==3\n")
    assert environment.fingerprint([lock], tmp_path) != before


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 9, 2), (3, 10, 13), (3, 15, 0), (4, 0, 0)])
def test_python_outside_the_range_gets_one_line(monkeypatch, capsys, version):
    from lessons_lib import __main__ as entry

    monkeypatch.setattr(entry.sys, "version_info", version)
    assert entry.main(["lab"]) == 1
    said = capsys.readouterr().err
    assert "Python {}.{}, and the course needs 3.11 to 3.14".format(*version) in said
    assert "3.12" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_an_old_python_reads_uses_no_new_syntax(name):
    source = (environment.ROOT / "lessons_lib" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 4))
    new = [
        type(node).__name__
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.Starred | ast.NamedExpr)
        or (isinstance(node, ast.FunctionDef) and (node.returns or node.args.kwonlyargs))
    ]
    assert set(new) <= {"Starred"}, "Python 2 is told what to do as well"


FOREIGN = {
    **{
        f"PYTHON{name}": "1"
        for name in ["PATH", "HOME", "STARTUP", "SAFEPATH", "NOUSERSITE", "OPTIMIZE"]
    },
    "PYTHONWARNINGS": "error",
    "IPYTHONDIR": "elsewhere",
    **{
        f"JUPYTER_{name}": "elsewhere" for name in ["PATH", "DATA_DIR", "CONFIG_DIR", "CONFIG_PATH"]
    },
    "JUPYTERLAB_DIR": "elsewhere",
    "VIRTUAL_ENV": "elsewhere",
    "CONDA_PREFIX": "elsewhere",
    "PIP_TARGET": "elsewhere",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "UV_SYSTEM_PYTHON": "1",
    "GIT_DIR": "elsewhere",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_settings_for_another_environment_are_not_handed_on(monkeypatch, name):
    monkeypatch.setenv(name, FOREIGN[name])
    assert name not in environment.settings()
    told = environment.run([sys.executable, "-c", f"import os; print({name!r} in os.environ)"])
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "HOME",
        "BROWSER",
        "https_proxy",
        "PIP_INDEX_URL",
        "LESSONS_PROGRESS",
        "JUPYTER_TOKEN",
    ],
)
def test_other_settings_are_the_callers_own(monkeypatch, name):
    monkeypatch.setenv(name, "mine")
    assert environment.settings()[name] == "mine"


def test_door_runs_on_the_standard_library_alone():
    root = Path(environment.__file__).parents[2]
    code = (
        "import sys, runpy; sys.argv = ['lessons_lib', 'help']\n"
        "try: runpy.run_module('lessons_lib', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code\n"
        "import json; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    # -I and -S: no site-packages at all; the folder of the course is put on the path by hand.
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(root)!r})\n" + code,
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": ""},
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    foreign = {m for m in loaded - set(sys.stdlib_module_names) if not m.startswith("__")}
    assert foreign == {"lessons_lib"}


def test_unknown_command_names_the_known_ones(capsys):
    from lessons_lib.__main__ import main

    assert main(["labb"]) == 1
    said = capsys.readouterr().err
    assert "'labb'" in said
    assert "certificate, lab, refresh, reset, scale, test" in said


def test_interpreter_stands_where_this_system_keeps_it(tmp_path):
    part = "Scripts" if os.name == "nt" else "bin"
    assert interpreter(tmp_path).parent.name == part
