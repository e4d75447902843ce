"""Charts that stand still: drawn at once by JupyterLab, a picture everywhere else.

It must not know what a chart shows, and nothing in it needs a network.

Altair's own renderers fetch their drawing code from the internet, or emit a type that JupyterLab
does not know. This one emits three forms of the same chart and lets the viewer choose:
Vega-Lite 5 (JupyterLab and Notebook draw it, trusted or not, before anything has run), a PNG
(GitHub, exported pages), and a line of text.
"""

import copy
import json
import textwrap
from collections.abc import Iterator

import altair as alt
import vl_convert

from lessons_lib.charts import png, theme

VEGALITE5 = "application/vnd.vegalite.v5+json"
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.6.1.json"
"""JupyterLab 4.6 bundles Vega-Lite 5.6.1."""

STYLE = (
    ".vega-embed { display: block; width: calc(100% - 10px); max-width: 640px; direction: ltr; } "
    ".vega-embed svg { max-width: 100%; height: auto; } "
    ".vega-embed .mark-text.role-mark text { paint-order: stroke; stroke-width: 3px; "
    "stroke: var(--jp-layout-color0, Canvas); stroke-linejoin: round; }"
)
"""A chart keeps its direction in a page that is written right to left, and follows a narrow one;
words among its marks stand out from what they lie on. On a narrow page JupyterLab hides the last
pixels of an output."""

LINE = 30
"""Letters in a line of a title, so that it fits a narrow page."""

NEAREST = "5.8"
"""The version nearest to it among those that vl-convert carries."""


def enable() -> None:
    """Draw every Altair chart of this process with the course's renderer and theme."""
    alt.theme.register("lessons", enable=True)(lambda: {"config": theme.config()})
    alt.renderers.register("lessons", _render)
    alt.renderers.enable("lessons")


class Still:
    """A chart to be displayed in the course's three forms, whichever renderer Altair has."""

    def __init__(self, chart: alt.TopLevelMixin):
        self.chart = chart

    def _repr_mimebundle_(self, **_options: object) -> tuple[dict, dict]:
        with alt.theme.enable("none"):
            spec = self.chart.to_dict()
        return _render({**spec, "config": theme.config()})


def vegalite5(chart: alt.TopLevelMixin | dict) -> dict:
    """A chart, or a Vega-Lite specification, as JupyterLab's own drawing code reads it.

    It has the schema that JupyterLab knows, a description for screen readers, and the wish to be
    drawn as SVG (text then takes the page's own colour).
    """
    spec = dict(chart if isinstance(chart, dict) else chart.to_dict())
    spec["$schema"] = SCHEMA
    spec.setdefault("description", describe(spec))
    spec["usermeta"] = {"embedOptions": {"renderer": "svg", "actions": False}}
    return spec


def follow_width(spec: dict) -> dict:
    """A specification of one view that takes the width of the page; others are left as they are.

    Its text keeps its size: titles are broken into lines.
    """
    if {"concat", "hconcat", "vconcat", "facet", "repeat", "spec"} & set(spec):
        return spec
    spec = copy.deepcopy(spec)
    spec["width"] = "container"
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    for part in parts(spec):
        if part is not spec:
            part.pop("width", None)
            if title := part.pop("title", None):
                spec.setdefault("title", title)
        for channel in part.get("encoding", {}).values():
            _narrow(channel if isinstance(channel, dict) else {})
    title = spec.get("title")
    title = dict(title) if isinstance(title, dict) else {"text": title}
    if isinstance(title["text"], str) and len(lines := textwrap.wrap(title["text"], LINE)) > 1:
        # In one line where it fits; a letter of a title is at most 9 pixels wide on average. The
        # plot's own width, which follows from what is drawn, only says when to look again.
        fits = f"width > 0 && containerSize()[0] > {9 * len(title['text'])}"
        whole, broken = json.dumps(title["text"]), json.dumps(lines)
        spec["title"] = title | {"text": {"expr": f"{fits} ? {whole} : {broken}"}}
    return spec


def _narrow(encoding: dict) -> None:
    """Break the titles of an axis into lines; put a legend's entries below each other, and smaller."""
    for holder in (encoding, encoding.get("axis") or {}):
        if isinstance(holder.get("title"), str) and holder["title"] and "field" in encoding:
            holder["title"] = textwrap.wrap(holder["title"], LINE)
    if isinstance(legend := encoding.get("legend"), dict):
        legend["columns"] = {"expr": "width < 420 ? 1 : 4"}
        legend["labelFontSize"] = {"expr": "width < 240 ? 10 : width < 420 ? 11 : 12"}
        if "symbolSize" in legend:
            legend["symbolSize"] = {"expr": f"width < 540 ? 120 : {legend['symbolSize']}"}


def picture(chart: alt.TopLevelMixin | dict, *, scale: float = 2) -> bytes:
    """A chart as a PNG, dark on white, drawn without a browser, `scale` times as large."""
    spec = printed(vegalite5(chart))
    return png.shrink(vl_convert.vegalite_to_png(spec, vl_version=NEAREST, scale=scale))


def printed(spec: dict) -> dict:
    """A specification with fixed colours on white, for a picture that has no page round it."""
    text = json.dumps(spec, allow_nan=False).replace(f'"{theme.TEXT}"', f'"{theme.PRINT_TEXT}"')
    spec = json.loads(text)
    if spec.get("config", {}).get("background"):
        spec["config"]["background"] = "#ffffff"
    if "background" in spec:
        spec["background"] = "#ffffff"
    return spec


def describe(spec: dict) -> str:
    """What a specification draws, in one line: its title, and the titles of its axes.

    >>> describe({"title": "Latency", "encoding": {"x": {"title": "servers"}, "y": {"field": "p99"}}})
    'Latency: chart of p99 against servers.'
    """
    found = list(parts(spec))
    title = next((text for part in found if (text := _text(part.get("title")))), "")
    axes = {axis: list(dict.fromkeys(_axis_titles(found, axis))) for axis in ("x", "y")}
    what = " and ".join(axes["y"]) + (" against " if all(axes.values()) else "")
    what += " and ".join(axes["x"])
    return f"{title}: chart of {what}." if title else f"Chart of {what}."


def _render(spec: dict, **_options: object) -> tuple[dict, dict]:
    """The three forms of a chart, and the size of the picture in page pixels."""
    scale = 2
    drawn = picture(spec, scale=scale)
    width, height = png.size(drawn)
    spec = follow_width(vegalite5(spec))
    bundle = {VEGALITE5: spec, "image/png": drawn, "text/plain": spec["description"]}
    size = {"width": width // scale, "height": height // scale}
    # A style is taken from here only: a specification itself must not bring one.
    return bundle, {"image/png": size, VEGALITE5: {"embed_options": {"defaultStyle": STYLE}}}


def parts(spec: dict) -> Iterator[dict]:
    """Walk through a specification, its layers and its concatenated charts."""
    yield spec
    inner = [spec["spec"]] if isinstance(spec.get("spec"), dict) else []
    for name in ("layer", "concat", "hconcat", "vconcat"):
        inner += spec.get(name, [])
    for each in inner:
        yield from parts(each)


def _axis_titles(parts: list[dict], axis: str) -> Iterator[str]:
    """What each part calls one of its axes."""
    for part in parts:
        encoding = part.get("encoding", {}).get(axis, {})
        title = encoding.get("title") or (encoding.get("axis") or {}).get("title")
        if text := _text(title or encoding.get("field")):
            yield text


def _text(title: object) -> str:
    """A title as one line, whichever of Vega-Lite's forms it has."""
    title = title.get("text", "") if isinstance(title, dict) else title
    return " ".join(title) if isinstance(title, list) else str(title or "")
