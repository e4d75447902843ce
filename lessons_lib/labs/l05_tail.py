"""The long-tail lab: a table, a cache and half of each, on traffic that repeats, drifts and is new.

All three have room for the same number of entries and are asked the same requests: the same draws
at every setting, so that a control moves the curves and luck does not. It knows the traffic, the
simulator and the panel, no real table.

The table is filled once, with the keys that are most popular before the first request. The cache
starts empty and keeps what was asked for last. "Half of each" is a table of half the room in front
of a cache of the other half.
"""

from functools import lru_cache

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, simulate, theory, traffic

KEYS = 1000
"""How many keys are popular at any one time."""
REQUESTS = 3600
"""Length of the run; the second half counts, when the cache is warm."""
SIZES = (10, 30, 100, 200, 350, 600, 1000)
"""The sizes that are simulated, and that the slider can take."""
KINDS = {"top-k table": "static", "LRU cache": "dynamic", "half of each": "hybrid"}
"""The three contenders, and whose colour each takes."""

_BINS = 20
_CLEAR = 0.02  # a lead below this may be luck: 1,800 requests count


def tail_view(settings: dict) -> charts.View:
    """What the lab shows for one position of its controls.

    ``skew`` is Zipf's exponent, ``size`` one of `SIZES`, ``unseen`` the share of requests for keys
    that nobody asked for before or will again, and ``drift`` how often each popular key is replaced
    during the run, on average. Theory is empty where its assumptions do not hold.
    """
    skew, size, unseen, drift = (settings[name] for name in ("skew", "size", "unseen", "drift"))
    ratios = _by_size(skew, unseen, drift)
    holds = not (unseen or drift)
    shown = {"entries": SIZES} | {f"{kind} (%)": (100 * ratios[kind]).round(1) for kind in KINDS}
    if holds:
        shown["theory of the table (%)"] = [round(100 * _table_theory(skew, k), 1) for k in SIZES]
    return charts.View(
        {
            "run": _long("size", SIZES, ratios),
            "theory": _theory(skew) if holds else {"size": np.array([], int), "hit": np.array([])},
            "here": {"size": [size]},
            "time": _by_time(skew, size, unseen, drift),
        },
        _finding({k: ratios[k][SIZES.index(size)] for k in KINDS}, size, unseen, drift),
        pd.DataFrame(shown),
    )


def tail_lab() -> charts.LivePanel:
    """The lab: skew, size, unseen share and drift above hit ratios by size and along the run."""
    shares = {"value": 0, "start": 0, "format": charts.share}
    controls = [
        charts.Slider("skew", "Skew (Zipf exponent)", value=1.0, start=0, stop=1.4, step=0.1),
        charts.Slider("size", "Room for", "entries", value=100, values=SIZES),
        charts.Slider("unseen", "Never-seen requests", stop=0.5, step=0.05, **shares),
        charts.Slider("drift", "Keys replaced in the run", stop=1, step=0.1, **shares),
    ]
    return charts.LivePanel(
        tail_chart(),
        controls,
        tail_view,
        title="Table, cache, or half of each",
        description=(
            "Left: hit ratio against the number of entries; circles for the "
            "table, triangles for the cache, squares for half of each, a grey line for the theory "
            "of the table. Right: the hit ratios along the run, at the chosen size."
        ),
        longest=270,
    )


def tail_chart() -> alt.HConcatChart:
    """The lab's chart, with the named data sets ``run``, ``theory``, ``here`` and ``time``."""
    chart = alt.hconcat(_size_chart(), _time_chart(), spacing=24)
    return chart.resolve_scale(color="independent", shape="independent", strokeDash="independent")


def hits(keys: np.ndarray, size: int) -> dict[str, np.ndarray]:
    """Which requests each of `KINDS` answers from memory, with `size` entries in all, 2 or more.

    Key 0 is the most popular one at first, then key 1, ...

    >>> found = hits(np.array([0, 5, 5, 1, 0]), 2)
    >>> [int(answered.sum()) for answered in found.values()]
    [3, 1, 3]
    """
    both = keys < size // 2
    if not both.all():
        both[~both] = simulate.lru(keys[~both], size - size // 2)
    return dict(zip(KINDS, (keys < size, simulate.lru(keys, size), both), strict=True))


@lru_cache(maxsize=64)
def _by_size(skew: float, unseen: float, drift: float) -> dict[str, np.ndarray]:
    """The hit ratio of each contender at each of `SIZES`, over the second half of the run."""
    keys = _requests(skew, unseen, drift)
    found = [hits(keys, size) for size in SIZES]
    return {kind: np.array([h[kind][REQUESTS // 2 :].mean() for h in found]) for kind in KINDS}


def _by_time(skew: float, size: int, unseen: float, drift: float) -> dict[str, np.ndarray]:
    """The hit ratio of each contender along the run, in equal steps."""
    found = hits(_requests(skew, unseen, drift), size)
    step = REQUESTS // _BINS
    ratios = {kind: found[kind].reshape(_BINS, step).mean(axis=1) for kind in KINDS}
    return _long("request", np.arange(_BINS) * step + step / 2, ratios)


def _long(name: str, places, ratios: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """One row for each contender and place, as the chart wants it."""
    return charts.stacked({kind: {name: places, "hit": ratios[kind]} for kind in KINDS}, "kind")


def _requests(skew: float, unseen: float, drift: float) -> np.ndarray:
    weights = theory.zipf(skew, KEYS)
    return traffic.drifting_keys(weights, REQUESTS, drift=drift, new_share=unseen)


@lru_cache(maxsize=64)
def _theory(skew: float) -> dict[str, np.ndarray]:
    sizes = np.unique(np.geomspace(1, SIZES[-1], 40).astype(int))
    return {"size": sizes, "hit": np.array([_table_theory(skew, k) for k in sizes.tolist()])}


def _table_theory(skew: float, size: int) -> float:
    return theory.top_k_hit_ratio(theory.zipf(skew, KEYS), size)


def _finding(hit: dict[str, float], size: int, unseen: float, drift: float) -> str:
    """The sentence under the chart."""
    first, second = sorted(KINDS, key=hit.get, reverse=True)[:2]
    table, cache, half = (charts.share(hit[kind]) for kind in KINDS)
    text = f"With room for {size:,} entries the table answers {table} of the requests, the cache "
    text += f"{cache}, half of each {half}: "
    clear = hit[first] - hit[second] >= _CLEAR
    first, second = (kind if kind.startswith("half") else f"the {kind}" for kind in (first, second))
    text += f"{first} leads." if clear else f"{first} has no clear lead over {second}."
    if unseen:
        text += f" None can pass {charts.share(1 - unseen)}, since {charts.share(unseen)} are new."
    if unseen or drift:
        return text + " No theory line: it holds without drift and never-seen requests only."
    return text + " Grey line: theory of the table, for independent requests, no drift, none new."


def _size_chart() -> alt.LayerChart:
    # A linear axis: on a logarithmic one, the curve of a Zipf exponent of 1 looks like a line.
    scale = alt.Scale(domain=[0, SIZES[-1]], nice=False)
    x = alt.X("size:Q", title="room (entries)", scale=scale, axis=alt.Axis(tickCount=5))
    cues = charts.cues("kind", KINDS, mark="point", title="Answered by", legend="bottom")
    here = alt.Chart(alt.NamedData("here")).mark_rule(strokeWidth=10, opacity=0.25).encode(x)
    line = alt.Chart(alt.NamedData("theory")).mark_line(color=charts.MODE_COLOURS["theory"])
    points = alt.Chart(alt.NamedData("run")).mark_point(size=70).encode(x, _hit(), **cues)
    chart = alt.layer(here, line.encode(x, _hit()), points)
    return chart.properties(width=310, height=260, title="By room, second half of the run")


def _time_chart() -> alt.Chart:
    scale = alt.Scale(domain=[0, REQUESTS], nice=False)
    x = alt.X("request:Q", title="requests so far", scale=scale, axis=alt.Axis(tickCount=4))
    chart = alt.Chart(alt.NamedData("time")).mark_line()
    chart = chart.encode(x, _hit(), **charts.cues("kind", KINDS, legend=None))
    return chart.properties(width=250, height=260, title="Along the run, at the chosen room")


def _hit() -> alt.Y:
    scale = alt.Scale(domain=[0, 1])
    return alt.Y("hit:Q", title="hit ratio", scale=scale, axis=alt.Axis(format="%"))
