"""One source of truth for the environment, for learners, for Binder and for CI."""

import ast
import re
import subprocess
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lessons_lib import NEWEST, OLDEST

ROOT = Path(__file__).parents[1]
GIT = ("git", "-c", "safe.directory=*")  # a clone may belong to another account of this machine


def direct(name):
    """The requirements written by hand in an .in file, with their lines."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line.strip() and not line.startswith(("#", "-"))]
    return {canonicalize_name(Requirement(w.split("#")[0]).name): w for w in wanted}


def pins(name):
    """What a lock pins: name -> version; with markers, the one that holds here."""
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith((" ", "#", "-")):
            continue
        pin = Requirement(line)
        if pin.marker is None or pin.marker.evaluate():
            (only,) = pin.specifier
            assert only.operator == "==", f"{name} does not pin {line!r}: compile it again"
            found[canonicalize_name(pin.name)] = only.version
    return found


@pytest.mark.parametrize("stem", ["requirements", "requirements-test", "requirements-scale"])
def test_lock_agrees_with_what_was_asked_for(stem):
    locked = pins(f"{stem}.txt")
    for name, line in direct(f"{stem}.in").items():
        wanted = Requirement(line.split("#")[0])
        assert name in locked, f"{name} is missing from {stem}.txt: compile it again"
        assert locked[name] in wanted.specifier, (
            f"{stem}.txt has {name} {locked[name]}, not {wanted}"
        )


@pytest.mark.parametrize("stem", ["requirements", "requirements-test", "requirements-scale"])
def test_lock_names_exactly_the_direct_dependencies(stem):
    """uv notes beside each pin who asked for it; these notes are the lock's own record."""
    lines = (ROOT / f"{stem}.txt").read_text(encoding="utf-8").splitlines()
    asked, current = set(), None
    for line in lines:
        if line and not line.startswith((" ", "#")):
            current = canonicalize_name(Requirement(line).name)
        elif f"-r {stem}.in" in line:
            asked.add(current)
    assert asked == set(direct(f"{stem}.in"))


def test_every_locked_package_needs_only_locked_packages():
    locked = pins("requirements.txt")
    for name in direct("requirements.in"):
        for text in distribution(name).requires or []:
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert canonicalize_name(need.name) in locked, f"{name} needs {need.name}: lock it"


def test_all_locks_agree():
    course, tests = pins("requirements.txt"), pins("requirements-test.txt")
    extra = pins("requirements-scale.txt")
    assert {n: (v, tests[n]) for n, v in course.items() if tests.get(n, v) != v} == {}
    both = course | tests
    assert {n: (v, extra[n]) for n, v in both.items() if extra.get(n, v) != v} == {}


@pytest.mark.parametrize("stem", ["requirements", "requirements-test", "requirements-scale"])
def test_each_direct_dependency_says_what_it_is_for(stem):
    for name, line in direct(f"{stem}.in").items():
        assert len(line.partition("#")[2].split()) >= 3, f"{name} in {stem}.in lacks its reason"


def test_all_name_the_same_pythons():
    *early, last = (f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"You need Python {', '.join(early)} or {last}, and git." in readme
    oldest = "{}.{}".format(*OLDEST)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={oldest}"' in project
    compiled = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert compiled.count(f"--universal --python-version {oldest} ") == 3


def test_environment_yml_is_one_python_and_the_lock():
    wanted = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert wanted == ["python=3.12", "pip", {"pip": ["-r requirements.txt", "-e ."]}]


def test_binder_picks_environment_yml_its_python_and_the_lock(monkeypatch, tmp_path):
    """Rendered by Binder's own builder, without Docker, from what git tracks."""
    repo2docker = pytest.importorskip("repo2docker.app", reason="needs jupyter-repo2docker")
    listed = subprocess.run([*GIT, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        # Only what the builder looks at: the files on top and a folder that would hide them.
        if "/" not in name or name.startswith(("binder/", ".binder/")):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    app = repo2docker.Repo2Docker()
    chosen = next(pack for pack in (cls(app.base_image) for cls in app.buildpacks) if pack.detect())
    chosen.platform = "linux/amd64"
    assert type(chosen).__name__ == "CondaBuildPack"
    assert chosen.python_version == "3.12"
    rendered = chosen.render({"NB_UID": "1000", "NB_USER": "learner", "REPO_DIR": "/home/learner"})
    assert re.search(r'env update .*--file "?environment\.yml', rendered)
    # The lock is beside environment.yml when pip reads it: the whole repository is copied first.
    copied, updated = rendered.index("src/ ${REPO_DIR}"), rendered.index("env update")
    assert copied < updated
    assert "requirements.txt" not in re.findall(r"pip install[^\n]*", rendered)


def test_repository_names_no_registry_and_no_path_of_a_machine():
    """What is true on one machine only has no place in what everybody clones."""
    foreign = re.compile(
        rb"files\.pythonhosted\.org|registry\.npmjs|/root/|/home/[a-z]+/|/work/main|C:\\\\Users"
    )
    listed = subprocess.run([*GIT, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.suffix in {".gz", ".png"} or path == Path(__file__) or not path.is_file():
            continue
        hit = foreign.search(path.read_bytes())
        assert not hit, f"{name} holds {hit.group().decode()!r}"


def test_whatever_the_package_imports_is_asked_for_by_name():
    """Standing on somebody else's dependency breaks on the day they drop it."""
    asked = set(direct("requirements.in"))
    # Parts of a package that is asked for, under a name of their own.
    part_of = {
        "ipython": "jupyterlab",
        "starlette": "fastapi",
        "pydantic": "fastapi",
        "ipykernel": "jupyterlab",
        "traitlets": "ipywidgets",
        "joblib": "scikit-learn",
        "threadpoolctl": "scikit-learn",
        "psutil": "jupyterlab",
        "h11": "uvicorn",
    }
    tools = {"nbclient", "nbformat"}  # come with nbval, for maintainers only
    extra = set(direct("requirements-scale.in"))  # where it is missing, nothing imports it
    used = {}
    for path in (ROOT / "lessons_lib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            used |= {name.split(".")[0]: path.name for name in names}
    known = packages_distributions()
    for module in set(used) - set(sys.stdlib_module_names) - {"lessons_lib"}:
        package = canonicalize_name(known.get(module, [module])[0])
        package = part_of.get(package, package)
        assert package in asked | tools | extra, (
            f"{used[module]} imports {module}: add {package} to requirements.in"
        )
