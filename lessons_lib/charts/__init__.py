"""Charts: pictures that need no network, one look for the course, and panels that follow the hand.

``lessons_lib.setup()`` calls `enable`. It knows Altair and the notebook's display, and nothing of
flights, models or simulations: a chart is given its numbers.

* `theme`: the colours and the second cue (dash, shape), legible in light and dark.
* `units`: numbers written for people.
* `still`: charts that stand still. JupyterLab draws them at once, other viewers show a picture.
* `guess`: a guess beside what came out, and on a chart of a lesson's own.
* `panel`: `LivePanel`, a chart under labelled controls that follows the hand.
* `replay`: `Replay`, the single requests of a run, played on the page.
"""

from lessons_lib.charts import _altair  # noqa: F401  (before all others)
from lessons_lib.charts.controls import Choice, Slider
from lessons_lib.charts.guess import beside, beside_options, guess
from lessons_lib.charts.panel import LivePanel, View
from lessons_lib.charts.replay import Lane, Replay
from lessons_lib.charts.still import Still, enable, picture, vegalite5
from lessons_lib.charts.theme import MODE_COLOURS, MODE_DASHES, MODE_SHAPES, PALETTE, cues
from lessons_lib.charts.units import count, duration, duration_axis, number, share, times, trust
from lessons_lib.charts.wire import stacked

__all__ = [
    "MODE_COLOURS",
    "MODE_DASHES",
    "MODE_SHAPES",
    "PALETTE",
    "Choice",
    "Lane",
    "LivePanel",
    "Replay",
    "Slider",
    "Still",
    "View",
    "beside",
    "beside_options",
    "count",
    "cues",
    "duration",
    "duration_axis",
    "enable",
    "guess",
    "number",
    "picture",
    "share",
    "stacked",
    "times",
    "trust",
    "vegalite5",
]
