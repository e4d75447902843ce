"""Whether JupyterLab's own Vega-Lite draws a chart, asked without a browser."""

import os
import sys
import tempfile
from collections.abc import Iterator

import altair as alt
import vl_convert

from lessons_lib.charts.still import NEAREST, vegalite5


def assert_draws(chart: alt.TopLevelMixin) -> None:
    """Fail unless a chart compiles without a warning of Vega-Lite and draws a mark."""
    spec = vegalite5(chart)
    with tempfile.TemporaryFile() as caught:
        # The warnings are printed by the JavaScript inside vl-convert, below Python's streams.
        with _redirected(caught.fileno()):
            scene = vl_convert.vegalite_to_scenegraph(spec, vl_version=NEAREST, show_warnings=True)
        caught.seek(0)
        warned = caught.read().decode("utf-8", "replace")
    assert "WARN" not in warned, f"Vega-Lite {NEAREST} warns about the chart:\n{warned}"
    drawn = sum(len(mark["items"]) for mark in _marks(scene["scenegraph"]))
    assert drawn, "The chart draws no mark: are its data empty, or a field's name misspelt?"


def _marks(group: dict) -> Iterator[dict]:
    """Find the marks that show data in a Vega scenegraph, leaving axes and legends out."""
    for item in group.get("items", []):
        if item.get("role") == "mark":
            yield item
        elif item.get("role") not in ("axis", "legend", "title"):
            yield from _marks(item)


class _redirected:
    """Send what the process writes to its standard error, below Python too, to another file."""

    def __init__(self, target: int) -> None:
        self.target = target

    def __enter__(self) -> None:
        sys.stderr.flush()
        self.kept = os.dup(2)
        os.dup2(self.target, 2)

    def __exit__(self, *_error: object) -> None:
        os.dup2(self.kept, 2)
        os.close(self.kept)
