"""A chart under labelled controls that follows the hand.

It knows Altair, widgets and the page, and nothing of what is shown: numbers come from the lab's
``compute``, a plain function that is tested without a browser.

The chart is compiled to Vega once. A change then sends only the new columns, as binary, and the
page puts them into the chart that is already there (`panel.js`). The drawing code, Vega itself, is
sent once a page, on request, by whichever panel comes first; it is never part of a notebook.
"""

import asyncio
import base64
import contextlib
import copy
import gzip
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import altair as alt
import anywidget
import pandas as pd
import traitlets
import vl_convert
from IPython.display import display

from lessons_lib.charts import layout, png, still, theme, wire
from lessons_lib.charts.controls import Choice, Slider, position

HERE = Path(__file__).parent
VEGA = HERE.parent / "vendor" / "vega.min.js"
MOST_CONTROLS = 4
REST = 1.0
"""Seconds without a move after which the notebook is given what is shown."""


@dataclass(frozen=True)
class View:
    """What a lab computes for one position of its controls.

    `data` holds the columns of each named data set of the chart; a DataFrame will do. `status` is
    one sentence that states the finding, and `table` the exact figures, for the disclosure below.
    """

    data: Mapping[str, Mapping[str, object]]
    status: str
    table: pd.DataFrame = field(default_factory=pd.DataFrame)


class LivePanel(anywidget.AnyWidget):
    """A chart that is redrawn in place while one of its controls is moved.

    ``settings`` says where the controls stand, ``view`` what is shown.

    Parameters
    ----------
    chart : altair chart
        Drawn from named data: ``alt.Chart(alt.NamedData("rows"))``. Give it fixed scales where
        the eye should compare positions, and axis titles with units.
    controls : sequence of Slider and Choice
        One to four.
    compute : callable
        ``compute(settings) -> View``, with ``settings`` a dict from control names to values.
    title : str
        Shown above, and the panel's name for screen readers.
    description : str
        What the chart shows, in words, for those who cannot see it.
    longest : int
        Letters of the longest status: so much room is kept for it, and nothing jumps.
    """

    _esm = HERE / "panel.js"
    _css = HERE / "panel.css"
    spec = traitlets.Dict().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    _kept = _timer = None

    def __init__(
        self,
        chart: alt.TopLevelMixin,
        controls: Sequence[Slider | Choice],
        compute: Callable[[dict], View],
        *,
        title: str,
        description: str,
        longest: int = 120,
    ) -> None:
        self._controls = _by_name(controls)
        self._compute = compute
        self._vega = _compiled(chart)
        self._adopt({name: control.value for name, control in self._controls.items()})
        texts = {"title": title, "description": description, "longest": longest}
        spec = copy.deepcopy(self._vega)  # the picture keeps the widths that the chart was made for
        texts["rows"] = layout.follow_width(spec)
        pages = [_for_the_page(control) for control in self._controls.values()]
        super().__init__(spec=spec, controls=pages, texts=texts)
        self.on_msg(self._receive)

    def set(self, **values: object) -> View:
        """Move controls from Python, as a hand does; gives what is then shown."""
        for name, value in values.items():
            if name not in self._controls:
                raise ValueError(f"{name!r} is no control: take {', '.join(self._controls)}.")
            position(self._controls[name], value)
        self._adopt({**self.settings, **values})
        self._show()
        return self.view

    def _adopt(self, settings: dict) -> None:
        """Compute for new settings; only when all went well do they become what is shown."""
        view = self._compute(dict(settings))
        wanted = [data["name"] for data in self._vega["data"] if _is_named(data)]
        if set(wanted) - set(view.data):
            raise ValueError(f"The chart draws {wanted}, but compute gave {list(view.data)}.")
        packed = wire.pack({name: view.data[name] for name in wanted})
        table = wire.table(view.table)
        self.settings, self.view, self._packed, self._table = settings, view, packed, table

    def _receive(self, _widget: object, message: dict, _buffers: list) -> None:
        """Answer the page: Vega itself, what is shown now, or what new settings give."""
        if message["kind"] == "vega":
            self.send({"kind": "vega"}, buffers=[_vega_bundle()])
        elif message["kind"] == "hello":
            self._show(message["me"])
        elif message["kind"] == "set":
            self._follow(message)

    def _follow(self, message: dict) -> None:
        """Compute for the controls' new positions; a failure is told, and the chart stays."""
        controls = zip(self._controls.items(), message["at"], strict=True)
        try:
            self._adopt({name: control.options[at] for (name, control), at in controls})
        except Exception as error:
            told = f"No result for these settings ({type(error).__name__}: {error})."
            told += " The chart still shows the last ones that had one."
            self.send({"kind": "failed", "to": message["me"], "status": told})
        else:
            self._show(message["me"])

    def _show(self, to: str | None = None) -> None:
        """Send what is shown to every page that holds this panel, in answer to one of them."""
        columns, buffers = self._packed
        at = [position(c, self.settings[name]) for name, c in self._controls.items()]
        shown = {"status": self.view.status, "table": self._table, "at": at}
        self.send({"kind": "view", "to": to, "columns": columns, **shown}, buffers=buffers)
        self._keep_later()

    def _picture(self, scale: float = 2) -> bytes:
        spec = still.printed(self._vega)
        for data in filter(_is_named, spec["data"]):
            data["values"] = wire.rows(self.view.data[data["name"]])
        return png.shrink(vl_convert.vega_to_png(spec, scale=scale))

    def _repr_mimebundle_(self, **options: object) -> tuple[dict, dict]:
        """Add a picture and a line of text, for pages that have no kernel behind them."""
        bundle, metadata = super()._repr_mimebundle_(**options)
        bundle["text/plain"] = self._sentence()
        bundle["image/png"] = self._picture()
        width, height = png.size(bundle["image/png"])
        size = {"width": width // 2, "height": height // 2, "alt": self._sentence()}
        return bundle, {**metadata, "image/png": size}

    def _sentence(self) -> str:
        """Title, settings and finding."""
        at = "; ".join(f"{c.label}: {c.text(self.settings[n])}" for n, c in self._controls.items())
        return f"{self.texts['title']} ({at}). {self.view.status}"

    def _ipython_display_(self) -> None:
        """Show the panel, and below it, for pages without a kernel, what its picture shows."""
        bundle, metadata = self._repr_mimebundle_()
        display(bundle, metadata=metadata, raw=True)
        self._first = self.settings, self._sentence()
        self._kept = display(self._as_left(), raw=True, display_id=True)

    def _as_left(self) -> dict:
        """The sentence of the picture above and, where a hand moved on, picture and sentence then."""
        settings, sentence = self._first
        text, markup = sentence, f"<p>{html.escape(sentence)}</p>"
        if self.settings != settings:
            text = f"As you left it: {self._sentence()}"
            source = base64.b64encode(self._picture()).decode("ascii")
            image = f'<img alt="" style="max-width: 100%" src="data:image/png;base64,{source}">'
            markup += f"{image}<p>{html.escape(text)}</p>"
        markup = f'<div class="lm-kept" lang="en" dir="ltr">{markup}</div>'
        return {"text/plain": text, "text/html": markup}

    def _keep_later(self) -> None:
        """Put what is shown into the notebook once the hand rests: a picture takes its time."""
        if self._kept is None:
            return
        if self._timer:
            self._timer.cancel()
        with contextlib.suppress(RuntimeError):  # a script has no loop that waits
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(
                REST, lambda: self._kept.update(self._as_left(), raw=True)
            )


def _by_name(controls: Sequence[Slider | Choice]) -> dict[str, Slider | Choice]:
    named = {control.name: control for control in controls}
    if not 1 <= len(controls) <= MOST_CONTROLS or len(named) < len(controls):
        names = [control.name for control in controls]
        raise ValueError(
            f"A panel takes 1 to {MOST_CONTROLS} controls of different names: {names}."
        )
    return named


def _for_the_page(control: Slider | Choice) -> dict:
    """A control by the texts of its positions: the page never sees a value."""
    texts = [control.text(option) for option in control.options]
    kind = "slider" if isinstance(control, Slider) else "choice"
    at = position(control, control.value)
    return {"kind": kind, "label": control.label, "texts": texts, "at": at}


def _compiled(chart: alt.TopLevelMixin) -> dict:
    """An Altair chart as Vega, silent for screen readers: the panel speaks for it."""
    with alt.theme.enable("none"):
        spec = chart.to_dict()
    spec["config"] = {**theme.config(), **spec.get("config", {}), "aria": False}
    vega = vl_convert.vegalite_to_vega(spec)
    for data in vega["data"]:
        # The columns arrive as numbers. Left in, this conversion would copy every row, and Vega
        # remembers each row that it ever copied: the page would grow with every change.
        steps = data.get("transform", [])
        data["transform"] = [s for s in steps if not s.get("expr", "").startswith("toNumber(")]
    return vega


def _is_named(data: dict) -> bool:
    return not {"values", "source", "url"} & set(data)


@cache
def _vega_bundle() -> bytes:
    return gzip.compress(VEGA.read_bytes(), 6)
