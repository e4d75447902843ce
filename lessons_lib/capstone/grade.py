"""Adding up: what a design earned under every attack, and the grade of a submission.

It knows the runs and the reference; the certificate and the lesson read `Grade.to_dict`.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from math import inf, isfinite, log, nan
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from lessons_lib import validate
from lessons_lib.capstone.attacks import ATTACKS, attack
from lessons_lib.capstone.design import Design, Forecast
from lessons_lib.capstone.run import Desk, Run, run
from lessons_lib.capstone.watch import Caught, fingerprint, look_over, watched
from lessons_lib.capstone.worlds import WORLDS, World
from lessons_lib.cost import DAY
from lessons_lib.latency import percentiles

COLUMNS = {
    "value": "dollars a day: what the answers are worth, less the cost",
    "cost": "dollars a day: servers, batch jobs, storage, and keeping each path alive",
    "p99": "99th percentile of the latency, seconds; who left without an answer counts the deadline",
    "coverage": "share of the requests that got a prediction in time",
    "staleness": "share of the predictions that were no longer true",
    "bad": "share of the requests that were served an answer computed from broken inputs",
}
"""The figures of a report, one row an attack and one for all of them."""
EVERY = "all"
"""The row of a table that holds all attacks, each counted alike."""
REFERENCES = Path(__file__).parent / "references.yaml"
"""The best design of each mode in each world, first the best; written by `search`."""
WEIGHT = 15.0
"""Points of the grade that the forecast can bring; the rest is for value."""
MOST_SEED = 1 << 31
"""The last seed of practice; the seeds of hidden traffic are far above."""
_HIDDEN = 1 << 63


@dataclass(frozen=True)
class Report:
    """What practice showed.

    Attributes
    ----------
    world : str
    design : Design
    parts : DataFrame
        One row for each of `ATTACKS`, the columns of `COLUMNS`.
    figures : dict of str to float
        The same for all attacks together, each counted alike.
    caught : str
        Empty, or what a router of your own did that is not allowed; then the figures are NaN.
    """

    world: str
    design: Design
    parts: pd.DataFrame
    figures: dict
    caught: str

    @property
    def table(self) -> pd.DataFrame:
        """Parts and, in the last row, all of them."""
        return pd.concat([self.parts, pd.DataFrame(self.figures, index=[EVERY])])

    def to_dict(self) -> dict:
        """All of it as JSON has it: texts, numbers, None for what is not known."""
        return {
            "world": self.world,
            "design": _plain(asdict(self.design)),
            "figures": _plain(self.figures),
            "parts": {name: _plain(row) for name, row in self.parts.to_dict("index").items()},
            "caught": self.caught,
        }


@dataclass(frozen=True)
class Grade(Report):
    """What a submission earned; the figures hold ``regret`` and ``calibration`` too.

    Attributes
    ----------
    forecast : Forecast
    record : str
        Why the design is as it is, in the learner's words.
    reference : Report
        The best design that a search found, under the same hidden traffic.
    regret : float
        The share of the reference's value that is missing; below 0 if the design beats it.
    calibration : float
        0..1: how near the forecast was; each of its three figures counts alike.
    grade : float
        0..100.
    submission : str
        A code of everything that was handed in; the hidden traffic follows from it.
    """

    forecast: Forecast
    record: str
    reference: Report
    regret: float
    calibration: float
    grade: float
    submission: str

    @property
    def table(self) -> pd.DataFrame:
        """One row, all that counts: the figures, regret, calibration and grade."""
        more = {"regret": self.regret, "calibration": self.calibration, "grade": self.grade}
        return pd.DataFrame({**self.figures, **more}, index=[self.world])

    def to_dict(self) -> dict:
        """All of it as JSON has it: texts, numbers, None for what is not known."""
        more = {
            "forecast": _plain(self.forecast._asdict()),
            "record": self.record,
            "reference": self.reference.to_dict(),
            "regret": self.regret,
            "calibration": self.calibration,
            "grade": self.grade,
            "submission": self.submission,
        }
        return {**super().to_dict(), **_plain(more)}


def practise(world: World, design: Design, router=None, *, seed: int = 0) -> Report:
    """Let a design meet every attack, on traffic that is not that of the grade; as often as you like.

    Parameters
    ----------
    world : World
        One of `WORLDS`, or its name.
    design : Design
        What is bought. With a `router` its ``table_size``, ``refresh``, ``servers``, ``batch`` and
        the gate of ``alarms`` still hold; ``ttl`` and ``fallback`` are the router's affair.
    router : callable, optional
        A class or function: ``router(table, model, clock)`` gives an object with
        ``answer(request)``, a new one for each attack. A request is a key, a text. `table` is None
        without rows, and gives the value None for a key that it does not have; `model` is None
        without servers, and raises a TimeoutError when no server would be done within the deadline.
    seed : int
        Of the practice traffic, 0 to 2**31.

    Raises
    ------
    ValueError, TypeError
        For what is no world, no design or no router; what a router does wrong is told in
        `Report.caught` and raises nothing.
    """
    world, design = _known(world), _design(design, router)
    if validate.count("seed", seed, 0) > MOST_SEED:
        raise ValueError(f"seed is {seed}: give {MOST_SEED} or less.")
    return report(world, design, router, seed)


def submit(
    world: World, design: Design, forecast: Forecast, record: str = "", router=None
) -> Grade:
    """Hand in a design, or a router of your own, with a forecast, and be graded.

    The hidden traffic follows from what is handed in, the record included: the same submission gets
    the same grade, and no submission shows the traffic of another.

    Parameters
    ----------
    world, design, router
        As in `practise`.
    forecast : Forecast
        What is expected, under all attacks together.
    record : str
        Why the design is as it is.

    Raises
    ------
    ValueError, TypeError
        As in `practise`, and for a forecast out of range.
    """
    world, design = _known(world), _design(design, router)
    if not isinstance(forecast, tuple) or len(forecast) != len(Forecast._fields):
        raise TypeError(f"forecast is {forecast!r}: give a Forecast(p99, cost, coverage).")
    if not isinstance(record, str):
        raise TypeError(f"record is {record!r}: give a text that says why the design is as it is.")
    forecast = Forecast(*forecast).checked()
    code = submission(world, design, forecast, record, router)
    seed = _HIDDEN + int(code[:15], 16)
    found = report(world, design, router, seed)
    best = report(world, reference(world), None, seed)
    regret = 1 - found.figures["value"] / best.figures["value"]
    calibration = 0.0 if found.caught else calibrated(forecast, found.figures)
    share = float(np.clip(1 - regret, 0, 1))
    grade = 0.0 if found.caught else (100 - WEIGHT) * share + WEIGHT * calibration
    return Grade(
        **vars(found), forecast=forecast, record=record, reference=best, regret=regret,
        calibration=calibration, grade=round(grade, 1), submission=code,
    )  # fmt: skip


def reference(world: World, mode: str = "") -> Design:
    """The best design that a search found on traffic of its own, of all modes or of one.

    `mode` is ``"static"``, ``"dynamic"`` or ``"hybrid"``, or empty for the best of the three.
    """
    world = _known(world)
    kept = _references()[world.name]
    mode = mode or next(iter(kept))
    if mode not in kept:
        raise ValueError(f"mode is {mode!r}: take one of {', '.join(map(repr, kept))}.")
    return Design(**kept[mode])


@cache
def _references() -> dict:
    return yaml.safe_load(REFERENCES.read_text(encoding="utf-8"))


def submission(world: World, design: Design, forecast: Forecast, record: str, router) -> str:
    """The code of everything that is handed in, 16 hexadecimal digits."""
    what = [world.name, asdict(design), list(forecast), record, fingerprint(router)]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


def calibrated(forecast: Forecast, figures: dict) -> float:
    """How near a forecast was, 0..1: for p99 and cost nothing is left at twice or half, for coverage
    at 20 points."""
    near = [
        1 - abs(log(forecast.p99 / figures["p99"])) / log(2),
        1 - abs(log(forecast.cost / figures["cost"])) / log(2),
        1 - abs(forecast.coverage - figures["coverage"]) / 0.2,
    ]
    return float(np.mean(np.clip(near, 0, 1)))


def report(world: World, design: Design, router, seed: int) -> Report:
    """What came of a design, or of a router, under every attack on the traffic of a seed."""
    # In an order that no router can know, since it might tell one attack from another by its place.
    order = np.random.default_rng([seed, 5]).permutation(len(ATTACKS))
    names = [ATTACKS[number] for number in order]
    desks = [Desk(world, design, attack(world, name, seed * 8 + n)) for n, name in enumerate(names)]
    runs, caught = [], ""
    try:
        if router is None:
            runs = [run(desk) for desk in desks]
        else:
            look_over(router)
            runs = watched(
                lambda: [run(desk, router) for desk in desks],
                progress=lambda: sum(desk.number for desk in desks),
            )
    except Caught as error:
        caught = str(error)
    unknown = dict.fromkeys(COLUMNS, nan)
    rows = [figures_of(world, design, found) for found in runs] or [unknown] * len(ATTACKS)
    parts = pd.DataFrame(rows, index=names).loc[list(ATTACKS)]
    figures = {name: float(parts[name].mean()) for name in COLUMNS}
    if runs:  # a percentile of all requests, since the mean of percentiles is none
        figures["p99"] = _p99(world, np.concatenate([found.latency for found in runs]))
    return Report(world.name, design, parts, figures, caught)


def figures_of(world: World, design: Design, found: Run) -> dict[str, float]:
    """What one run comes to, by `COLUMNS`."""
    predicted = ~np.isnan(found.true)
    worth = np.where(predicted, found.true + (1 - found.true) * world.stale, world.default)
    worth = np.where(found.bad, world.bad, np.where(found.none, world.missing, worth))
    paths = bool(design.table_size) + bool(design.servers)
    spent = found.bill.total + paths * world.path
    return {
        "value": world.worth * worth.mean() * world.rate * DAY - spent,
        "cost": spent,
        "p99": _p99(world, found.latency),
        "coverage": float(predicted.mean()),
        "staleness": float(1 - found.true[predicted].mean()) if predicted.any() else 0.0,
        "bad": float(found.bad.mean()),
    }


def _p99(world: World, latency: np.ndarray) -> float:
    return float(percentiles(np.minimum(latency, world.deadline), [99]).value[0])


def _known(world) -> World:
    if isinstance(world, World):
        return world
    if world not in WORLDS:
        raise ValueError(
            f"There is no world {world!r}: take one of {', '.join(map(repr, WORLDS))}."
        )
    return WORLDS[world]


def _design(design, router) -> Design:
    if not isinstance(design, Design):
        raise TypeError(
            f"design is {design!r}: give a Design(...), and a router of your own as router=."
        )
    if router is not None and not callable(router):
        raise TypeError(
            f"router is {router!r}: give its class, or a function(table, model, clock), since each "
            "attack is met by a new one."
        )
    return design


def _plain(values: dict) -> dict:
    """Without NaN and infinity, which JSON does not have."""
    plain = {}
    for name, value in values.items():
        if isinstance(value, float | np.floating):
            value = float(value) if isfinite(value) else (None if value != inf else "inf")
        plain[name] = value
    return plain
