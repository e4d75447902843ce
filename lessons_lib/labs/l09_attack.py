"""Lesson 09's attacks: a router under steady traffic, one part of it broken, each defence on or off.

All of it runs in virtual time, and the same requests come at every setting. It knows the router, the
traffic, the calendar and the charts; no real table and no real model.

Before second 0 the same traffic fills the cache, with servers in plenty, so that it is as warm as it
will be when the attack begins.
"""

from functools import lru_cache
from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from lessons_lib import charts, traffic
from lessons_lib.drive import Calendar, Driven, Servers, drive_together
from lessons_lib.labs.l09_paths import Rows
from lessons_lib.router import Breaker, Limits, Router

RATE, KEYS, SKEW, TTL = 50.0, 500, 1.0, 60.0
"""Requests a second; different keys and Zipf's exponent; seconds for which an answer is fresh."""
SERVERS, SERVICE, DEADLINE = 2, 0.2, 1.0
"""Servers of the model; seconds of a run, and those within which a client wants its answer."""
WARM, BEGIN, END, STEP = 90.0, 30.0, 240.0, 5.0
"""Seconds: of warming up, the begin of the attack, the end of the run, and a point of the chart."""
MOST_RUNS, RETRY_SHARE, STALE = 8, 0.1, 120.0
"""How much of each defence the lab switches on."""
FLUSH, SPIKE, LOST, HUNG, HALF = ATTACKS = (
    "the cache is flushed",
    "three times the traffic for 20 s",
    "no server for 20 s",
    "the model hangs for 20 s",
    "half of the table's rows are missing for 60 s",
)
RETRIES = {
    "no": (1, False),
    "twice, without a budget": (3, False),
    "twice, within a budget": (3, True),
}
ALSO = (
    "nothing else",
    "single flight",
    "old answers while it runs",
    "a circuit breaker",
    "all three",
)
_IN_TABLE = 100  # keys of the table, where the attack needs one
_TRAFFIC, _LENGTH = 3.0, 20.0  # times the traffic of a spike; seconds of an attack that ends


class Attacked(NamedTuple):
    """One run: what became of the requests, and of the router."""

    run: Driven
    """Of the requests from second 0 on; ``start`` is their arrival."""
    counts: dict
    """The router's own, from second 0 on."""
    waiting: np.ndarray
    """Runs that wait for a server, at the end of each `STEP`."""
    runs: list
    """Of the model, as `lessons_lib.drive.Servers` keeps them."""

    def goodput(self, first: float = 0.0, last: float = END) -> float:
        """The share of the requests of these seconds with a prediction in time, 0..1."""
        asked = (self.run.start >= first) & (self.run.start < last)
        return float((self.run.source[asked] != "default").mean())


class Asked(str):
    """A key, and the number of the request that asks for it."""

    number: int


def attacked(attack: str = FLUSH, *, end: float = END, strike: bool = True, **defences) -> Attacked:
    """Let clients ask for `end` seconds; from `BEGIN` on one of `ATTACKS` strikes, or none.

    `defences` are settings of `lessons_lib.router.Router`; none is on by itself.
    """
    if attack not in ATTACKS:
        raise ValueError(f"{attack!r} is no attack: take one of {', '.join(map(repr, ATTACKS))}.")
    clock = Calendar(-WARM)
    servers, table = Servers(clock, 10_000, SERVICE), None
    if attack == HALF:
        table = Rows({str(key): 0.5 for key in range(_IN_TABLE)}, 3600.0)
    model = Rows({str(key): 0.5 for key in range(KEYS)}, 0.0, "model")
    off = {"single_flight": False, "deadline": DEADLINE, "ttl": TTL}
    router = Router(table, model, clock=clock, servers=servers, **{**off, **defences})
    times = arrivals(_TRAFFIC if strike and attack == SPIKE else 1.0, end)
    keys = traffic.zipf_keys(SKEW, KEYS, len(times))
    requests = [Asked(key) for key in keys]
    for number, request in enumerate(requests):
        request.number = number
    waiting: list[int] = []
    clock.at(0.0, lambda: (setattr(servers, "count", SERVERS), router.counts.clear()))
    for when in np.arange(STEP, end + STEP / 2, STEP):
        clock.at(when, lambda: waiting.append(servers.waiting))
    if strike:
        _strike(attack, clock, router, servers, table)
    run = drive_together(router, requests, times, clock, seconds_for=dict.fromkeys(SOURCES, 1e-5))
    asked = times >= 0
    run = Driven(*(column[asked] for column in run))
    return Attacked(run, router.counts, np.array(waiting), servers.runs)


SOURCES = ("table", "cache", "model", "default")


def arrivals(spike: float = 1.0, end: float = END) -> np.ndarray:
    """When the requests come, seconds, those of the warm-up before 0; `spike` times as many for 20 s."""
    before, more = WARM + BEGIN, (spike - 1) * _LENGTH
    clients = [0.0, before, before + spike * _LENGTH, 9 * END]  # their clock runs faster meanwhile
    ours = [0.0, before, before + _LENGTH, 9 * END - more]
    count = int(RATE * (WARM + end + more))
    return np.interp(traffic.poisson(RATE, count), clients, ours) - WARM


def _strike(attack, clock: Calendar, router: Router, servers: Servers, table: Rows | None) -> None:
    """Put the attack, and its end, into the calendar."""

    def change(thing, name, during, after, seconds):
        clock.at(BEGIN, lambda: setattr(thing, name, during))
        clock.at(BEGIN + seconds, lambda: setattr(thing, name, after))

    if attack == FLUSH:
        clock.at(BEGIN, router.flush)
    elif attack == LOST:
        change(servers, "count", 0, SERVERS, _LENGTH)
    elif attack == HUNG:
        change(servers, "seconds", _LENGTH, SERVICE, _LENGTH)
    elif attack == HALF:
        half = {key: value for key, value in table.rows.items() if int(key) % 2}
        change(table, "rows", half, table.rows, 60.0)


def defences(retries: str = "no", shed: bool = False, also: str = ALSO[0]) -> dict:
    """The settings of the router for a choice of the lab."""
    tries, budget = RETRIES[retries]
    limits = {"most_runs": MOST_RUNS} if shed else {}
    limits |= {"retry_share": RETRY_SHARE} if budget else {}
    on = {name: also in (name, ALSO[-1]) for name in ALSO[1:-1]}
    found = {"tries": tries, "single_flight": on["single flight"]}
    found["stale"] = STALE if on["old answers while it runs"] else 0.0
    found["limits"] = Limits(**limits) if limits else None
    found["breaker"] = Breaker(failures=5, pause=2.0) if on["a circuit breaker"] else None
    return found


def attack_view(settings: dict) -> charts.View:
    """What the lab shows for ``attack``, ``retries``, ``shed`` and ``also``."""
    attack = settings["attack"]
    found = _kept(attack, settings["retries"], settings["shed"], settings["also"])
    calm, bare = _kept(attack, *_OFF, strike=False), _kept(attack, *_OFF)
    lines = {"as chosen": found, "no defence, no retries": bare}
    series = {name: {"second": _SECONDS, "good": _along(one)} for name, one in lines.items()}
    queues = {name: {"second": _SECONDS, "waiting": one.waiting} for name, one in lines.items()}
    return charts.View(
        {
            "good": charts.stacked(series, "who"),
            "queue": charts.stacked(queues, "who"),
            "strike": {"second": [BEGIN]},
        },
        _finding(found, calm),
        _table(found),
    )


def attack_lab() -> charts.LivePanel:
    """The lab: attack, retries and defences above goodput and the model's queue along the run."""
    controls = [
        charts.Choice("attack", "Attack", {text.capitalize(): text for text in ATTACKS}),
        charts.Choice("retries", "Late runs are tried again", list(RETRIES)),
        charts.Choice("shed", f"At most {MOST_RUNS} runs at a time", {"off": False, "on": True}),
        charts.Choice("also", "And", list(ALSO)),
    ]
    return charts.LivePanel(
        attack_chart(),
        controls,
        attack_view,
        title="A router under attack",
        description=(
            "Left: the share of requests that got a prediction within the deadline, along the run, as "
            "chosen (dotted) and without any defence (dashed). Right: how many runs of the model wait "
            "for a server. An upright line marks the begin of the attack."
        ),
        longest=260,
    )


def attack_chart() -> alt.HConcatChart:
    """The lab's chart, with the named data sets ``good``, ``queue`` and ``strike``."""
    names = {"as chosen": "hybrid", "no defence, no retries": "dynamic"}
    scale = alt.Scale(domain=[0, END], nice=False)
    x = alt.X("second:Q", title="time (s)", scale=scale, axis=alt.Axis(tickCount=5))
    rule = alt.Chart(alt.NamedData("strike")).mark_rule(strokeWidth=2, strokeDash=[6, 3]).encode(x)
    views = []
    for data, y, width, legend in (
        ("good", alt.Y("good:Q", title="answered in time", scale=alt.Scale(domain=[0, 1]),
                       axis=alt.Axis(format="%")), 320, "top"),
        ("queue", alt.Y("waiting:Q", title="runs that wait", axis=alt.Axis(tickCount=5)), 240, None),
    ):  # fmt: skip
        line = alt.Chart(alt.NamedData(data)).mark_line()
        cues = charts.cues("who", names, legend=legend, title="")
        views.append(alt.layer(rule, line.encode(x, y, **cues)).properties(width=width, height=240))
    chart = alt.hconcat(*views, spacing=24)
    return chart.resolve_scale(color="independent", strokeDash="independent")


def over_time(runs: dict[str, Attacked]) -> alt.Chart:
    """Goodput along a few runs, a line each, for a still chart."""
    frame = pd.concat(
        pd.DataFrame({"second": _SECONDS, "good": _along(one), "run": name})
        for name, one in runs.items()
    )
    y = alt.Y(
        "good:Q",
        title="answered in time",
        axis=alt.Axis(format="%"),
        scale=alt.Scale(domain=[0, 1]),
    )
    chart = alt.Chart(frame, title="Goodput, the attack at 30 s").mark_line()
    cues = charts.cues("run", list(runs), title="", legend="top")
    return chart.encode(alt.X("second:Q", title="time (s)"), y, **cues).properties(
        width=480, height=240
    )


def by_minute(runs: dict[str, Attacked]) -> pd.DataFrame:
    """Goodput in per cent before the attack, after it minute by minute, and the runs done since."""
    edges = [(0, 30), (30, 60), *((first, first + 60) for first in range(60, int(END), 60))]
    rows = {}
    for name, one in runs.items():
        shares = {f"{a} to {b} s (%)": round(100 * one.goodput(a, b), 1) for a, b in edges}
        rows[name] = {**shares, f"runs done since {BEGIN:g} s": runs_since(one)}
    return pd.DataFrame.from_dict(rows, "index")


def runs_since(one: Attacked) -> int:
    """The runs that the model has done from the begin of the attack to the end."""
    return sum(BEGIN < end <= END for _, _, end in one.runs)


def most_runs(servers: int, service: float, deadline: float) -> int:
    """How many runs may wait or run so that each is over within the deadline; times in seconds.

    >>> most_runs(SERVERS, SERVICE, DEADLINE)
    10
    """
    return servers * int(deadline / service + 1e-9)


_SECONDS = np.arange(STEP, END + STEP / 2, STEP) - STEP / 2
_OFF = ("no", False, ALSO[0])


@lru_cache(maxsize=256)
def _kept(attack: str, retries: str, shed: bool, also: str, strike: bool = True) -> Attacked:
    return attacked(attack, strike=strike, **defences(retries, shed, also))


def _along(one: Attacked) -> np.ndarray:
    return np.array([one.goodput(t - STEP / 2, t + STEP / 2) for t in _SECONDS])


def _finding(found: Attacked, calm: Attacked) -> str:
    """The sentence under the chart."""
    good, last = _along(found), found.goodput(END - 60)
    after = good[_SECONDS > BEGIN]
    text = f"{charts.share(found.goodput(0, BEGIN))} were answered in time before the attack, "
    text += f"{charts.share(after.min())} at the worst, {charts.share(last)} in the last minute"
    low = np.flatnonzero(after < 0.9)
    if last < 0.95:
        text += ": the outage outlives its cause."
    elif len(low):
        text += f"; {STEP * (low[-1] + 1):.0f} s after its begin it was over."
    else:
        text += ": hardly anybody noticed."
    ratio = runs_since(found) / runs_since(calm)
    return f"{text} The model ran {charts.times(ratio)} times as often as without an attack."


def _table(found: Attacked) -> pd.DataFrame:
    """Where the answers came from, by part of the run."""
    rows = []
    for first, last in ((0, 30), (30, 60), (60, 120), (120, 180), (180, 240)):
        asked = (found.run.start >= first) & (found.run.start < last)
        source, age = found.run.source[asked], found.run.age[asked]
        shares = {f"{name} (%)": round(100 * (source == name).mean(), 1) for name in SOURCES}
        old = 100 * ((age > TTL) & (source == "cache")).mean()
        rows.append({"seconds": f"{first} to {last}", **shares, "old cache (%)": round(old, 1)})
    return pd.DataFrame(rows)
