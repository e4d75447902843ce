"""What every lab writes for people: short numbers in words, and verdicts that fit their place."""

import importlib
import pkgutil
import re

import numpy as np
import pytest

from lessons_lib import labs
from lessons_lib.charts import LivePanel

MAKERS = {
    name: f"lessons_lib.labs.{module.name}"
    for module in pkgutil.iter_modules(labs.__path__)
    for name in dir(importlib.import_module(f"lessons_lib.labs.{module.name}"))
    if name == "flagship" or name.endswith("_lab")
}
SETTINGS = 25


def texts(panel):
    """All that a lab shows in words at its present settings."""
    yield panel.view.status
    for row in [panel._table["head"], *panel._table["rows"]]:
        yield from row
    for columns in panel.view.data.values():
        for values in (np.asarray(columns[name]) for name in columns):
            if values.dtype.kind in "OU":
                yield from map(str, values)


def unread(text):
    """Numbers in a text that a person would not write so."""
    found = re.findall(r"\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?", text)
    bad = [number for number in found if "e" in number]
    for number in set(found) - set(bad):
        whole, _, tenths = number.partition(".")
        if re.fullmatch(r"\d{5,}", whole) or (
            tenths and len((whole.replace(",", "") + tenths).lstrip("0")) > 3
        ):
            bad.append(number)
    return bad


@pytest.mark.parametrize("name", MAKERS)
def test_numbers_are_short_and_the_verdict_fits_its_place_at_many_settings(name):
    panel = getattr(importlib.import_module(MAKERS[name]), name)()
    assert isinstance(panel, LivePanel)
    dice = np.random.default_rng(1)
    controls = panel._controls
    for _ in range(SETTINGS):
        panel.set(**{n: c.options[dice.integers(len(c.options))] for n, c in controls.items()})
        for text in texts(panel):
            assert unread(text) == [], text
        assert len(panel.view.status) <= panel.texts["longest"] + 10, panel.view.status
    for control in controls.values():
        for option in control.options:
            assert unread(control.text(option)) == []


@pytest.mark.parametrize("text", ["2.25e+06 s", "29089.1", "1.333 min", "1234567"])
def test_what_nobody_reads_is_found(text):
    assert unread(text)
