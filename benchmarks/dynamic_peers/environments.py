"""An environment for each peer, made once and kept under ``build/``, which git ignores."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "benchmarks"

SAME = ["numpy", "scipy", "pandas", "scikit-learn", "onnxruntime"]
"""What the model needs: in every environment in the version of the course's own lock."""
PEERS = {
    "fastapi": ["fastapi", "starlette", "pydantic", "uvicorn", "h11"],  # these from the lock too
    "litserve": ["litserve==0.2.19"],
    "bentoml": ["bentoml==1.4.39"],
}


class NoEnvironment(Exception):
    """An environment could not be made; the message says why and what to do."""


def python_of(name: str) -> Path:
    """The Python of a peer's environment, which is made if it is not there yet."""
    locked = _lock()
    wanted = [locked.get(each, each) for each in [*PEERS[name], *SAME]]
    told = "\n".join([sys.version, *wanted]).encode()
    folder = KEPT / f"{name}-{hashlib.sha256(told).hexdigest()[:12]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"Making the environment of {name} ...", flush=True)
        _uv("venv", "--quiet", "--python", sys.executable, str(folder))
        _uv("pip", "install", "--quiet", "--python", str(python), *wanted)
        (folder / "complete").touch()
    return python


def _lock() -> dict[str, str]:
    """The pins of the course's own lock by name, as in ``{"numpy": "numpy==2.4.0"}``."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split(";")[0].strip() for line in lines if line[:1].isalnum()]
    return {pin.partition("==")[0]: pin for pin in pins}


def _uv(*arguments: str) -> None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        raise NoEnvironment("uv is missing: pip install uv, then start again.")
    done = subprocess.run([uv, *arguments], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoEnvironment(f"'uv {' '.join(arguments[:2])}' failed (is there a network?): {last}")
