"""A guess drawn beside what came out, and on a chart of a lesson's own.

It is given numbers and words, and knows nothing of predictions or questions.
"""

import math
import textwrap
from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from lessons_lib.charts import still
from lessons_lib.charts.theme import PALETTE

GUESS, RUN = PALETTE[3], PALETTE[0]
"""The colours of a guess, which is a diamond, and of what came out, a circle."""
APART = 20
"""Two values that differ by more than this factor are shown on a logarithmic axis."""
NAMES = ("your guess", "the run")
LINE = 40
"""Letters in a line of an option's text."""


def beside(guess: float, gave: float, texts: Sequence[str], unit: str) -> alt.LayerChart:
    """A guess and what the run gave, on one axis.

    `texts` are the two values as they are written, `unit` names the axis. The axis is logarithmic
    where the values differ by more than a factor of `APART`.
    """
    low, high = sorted((guess, gave))
    logarithmic = low > 0 and high / low > APART
    frame = pd.DataFrame({"who": NAMES, "value": [guess, gave], "text": list(texts)})
    if logarithmic:
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        step = math.ceil((last - first) / 6)
        scale = alt.Scale(type="log", domain=[10.0**first, 10.0**last])
        ticks = {"values": [10.0**e for e in range(first, last + 1, step)]}
    else:
        percent = unit == "%" and low >= 0 and high <= 100
        scale = alt.Scale(domain=[min(low, 0), 100 if percent else max(high, 0) or 1])
        ticks = {"tickCount": 5}
    axis = alt.Axis(format=",~r", **ticks)
    # Room for a mark at the low end of the axis, and for the words beside one at its high end.
    names = alt.Axis(ticks=False, domain=False, labelPadding=12)
    room = {"left": 5, "top": 5, "bottom": 5, "right": 16 + 7 * max(map(len, texts))}
    base = alt.Chart(frame).encode(
        alt.X("value:Q", title=unit or None, scale=scale, axis=axis),
        alt.Y("who:N", title=None, sort=None, axis=names),
    )
    line = base.mark_rule(strokeWidth=2).encode(x2=alt.datum(0), color=_colour())
    words = base.mark_text(align="left", dx=10).encode(text="text:N")
    layers = [_points(base), words] if logarithmic else [line, _points(base), words]
    said = f"Your guess: {texts[0]}. The run: {texts[1]}."
    chart = alt.layer(*layers, description=said)
    return chart.properties(width=300, height=alt.Step(28), padding=room)


def beside_options(guess: str, gave: str, options: Sequence[str]) -> alt.LayerChart:
    """The options of a question, with the one that was guessed and the one that came out marked."""
    wrapped = {text: textwrap.fill(text, LINE) for text in options}
    rows = [(who, wrapped.get(text, text)) for who, text in zip(NAMES, (guess, gave), strict=True)]
    lines = max(text.count("\n") + 1 for text in wrapped.values())
    base = alt.Chart(pd.DataFrame(rows, columns=["who", "option"])).encode(
        alt.X(
            "who:N",
            title=None,
            sort=None,
            scale=alt.Scale(domain=list(NAMES)),
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False),
        ),
        alt.Y(
            "option:N",
            title=None,
            scale=alt.Scale(domain=list(wrapped.values())),
            axis=alt.Axis(
                labelExpr="split(datum.label, '\\n')",
                labelLimit=0,
                ticks=False,
                domain=False,
                grid=True,
            ),
        ),
    )
    said = f"Your guess: {guess}. The run: {gave}."
    step = alt.Step(10 + 16 * lines)
    return alt.layer(_points(base), description=said).properties(width=150, height=step)


def guess(chart: alt.TopLevelMixin, text: str = NAMES[0], **at: float) -> alt.TopLevelMixin:
    """A chart with a guess on it: a line across at `x` or at `y`, a point where both are given.

    A guess that has no place on a logarithmic axis leaves the chart as it is.
    """
    found = list(still.parts(chart.to_dict()))
    if any(at[axis] <= 0 for axis in at if _logarithmic(found, axis)):
        return chart
    channels = {axis: _channel(found, axis, value) for axis, value in at.items()}
    base = alt.Chart(pd.DataFrame({"text": [text]})).encode(**channels)
    if len(at) == 2:
        # A rim sets the mark off from a bar behind it; the words stand clear of all marks, at the
        # upper end of a line from there.
        mark = base.mark_point(shape="diamond", color=GUESS, size=150).encode(
            stroke=alt.value("#ffffff"), strokeWidth=alt.value(1.5)
        )
        marks = [base.mark_rule(color=GUESS, strokeDash=[2, 3]).encode(y2=alt.value(0)), mark]
        words = base.mark_text(dy=-6, baseline="bottom").encode(text="text:N", y=alt.value(0))
    else:
        marks = [base.mark_rule(color=GUESS, strokeWidth=2, strokeDash=[4, 3], clip=True)]
        away = {"y": {"x": alt.value(4)}, "x": {"y": alt.value(8)}}[next(iter(at))]
        words = base.mark_text(align="left", dx=4 * ("x" in at), dy=-7 * ("y" in at))
        words = words.encode(text="text:N", **away)
    return alt.layer(chart, *marks, words)


def _points(base: alt.Chart) -> alt.Chart:
    shape = alt.Scale(domain=list(NAMES), range=["diamond", "circle"])
    return base.mark_point(size=120).encode(
        color=_colour(), shape=alt.Shape("who:N", scale=shape, legend=None)
    )


def _colour() -> alt.Color:
    scale = alt.Scale(domain=list(NAMES), range=[GUESS, RUN])
    return alt.Color("who:N", scale=scale, legend=None)


def _logarithmic(parts: Sequence[Mapping], axis: str) -> bool:
    encodings = [part.get("encoding", {}).get(axis, {}) for part in parts]
    return any((one.get("scale") or {}).get("type") == "log" for one in encodings)


def _channel(parts: Sequence[Mapping], axis: str, value: float) -> alt.SchemaBase:
    """The place of a value on an axis of a chart, of the axis's own kind and under its title."""
    known = [part["encoding"][axis] for part in parts if axis in part.get("encoding", {})]
    kind = next((one["type"] for one in known if "type" in one), "quantitative")
    title = next((one["title"] for one in known if "title" in one), alt.Undefined)
    channel = {"x": alt.XDatum, "y": alt.YDatum}[axis]
    return channel(value, type=kind, title=title)
