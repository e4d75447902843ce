"""Right and wrong answers in few words: the solution of an exercise with some pieces changed."""

import importlib
import inspect
import textwrap
from collections.abc import Callable


def changes(name: str) -> Callable[..., str]:
    """A function that gives the solution's source with pieces replaced: old, new, old, new, ...

    Each old piece must stand in the source. A new one of several lines is indented like the first.
    """
    module = importlib.import_module(f"lessons_lib.exercises.{name}")
    solution = inspect.getsource(getattr(module, module.NAME))

    def but(*pieces: str) -> str:
        source = solution
        for old, new in zip(pieces[::2], pieces[1::2], strict=True):
            if old not in source:
                raise ValueError(f"{old!r} is not in the solution of {name}.")
            line = source[source.rfind("\n", 0, source.index(old)) + 1 :]
            margin = line[: len(line) - len(line.lstrip())]
            source = source.replace(old, textwrap.indent(new, margin).removeprefix(margin))
        return source

    return but
