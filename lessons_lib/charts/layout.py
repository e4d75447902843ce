"""How a chart's views follow the width of the page: side by side, or below each other.

It works on a compiled Vega specification and knows nothing of what is shown. Heights stay, widths
become signals which `panel.js` sets; text keeps its size, so it is wrapped and never shrunk.
"""

import json
from collections.abc import Iterator

NARROWEST = 0.75
"""Views side by side that would get less than this share of the width they were made for stack."""

LABEL, BESIDE = 12, 110
"""The size of the letters of labels among the marks, and what axes take beside them, in pixels."""

PAGE = "page_width"
"""The signal that holds the width of the page's own place for the chart."""


def follow_width(vega: dict) -> list[dict]:
    """Make a specification's widths signals, in place; gives the rows of views that share a width.

    A row holds ``columns`` (the signal that says how many stand side by side, None for a single
    view), ``least`` (pixels of all its views together, below which they stack), ``gap`` and
    ``views``, each with the ``name`` of its group, the ``signal`` of its width and its ``width``.
    """
    vega.setdefault("signals", []).append({"name": PAGE, "value": 1000})
    _move_legends(vega)
    below = {"direction": {"signal": f"{PAGE} < 420 ? 'vertical' : 'horizontal'"}}
    legend = vega.setdefault("config", {}).setdefault("legend", {})
    legend.setdefault("layout", {})["bottom"] = below
    sizes = {s["name"]: s["value"] for s in vega.get("signals", []) if "value" in s}
    if "width" in vega:
        _wrap(vega, "width", "height")
        views = [{"name": None, "signal": "width", "width": vega["width"]}]
        return [{"columns": None, "least": 0, "gap": 0, "views": views}]
    rows: list[dict] = []
    for group in list(_rows(vega)):
        children = [mark for mark in group["marks"] if mark["type"] == "group"]
        views = [_view(child, sizes) for child in children]
        for child, view in zip(children, views, strict=True):
            height = child["encode"]["update"]["height"].get("signal", "height")
            _wrap(child, view["signal"], height)
        columns = None
        if len(views) > 1:
            columns = f"columns_{len(rows)}"
            vega["signals"].append({"name": columns, "value": len(views)})
            group["layout"]["columns"] = {"signal": columns}
        gap = group.get("layout", {}).get("padding", 0)
        least = NARROWEST * sum(view["width"] for view in views)
        rows.append({"columns": columns, "least": least, "gap": gap, "views": views})
    return rows


def _move_legends(group: dict) -> None:
    """Let legends that stand at the right stand below on a narrow page, and there below each other."""
    for legend in group.get("legends", []):
        if legend.get("orient", "right") == "right":
            legend["orient"] = {"signal": f"{PAGE} < 420 ? 'bottom' : 'right'"}
    for mark in group.get("marks", []):
        _move_legends(mark)


def _rows(group: dict) -> Iterator[dict]:
    """The groups whose views stand side by side: those that hold views, and not rows of views."""
    inner = [mark for mark in group.get("marks", []) if mark["type"] == "group"]
    nested = [mark for mark in inner if "layout" in mark]
    if not nested:
        yield group
    elif len(nested) < len(inner):
        raise ValueError(
            "A live panel's chart is a view, a row of views, or rows below each other."
        )
    for mark in nested:
        yield from _rows(mark)


def _view(group: dict, sizes: dict) -> dict:
    signal = group["encode"]["update"]["width"].get("signal", "width")
    return {"name": group["name"], "signal": signal, "width": sizes[signal]}


def _wrap(view: dict, width: str, height: str) -> None:
    """Let titles and the entries of legends take as many lines, and labels the words, that fit."""
    title = view.get("title")
    if isinstance(title, dict) and isinstance(title.get("text"), str):
        size = title.get("fontSize", 14)
        title["text"] = _in_lines(title["text"], f"{width} + 40", size, bold=True)
    for axis in view.get("axes", []):
        if isinstance(axis.get("title"), str):
            room = height if axis["orient"] in ("left", "right") else width
            axis["title"] = _in_lines(axis["title"], f"{room} + 20", 12)
    for mark in view.get("marks", []):
        if mark["type"] == "text" and "signal" in mark["encode"]["update"].get("text", {}):
            mark["encode"]["update"]["text"] = _in_room(mark["encode"]["update"])
    for legend in view.get("legends", []):
        if legend.get("orient") in ("top", "bottom"):
            legend["columns"] = {"signal": f"{width} < 420 ? 1 : 0"}


def _in_room(label: dict) -> dict:
    """A label among the marks without its name ("dynamic: p99 2 ms") where the page is too narrow.

    It goes by the page: a plot's own width follows from what is drawn, its labels among it.
    """
    bold = label.get("fontWeight", {}).get("value") == "bold"
    between = label.get("lineBreak", {}).get("value", "\n")
    room = f"{PAGE} - {BESIDE + abs(label.get('dx', {}).get('value', 0))}"
    said = f"{json.dumps(between)}, {room}, {LABEL}, {json.dumps(bold)}"
    return {"signal": f"inRoom({label['text']['signal']}, {said})"}


def _in_lines(text: str, room: str, size: int, *, bold: bool = False) -> dict:
    return {"signal": f"inLines({json.dumps(text)}, {room}, {size}, {json.dumps(bold)})"}
