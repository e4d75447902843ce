"""What every store of predictions agrees on: what a key is, what a miss is, what it may be called.

Stands behind the stores of lessons 02 and 05, and knows neither of them.
"""

import re
from collections.abc import Iterable

from lessons_lib.answer import Answer

MISS = Answer(None, "default", float("nan"))
"""What every key gets that the table does not hold."""


def check_keys(keys: Iterable[str]) -> list[str]:
    """`keys` as a list; raises TypeError for a single text and for a key that is no text."""
    if isinstance(keys, str):
        raise TypeError(f"lookup_many needs a list of keys, got the one key {keys!r}: use lookup.")
    keys = list(keys)
    for key in keys:
        if not isinstance(key, str):
            raise TypeError(no_text(key))
    return keys


def check_options(name: str, keep: int | None) -> None:
    """Raise ValueError for a table name no file can carry, or for fewer than 1 version kept."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ValueError(f"A table cannot be called {name!r}: use letters, digits, '_' and '-'.")
    if keep is not None and keep < 1:
        raise ValueError(f"keep is {keep}: give 1 or more versions, or None to keep all.")


def no_text(key) -> str:
    """The message for a key that is no text."""
    return (
        f"A key is a text, got {key!r}: lessons_lib.answer.key_of(request) gives a request's key."
    )
