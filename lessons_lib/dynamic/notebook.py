"""For a service that is written in a cell: move it into a file, or ask it where it stands.

`server` starts it in a process of its own, which cannot see the notebook: the file gets the
function's source, and an import for each name it uses. `ask` needs no process, port or network; the
requests run through the whole application, and nothing is to be timed. Neither knows what the
function does.
"""

import ast
import builtins
import dis
import importlib
import inspect
import keyword
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import httpx

from lessons_lib import files
from lessons_lib.dynamic.load import in_own_thread


def write_module(path: str | Path, function: Callable, ending: str = "") -> Path:
    """Write a module with this function in it, then the source in `ending`; gives the path.

    The function may use imported names, plain constants and other functions. A ValueError names any
    other object of the notebook that it uses, a file name that cannot be imported, or why the file
    was not written.
    """
    path = Path(path)
    if path.suffix != ".py" or not path.stem.isidentifier() or keyword.iskeyword(path.stem):
        raise ValueError(f"{path.name!r} is no name of a module: take one such as 'my_service.py'.")
    source = module_source(function) + textwrap.dedent(ending)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(path, source, mode=0o666)
    except OSError as problem:
        raise ValueError(f"{path.name!r} was not written: {files.reason(problem)}.") from None
    return path


def module_source(function: Callable) -> str:
    """The source of a module that holds this function and whatever it uses; see `write_module`.

    >>> from lessons_lib.answer import sleep_on
    >>> print("\\n".join(module_source(sleep_on).splitlines()[:3]))
    import time
    from collections.abc import Callable
    from lessons_lib.answer import Clock
    """
    imports: dict[str, str] = {}
    constants: dict[str, str] = {}
    functions: dict[str, str] = {}
    _collect(function, imports, constants, functions)
    parts = ["\n".join(sorted(imports.values(), key=lambda line: (line[0] == "f", line)))]
    parts += ["\n".join(constants.values()), *functions.values()]
    return "\n\n\n".join(part for part in parts if part) + "\n"


def ask(
    app: Callable[..., Any], bodies: Iterable[Mapping], *, path: str = "/predict"
) -> list[httpx.Response]:
    """The replies of an ASGI application to some bodies, sent one after the other as JSON with POST.

    What its code raises is raised here too.

    >>> from fastapi import FastAPI
    >>> app = FastAPI()
    >>> @app.post("/double")
    ... def double(form: dict):
    ...     return 2 * form["x"]
    >>> [reply.json() for reply in ask(app, [{"x": 2}, {"x": 5}], path="/double")]
    [4, 10]
    """
    if isinstance(bodies, Mapping):
        raise ValueError("bodies is a single body: give a list of them.")
    replies: list[httpx.Response] = []

    async def run() -> None:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            replies.extend([await client.post(path, json=body) for body in bodies])

    in_own_thread(run)
    return replies


def _collect(function: Callable, imports: dict, constants: dict, functions: dict) -> None:
    """Sort the function and every name it uses into the three parts of a module."""
    if not isinstance(function, FunctionType):
        raise ValueError(f"{function!r} is no function that was written with `def`.")
    source = textwrap.dedent(inspect.getsource(function))
    functions[function.__name__] = ""  # taken: a function may call itself
    known, home = function.__globals__, function.__module__
    for name in sorted(set(_names(compile(source, "<function>", "exec")))):
        if name not in known or hasattr(builtins, name) or name in functions:
            continue
        value = known[name]
        if line := _import(name, value):
            imports[name] = line
        elif isinstance(value, FunctionType):
            _collect(value, imports, constants, functions)
        elif (text := _literal(value)) is not None:
            constants[name] = f"{name} = {text}"
        elif home != "__main__" and getattr(sys.modules.get(home), name, None) is value:
            imports[name] = f"from {home} import {name}"
        else:
            raise ValueError(
                f"`{function.__name__}` uses `{name}`, which lives in this notebook only: another "
                f"process cannot see it. Take it as an argument, or define it inside the function."
            )
    functions[function.__name__] = functions.pop(function.__name__) or source.rstrip()


def _names(code: CodeType) -> Iterator[str]:
    """The names that code looks up outside itself, the code within it included."""
    own = {i.argval for i in dis.get_instructions(code) if i.opname.startswith("STORE_")}
    for instruction in dis.get_instructions(code):
        name, does = instruction.argval, instruction.opname
        if does == "LOAD_NAME" and name in own:
            continue
        if does in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
            yield name
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _import(name: str, value: Any) -> str | None:
    """The line that imports `value` as `name`, from the shortest path that has it; or None."""
    if isinstance(value, ModuleType):
        whole = value.__name__
        return f"import {whole}" if whole == name else f"import {whole} as {name}"
    parts = (getattr(value, "__module__", None) or "").split(".")
    there = getattr(value, "__qualname__", None) or getattr(value, "_name", None)
    for end in range(1, len(parts) + 1):
        module = ".".join(parts[:end])
        if module in ("", "__main__") or not there:
            return None
        try:
            found = getattr(importlib.import_module(module), there, None)
        except (ImportError, ValueError):
            return None
        if found is value:
            return f"from {module} import {there}" + ("" if there == name else f" as {name}")
    return None


def _literal(value: Any) -> str | None:
    """The value as source text, if it is a plain constant."""
    text = repr(value)
    try:
        return text if ast.literal_eval(text) == value else None
    except (ValueError, SyntaxError):
        return None
