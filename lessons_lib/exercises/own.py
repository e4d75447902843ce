"""What is the learner's own code, and whether it rests on the course's where it should not.

It reads what the code names, followed through the learner's own helpers, and runs nothing.
"""

import dis
import functools
import inspect
import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

_LIBRARIES = tuple(
    os.path.join(os.path.normcase(folder), "")
    for folder in (
        str(Path(__file__).parents[1]),
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    )
)


def is_own(filename: str) -> bool:
    """Whether code of this file is of a notebook cell, and neither the course's nor a library's."""
    return not os.path.normcase(filename).startswith(("<string>", "<frozen", *_LIBRARIES))


def borrowed(candidate: Any, name: str, parts: tuple[Any, ...]) -> Any:
    """The first of `parts`, functions and classes of the course, that `candidate` rests on, or None.

    Code that names `name`, the id of the exercise, rests on the first. A pasted solution does not.
    """
    left, seen = [candidate], {}
    while left:
        found = left.pop()
        if id(found) in seen:
            continue
        seen[id(found)] = found  # kept, so that its id stays its own
        if type(found) is str:  # the name of a module, or a word in the code
            if name in found and " " not in found:
                return parts[0]
            continue
        for part in parts:
            if _is_of(found, part) or inspect.getattr_static(found, "reference", None) is part:
                return part
        left += _named_by(found)
    return None


def _is_of(found: Any, part: Any) -> bool:
    """Whether this is the part itself, or has its code; of a class, an object, child or method too."""
    if isinstance(part, type):
        methods = vars(part).values()
        return issubclass(found if isinstance(found, type) else type(found), part) or (
            isinstance(found, FunctionType) and any(found is one for one in methods)
        )
    return isinstance(found, FunctionType) and found.__code__ is part.__code__


def _named_by(found: Any) -> list[Any]:
    """What an object names; of functions only the learner's own are looked into."""
    if isinstance(found, functools.partial):
        return [found.func, *found.args, *found.keywords.values()]
    if isinstance(found, MethodType):
        return [found.__func__, found.__self__]
    if isinstance(found, staticmethod | classmethod):
        return [found.__func__]
    if isinstance(found, property):
        return [found.fget]
    if isinstance(found, type):
        return [*vars(found).values(), *found.__bases__]
    if not isinstance(found, FunctionType):
        return [] if isinstance(found, ModuleType) else [type(found)]
    if not is_own(found.__code__.co_filename):
        return []
    kept = [cell.cell_contents for cell in found.__closure__ or () if cell != type(cell)()]
    kept += [*(found.__defaults__ or ()), *(found.__kwdefaults__ or {}).values()]
    codes = list(_codes(found.__code__))
    steps = [step for code in codes for step in dis.get_instructions(code)]
    names = [step.argval for step in steps if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")]
    values = [found.__globals__[name] for name in names if name in found.__globals__]
    words = [w for code in codes for w in (*code.co_names, *code.co_consts) if type(w) is str]
    modules = [vars(value) for value in values if isinstance(value, ModuleType)]
    return [
        *kept,
        *values,
        *(module[w] for module in modules for w in words if w in module),
        *words,
    ]


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code, and that of the functions in it."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)
