"""What the classroom shows in a notebook: one message as plain text and as HTML.

The HTML says that it is English, so that it keeps its order on a page that runs from right to left.
It must not know what a message means.
"""

import html
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any

STYLES = {
    "good": "var(--jp-success-color1, #2e7d32)",
    "bad": "var(--jp-error-color1, #b71c1c)",
    "plain": "var(--jp-border-color1, #757575)",
}


def show(text: str, markup: str) -> None:
    """Show a message under the running cell; outside of IPython, nothing is shown."""
    _display({"text/plain": text, "text/html": markup}, raw=True)


def show_widget(widget: Any) -> None:
    """Show a widget under the running cell; outside of IPython, nothing is shown."""
    _display(widget)


class Kept:
    """A message under the running cell that is put in place anew each time, also from later cells.

    A page that redraws it, or a file that is saved, holds its last form. Outside of IPython, nothing
    is shown.
    """

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, text: str, markup: str) -> None:
        """Show the message, or put it in the place of the last one."""
        forms = {"text/plain": text, "text/html": markup}
        if self._handle is None:
            self._handle = _display(forms, raw=True, display_id=True)
        else:
            self._handle.update(forms, raw=True)


def _display(content: Any, **how: Any) -> Any:
    from IPython import get_ipython
    from IPython.display import display

    return display(content, **how) if get_ipython() is not None else None


def box(verdict: str, text: str, *, style: str = "plain", more: str = "") -> str:
    """HTML of one message: a verdict in words, the text, and `more` as ready HTML below."""
    lead = f"<strong>{inline(verdict)}</strong> " if verdict else ""
    said = f'<span style="white-space: pre-wrap">{inline(text)}</span>'  # all spaces of a value
    return (
        f'<div role="status" lang="en" dir="ltr" style="border-left: 4px solid {STYLES[style]}; '
        f'padding: 0.3em 0.9em; margin: 0.3em 0">{lead}{said}{more}</div>'
    )


def disclosure(summary: str, content: str) -> str:
    """HTML of a part that opens by hand and needs no kernel; `content` is ready HTML."""
    # The mark on the summary keeps JupyterLab from taking Enter and Space for its own commands.
    return (
        '<details lang="en" dir="ltr" style="margin: 0.3em 0">'
        f'<summary style="cursor: pointer" data-lm-suppress-shortcuts="true">{inline(summary)}'
        f'</summary><div style="padding: 0.3em 0 0.3em 1.2em">{content}</div></details>'
    )


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """HTML of a table in a box of its own, which a narrow page scrolls by hand or by key.

    The cells of `rows` are ready HTML; the first of each names its row.
    """
    cell = 'style="text-align: left; vertical-align: top; padding: 0.3em 0.9em 0.3em 0"'
    top = "".join(f'<th scope="col" {cell}>{name}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row" {cell}>{name}</th>{"".join(f"<td {cell}>{one}</td>" for one in rest)}</tr>'
        for name, *rest in rows
    )
    return (
        f'<div role="region" aria-label="{html.escape(caption)}" tabindex="0" style="overflow-x: auto"'
        f' data-lm-suppress-shortcuts="true"><table><caption style="text-align: left">'
        f"{html.escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def code(source: str) -> str:
    """HTML of a block of source text."""
    return f'<pre style="overflow-x: auto"><code>{html.escape(source)}</code></pre>'


def markup(content: Any) -> str:
    """HTML of a table or a chart as it stands under a cell; a chart is a picture here.

    Examples
    --------
    >>> import pandas as pd
    >>> markup(pd.Series([0.1], name="late"))
    '<pre style="overflow-x: auto">0    0.1\\nName: late, dtype: float64</pre>'
    """
    from IPython.core.formatters import DisplayFormatter

    forms, about = DisplayFormatter().format(content)
    text = html.escape(forms["text/plain"])
    if "image/png" in forms:
        source = f"data:image/png;base64,{b64encode(forms['image/png']).decode()}"
        size = f'width="{about["image/png"]["width"]}" style="max-width: 100%; height: auto"'
        return f'<div><img src="{source}" alt="{text}" {size}></div>'
    return forms.get("text/html", f'<pre style="overflow-x: auto">{text}</pre>')


def inline(text: str) -> str:
    """Escape a text for HTML; words in backticks become code.

    Examples
    --------
    >>> inline("call `f(x)` if a < b")
    'call <code>f(x)</code> if a &lt; b'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
