"""Watch the requests of a run: they come, wait in a queue, sit in a server, and leave by source.

It knows the arrays that a run gives (when each request came, started and left, and how) and the
page; it knows no simulator and no predictor.

The whole run is sent once, as numbers in a packed buffer, and the page plays it (`replay.js`):
no move of the learner's asks the kernel. That script is sent once a page, on request, by whichever
replay comes first; neither it nor the run is ever part of a notebook, which keeps a still chart.
"""

import gzip
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from math import inf
from pathlib import Path

import altair as alt
import anywidget
import numpy as np
import pandas as pd
import traitlets

from lessons_lib import validate
from lessons_lib.charts import png, still, theme
from lessons_lib.charts.units import SPANS, duration

HERE = Path(__file__).parent
MOST = 2_000
"""The largest number of requests that a replay takes."""

_BLUE, _VERMILION, _GREEN, _PURPLE, _GREY = theme.PALETTE
_ROUND = "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z"
KINDS = {
    "table": (_BLUE, _ROUND, "answered from the table"),
    "cache": (_GREEN, "M-.85,-.85H.85V.85H-.85Z", "answered from the cache"),
    "model": (_VERMILION, "M0,-1L1,.8H-1Z", "answered by the model"),
    "joined": (_PURPLE, "M0,-1L1,0L0,1L-1,0Z", "answered with another's request"),
    "default": (_GREY, _ROUND + "M.5,0A.5,.5,0,1,0,-.5,0A.5,.5,0,1,0,.5,0Z", "left with a default"),
    "refused": (
        theme.TEXT,
        "M-1,-.6L-.6,-1L0,-.4L.6,-1L1,-.6L.4,0L1,.6L.6,1L0,.4L-.6,1L-1,.6L-.4,0Z",
        "refused",
    ),
    "dropped": (theme.TEXT, "M0,1L-1,-.8H1Z", "dropped after its wait"),
}
"""How a request may leave: its colour, its shape (an SVG path within -1..1), and the words for it."""
ALIASES = {"served": "model", "cached": "cache", "rejected": "refused"}
"""What ``simulate.serve`` calls some of them."""
_ASIDE = ("cached", "joined", "rejected", "refused", "dropped")  # they take no server of their own
_ROWS = 150  # requests in the still chart, at the most

# The page's first step: get the script from the kernel, unless another replay has done so.
_LOADER = """
const SCRIPT = Symbol.for("lessons_lib.replay");
function load(model) {
  globalThis[SCRIPT] ??= new Promise((resolve, reject) => {
    const answer = async (message, buffers) => {
      if (message.kind !== "script") return;
      model.off("msg:custom", answer);
      const packed = new Blob([buffers[0]]).stream();
      const text = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
      resolve(import(URL.createObjectURL(new Blob([text], { type: "text/javascript" }))));
    };
    model.on("msg:custom", answer);
    model.on("comm_live_update", () => reject(new Error("the kernel has gone")));
    model.send({ kind: "script" });
  }).catch((error) => {
    delete globalThis[SCRIPT]; // the next replay asks its own kernel
    throw error;
  });
  return globalThis[SCRIPT];
}
async function render({ model, el }) {
  try {
    return await (await load(model)).show(model, el);
  } catch (error) {
    el.append(`The replay could not be shown (${error.message}). Run the notebook's cells again.`);
  }
}
export default { render };
"""


@dataclass(frozen=True)
class Lane:
    """How the requests of a run were answered in one way; arrays of shape (n,), times in seconds.

    Parameters
    ----------
    name : str
        What the lane is called on the page.
    arrive, start, finish : array of float
        When each request came (sorted), when its service began, and when it left. A `start` of NaN
        never began, nor did one that was refused or dropped. A `finish` of NaN or infinity did not
        leave within the run; one that was refused or dropped then left as it came.
    source : sequence of str, optional
        How each left: words of `KINDS` or of ``simulate.OUTCOMES``; "model" unless given.
    server : sequence of int, optional
        Which server had each, from 0; -1 for none. Those in one server at one time are a batch.
        Unless given, each takes the lowest free one.
    servers : int, optional
        How many there are; as many as are needed unless given.
    own_queues : bool
        Whether each server has a queue of its own; needs `server`.
    """

    name: str
    arrive: np.ndarray
    start: np.ndarray
    finish: np.ndarray
    source: Sequence[str] | None = None
    server: Sequence[int] | None = None
    servers: int | None = None
    own_queues: bool = False


class Replay(anywidget.AnyWidget):
    """A run that is played on the page: one lane, or two with the same requests.

    Parameters
    ----------
    lanes : Lane, or sequence of one or two
        Drawn one below the other, on one clock and in one scale.
    title : str
        Shown above, and the replay's name for screen readers.
    description : str
        What to watch, in words.
    yours : int
        The request that is followed at first, counted from 1; the learner may pick another.

    Raises
    ------
    ValueError
        For more than two lanes, lanes of different requests, more than `MOST` requests, times that
        go back, unknown sources, or more requests in service than there are servers.

    Examples
    --------
    >>> replay = Replay(Lane("on demand", [0, 1], [0, 2], [2, 4]), title="Two clients")
    >>> replay.sentence
    'on demand: 2 answered by the model; longest wait 1 s.'
    """

    _esm = _LOADER
    _css = HERE / "replay.css"
    run = traitlets.Bytes().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(
        self, lanes: Lane | Sequence[Lane], *, title: str, description: str = "", yours: int = 1
    ) -> None:
        given = [lanes] if isinstance(lanes, Lane) else list(lanes)
        if not 1 <= len(given) <= 2:
            raise ValueError(
                f"Replay got {len(given)} lanes: give one, or two of the same requests."
            )
        self._lanes = [_Checked(lane) for lane in given]
        first, last = self._lanes[0], self._lanes[-1]
        if not np.array_equal(first.arrive, last.arrive):
            raise ValueError(
                f"The lanes {first.name!r} and {last.name!r} have different requests: give both "
                "the same `arrive`."
            )
        requests = len(first.arrive)
        if yours not in range(1, requests + 1):
            raise ValueError(f"yours is {yours!r}: give the number of a request, 1 to {requests}.")
        moments, run = _packed(self._lanes)
        self._title = title
        pages = [
            {"name": lane.name, "servers": lane.servers, "own": lane.own_queues}
            for lane in self._lanes
        ]
        shape = {"requests": requests, "moments": moments, "lanes": pages, "yours": yours}
        words = {"title": title, "description": description, "spans": list(SPANS.items())}
        super().__init__(run=run, texts={**shape, **words, "kinds": list(KINDS.items())})
        self.on_msg(self._receive)

    @property
    def sentence(self) -> str:
        """How the run ends in each lane: who left how, and the longest wait."""
        return "; ".join(map(_ending, self._lanes)) + "."

    def _receive(self, _widget: object, message: dict, _buffers: list) -> None:
        if message["kind"] == "script":
            self.send({"kind": "script"}, buffers=[_script()])

    def _repr_mimebundle_(self, **options: object) -> tuple[dict, dict]:
        """Add a still chart and a sentence, for pages that have no kernel behind them."""
        bundle, metadata = super()._repr_mimebundle_(**options)
        bundle["text/plain"] = f"{self._title}. {self.sentence}"
        bundle["image/png"] = still.picture(_still(self._title, self._lanes))
        width, height = png.size(bundle["image/png"])
        return bundle, {**metadata, "image/png": {"width": width // 2, "height": height // 2}}


class _Checked:
    """A lane as the page needs it: every time known, every request with a kind and a server.

    `leave` is when it left the queue: its start, or its finish if it never started.
    """

    def __init__(self, lane: Lane) -> None:
        self.name, self.own_queues = lane.name, lane.own_queues
        self.arrive = validate.times(f"arrive of lane {lane.name!r}", lane.arrive)
        n = len(self.arrive)
        if n > MOST:
            raise ValueError(
                f"Replay got {n:,} requests and shows {MOST:,} at most: give it a part of the run, "
                f"such as the first {MOST:,} of each array ([:{MOST}])."
            )
        words = ["model"] * n if lane.source is None else [str(word) for word in lane.source]
        self._same_length("source", words)
        self.kinds = [ALIASES.get(word, word) for word in words]
        for word in set(self.kinds) - set(KINDS):
            known = ", ".join([*KINDS, *ALIASES])
            raise ValueError(f"source of lane {lane.name!r} holds {word!r}: give one of {known}.")
        start, finish = (self._floats(name, getattr(lane, name)) for name in ("start", "finish"))
        aside = np.isin(self.kinds, ["refused", "dropped"])
        self.finish = np.where(np.isfinite(finish), finish, np.where(aside, self.arrive, inf))
        start = np.where(np.isfinite(start) & ~aside, start, inf)
        self.finish = self._in_order("finish", self.finish, self.arrive)
        self.start = self._in_order("start", start, self.arrive)
        began = self.start < inf
        self.finish[began] = self._in_order("finish", self.finish[began], self.start[began])
        self.leave = np.minimum(self.start, self.finish)
        free = [word not in _ASIDE for word in words]
        self._seat(lane, np.array(free) & (self.start < self.finish))

    def _same_length(self, name: str, values: Sequence) -> None:
        validate.same_length(f"{name} of lane {self.name!r}", values, len(self.arrive))

    def _floats(self, name: str, values: object) -> np.ndarray:
        values = np.asarray(values, float)
        self._same_length(name, values)
        return values

    def _in_order(self, name: str, later: np.ndarray, earlier: np.ndarray) -> np.ndarray:
        for i in np.flatnonzero(later < earlier - _slack(earlier))[:1].tolist():
            raise ValueError(
                f"{name} of lane {self.name!r} is {later[i]} for a request of {earlier[i]}: "
                "a request comes, starts and finishes in that order."
            )
        return np.maximum(later, earlier)

    def _seat(self, lane: Lane, takes_one: np.ndarray) -> None:
        """Which server has each request, and how many there are."""
        if lane.server is not None:
            self.server = np.asarray(lane.server).astype(int)
            self._same_length("server", self.server)
        elif lane.own_queues:
            raise ValueError(
                f"lane {self.name!r} has own_queues: give the `server` of each request."
            )
        else:
            self.server = _lowest_free(self.start, self.finish, takes_one)
            ends = dict(zip(self.finish[takes_one], self.server[takes_one], strict=True))
            for i in np.flatnonzero(np.array(self.kinds) == "joined"):
                self.server[i] = ends.get(self.finish[i], -1)
        needed = max(int(self.server.max()) + 1, 1)
        self.servers = validate.count("servers", needed if lane.servers is None else lane.servers)
        if needed > min(self.servers, MOST):
            raise ValueError(
                f"lane {self.name!r} needs {needed} servers at one time and has {self.servers}: "
                "say in `server` which one had each request."
            )


def _slack(times: np.ndarray) -> float:
    """What two ways to compute one moment may differ by."""
    return 4 * np.spacing(np.abs(times[np.isfinite(times)]).max(initial=0.0))


def _lowest_free(start: np.ndarray, finish: np.ndarray, takes_one: np.ndarray) -> np.ndarray:
    """The server of each request that takes one, the lowest that is free; -1 for the others."""
    server = np.full(len(start), -1)
    busy: list[tuple[float, int]] = []
    free: list[int] = []
    made = 0
    slack = _slack(start)
    for i in np.argsort(start, kind="stable"):
        if not takes_one[i]:
            continue
        while busy and busy[0][0] <= start[i] + slack:
            heappush(free, heappop(busy)[1])
        if not free:
            heappush(free, made)
            made += 1
        server[i] = heappop(free)
        heappush(busy, (finish[i], server[i]))
    return server


def _packed(lanes: Sequence[_Checked]) -> tuple[int, bytes]:
    """The number of different moments, and the run as the page reads it.

    First the gaps between the moments (float32), then columns of whole numbers, each as the steps
    from one request to the next (int16): the moment at which each request comes, and for each lane
    that of its start and of its finish, its server and its kind. Whoever looks at whole numbers
    cannot take two moments for one, or one for two; a moment past the last never comes.
    """
    columns = [lanes[0].arrive, *(times for lane in lanes for times in (lane.start, lane.finish))]
    times, index = np.unique(np.concatenate(columns), return_inverse=True)
    finite = times[np.isfinite(times)]
    # Sums in another order differ in the last digit: they are one moment all the same.
    first = np.diff(times, prepend=-inf) > _slack(times)
    moments = int(first[: len(finite)].sum())
    index = (np.cumsum(first) - 1)[index].reshape(len(columns), -1)
    whole = [index[0]]
    for k, lane in enumerate(lanes):
        kinds = [list(KINDS).index(kind) for kind in lane.kinds]
        whole += [index[1 + 2 * k], index[2 + 2 * k], lane.server, kinds]
    gaps = np.diff(finite[first[: len(finite)]], prepend=finite[0]).astype("<f4")
    steps = [np.diff(column, prepend=0).astype("<i2").tobytes() for column in whole]
    return moments, gzip.compress(gaps.tobytes() + b"".join(steps), 9, mtime=0)


def _ending(lane: _Checked) -> str:
    """How the run ends in a lane, in words."""
    left = Counter(k for k, end in zip(lane.kinds, lane.finish, strict=True) if end < inf)
    parts = [f"{left[kind]:,} {words}" for kind, (_, _, words) in KINDS.items() if left[kind]]
    if open_ := len(lane.kinds) - left.total():
        parts.append(f"{open_:,} not answered within the run")
    longest = (np.minimum(lane.leave, _last(lane)) - lane.arrive).max()
    return f"{lane.name}: {', '.join(parts)}; longest wait {duration(longest)}"


def _last(lane: _Checked) -> float:
    """The last moment of a lane."""
    times = np.concatenate([lane.arrive, lane.start, lane.finish])
    return float(times[np.isfinite(times)].max())


def _still(title: str, lanes: Sequence[_Checked]) -> alt.HConcatChart:
    """The run as a chart: a line a request, grey while it waits, then in the colour of its source."""
    begin, end = float(lanes[0].arrive[0]), max(map(_last, lanes))
    size, unit = next(s for s in SPANS.items() if end - begin >= 3 * s[0] or s[1] == "µs")
    step = -(-len(lanes[0].arrive) // _ROWS)
    kinds = [kind for kind in KINDS if any(kind in lane.kinds for lane in lanes)]
    colours = alt.Scale(domain=["waiting", *kinds], range=[_GREY, *(KINDS[k][0] for k in kinds)])
    dash = "M-1,-.25H1V.25H-1Z"
    shapes = alt.Scale(domain=["waiting", *kinds], range=[dash, *(KINDS[k][1] for k in kinds)])
    down, no_grid = alt.Scale(reverse=True, nice=False), alt.Axis(grid=False, tickCount=5)
    y = alt.Y("request:Q", title="request", scale=down, axis=no_grid)
    x = alt.X(
        "from:Q",
        title=f"time ({unit})",
        scale=alt.Scale(domain=[0, (end - begin) / size]),
        axis=no_grid,
    )
    colour = alt.Color("kind:N", scale=colours, title="", legend=alt.Legend(orient="bottom"))
    shape = alt.Shape("kind:N", scale=shapes, title="", legend=colour["legend"])
    charts = []
    for lane in lanes:
        frame = pd.DataFrame({"request": np.arange(1, len(lane.arrive) + 1), "kind": lane.kinds})
        for name in ("arrive", "leave", "finish"):
            frame[name] = (np.minimum(getattr(lane, name), end) - begin) / size
        frame = frame.iloc[::step]
        waits = frame.assign(kind="waiting", **{"from": frame["arrive"], "to": frame["leave"]})
        served = frame.assign(**{"from": frame["leave"], "to": frame["finish"]})
        lines = (
            alt.Chart(pd.concat([waits, served]))
            .mark_rule(strokeWidth=2)
            .encode(x, y, colour, x2="to:Q")
        )
        ends = alt.Chart(served[lane.finish[::step] < inf]).mark_point(size=18, clip=False)
        ends = ends.encode(alt.X("to:Q"), y, colour, shape)
        charts.append(alt.layer(lines, ends).properties(title=lane.name, width=260, height=190))
    note = f" (one request in {step} is drawn)" if step > 1 else ""
    return alt.hconcat(*charts, title=f"{title}{note}")


@cache
def _script() -> bytes:
    return gzip.compress((HERE / "replay.js").read_bytes(), 9, mtime=0)
