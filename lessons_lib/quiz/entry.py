"""Reads the fields of one mapping in a question file, and complains in full sentences.

Used by `lessons_lib.quiz.schema`. It must not know which fields a question has.
"""

import math
from difflib import get_close_matches
from typing import Any

from lessons_lib.quiz.bank import BankError


class Entry:
    """One mapping of the file, with readers that complain in full sentences."""

    def __init__(self, raw: Any, file: str, place: str, path: str = ""):
        self.file, self.place, self.path = file, place, path
        if not isinstance(raw, dict):
            self.wrong("", f"must hold fields like `name: value`, and holds {raw!r}.")
        self.raw = raw

    def wrong(self, field: str, why: str) -> None:
        """Raise a `BankError` for `field`."""
        where = ", ".join(filter(None, [self.file, self.place]))
        field = ".".join(filter(None, [self.path, field]))
        raise BankError(f"{where}{f', field {field}' if field else ''}: {why}")

    def only(self, allowed: set[str]) -> None:
        """Refuse fields that are not known."""
        for name in self.raw:
            if name not in allowed:
                near = get_close_matches(name, allowed, 1)
                known = (
                    f"Did you mean {near[0]!r}?"
                    if near
                    else f"Known: {', '.join(sorted(allowed))}."
                )
                self.wrong(name, f"is not known here. {known}")

    def text(self, field: str, shortest: int = 1, longest: int = 500) -> str:
        """A string of a sensible length."""
        value = self.raw.get(field)
        if value is None:
            self.wrong(field, "is missing or empty. Write a text.")
        if not isinstance(value, str):
            kind = "the truth value" if isinstance(value, bool) else "the value"
            self.wrong(field, f"is {kind} {value!r} to YAML. Put the text in quotes.")
        value = " ".join(value.split())
        if not shortest <= len(value) <= longest:
            self.wrong(
                field, f"has {len(value)} characters. Use {shortest} to {longest}: {value[:60]!r}"
            )
        return value

    def number(self, field: str) -> float:
        """A finite number."""
        value = self.raw.get(field)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            self.wrong(field, f"is {value!r}. Write a number such as 0.5, 20 or 1e3.")
        return value

    def flag(self, field: str) -> bool:
        """True or false; false when absent."""
        value = self.raw.get(field, False)
        if not isinstance(value, bool):
            self.wrong(field, f"is {value!r}. Write true or false.")
        return value

    def entries(self, field: str, least: int = 0) -> list:
        """A list of at least so many."""
        value = self.raw.get(field, [])
        if not isinstance(value, list) or len(value) < least:
            self.wrong(field, f"must be a list of {least} or more, each starting with a dash.")
        return value

    def names(self, field: str, allowed: tuple[str, ...], least: int) -> tuple[str, ...]:
        """A list of known names, each once."""
        found = self.entries(field, least)
        for name in found:
            if name not in allowed or found.count(name) > 1:
                self.wrong(field, f"{name!r} must be one of {allowed[0]} to {allowed[-1]}, once.")
        return tuple(found)

    def below(self, raw: Any, path: str) -> "Entry":
        """The entry for a mapping inside this one."""
        return Entry(raw, self.file, self.place, path)
