"""Exercise: read a grade, and name the attack and the part at fault (lesson 11)."""

import pandas as pd

from lessons_lib.capstone import ATTACKS, Design
from lessons_lib.exercises.probes import call, expect, fail

NAME = "part_at_fault"
TITLE = "Name the part at fault"
MINUTES = 8
ORDER = 3
HINTS = [
    'What each attack costs is `parts.loc["calm", "value"] - parts["value"]`; `idxmax` names the largest. If '
    "it is not above 0, give None.",
    'What got worse is `parts.loc[attack] - parts.loc["calm"]`. Coverage gets worse by falling: turn its sign '
    "round, then `idxmax` among the three.",
    "Then the design decides: bad answers are a matter of the `alarms`; stale ones of `refresh`, or of `ttl` "
    "without a table; coverage of `servers`, or of `table_size` without any.",
]
FAILURES = {
    "not_a_pair": "`part_at_fault` gave {got}. Give two texts, the attack and the part, or None.",
    "nothing_lost": "No attack costs value against calm here, so no part is at fault: give None. Yours gave "
    "{got}.",
    "gave_up": "Under “{attack}” the design earns {lost:.4g} dollars a day less than in a calm, and yours "
    "gave None.",
    "other_figure": "You name “{said}”, the attack with the {which}. Which one costs most *value* against "
    "calm? It is “{wanted}”.",
    "attack": "You name “{said}”. The most value against calm is lost under “{wanted}”, {lost:.4g} dollars a "
    "day.",
    "level": "You name “{said}”, by the figure that is worst under “{attack}”. In a calm it was nearly as bad: "
    "look at what *changed* most. That leads to “{wanted}”.",
    "not_there": "You name “{said}”, and this design has {nothing}. What is left to change is “{wanted}”.",
    "part": "Under “{attack}” {figure} got worse by most, by {worse:.3g} points, so “{wanted}” is the part; "
    "you name “{said}”.",
}
FIGURES = ("coverage", "staleness", "bad")
CALM = {"value": 12.0, "cost": 3.0, "p99": 0.4, "coverage": 0.98, "staleness": 0.21, "bad": 0.0}
HYBRID, STATIC, DYNAMIC = Design(table_size=9, servers=2), Design(table_size=9), Design(servers=2)
CASES = (
    # what is worst, then what changes against calm, attack by attack, and the design
    (
        {},
        {"fault": (-6, 0, 0.02, 0.3), "spike": (-4, -0.35, 0, 0), "surge": (-1, 0, 0.1, 0)},
        HYBRID,
    ),
    (
        {},
        {"spike": (-5, -0.2, 0.1, 0), "fault": (-2, -0.01, 0, 0.25), "drift": (2, 0, -0.1, 0)},
        HYBRID,
    ),
    ({"staleness": 0.4}, {"loss": (-3, -0.1, 0.05, 0), "surge": (-1, -0.3, 0, 0)}, DYNAMIC),
    ({"coverage": 0.5}, {"drift": (-3, -0.02, 0.2, 0), "surge": (-2.5, -0.4, 0, 0)}, HYBRID),
    ({"bad": 0.3}, {"drift": (-0.5, 0.0, 0.06, 0.01), "loss": (0.5, -0.4, 0, 0)}, DYNAMIC),
    ({}, {"surge": (-4, -0.3, -0.02, 0), "drift": (-3, 0, 0.35, 0)}, STATIC),
    ({"coverage": 0.3}, {"fault": (-0.01, 0, 0, 0.001), "loss": (0.0, -0.5, 0, 0)}, HYBRID),
    ({}, {"drift": (0.4, -0.1, 0, 0), "spike": (0.0, -0.2, 0.1, 0)}, HYBRID),
)


def part_at_fault(parts, design):
    lost = parts.loc["calm", "value"] - parts["value"]
    attack = lost.idxmax()
    if lost[attack] <= 0:
        return None
    worse = parts.loc[attack] - parts.loc["calm"]
    worse["coverage"] *= -1
    part = {
        "coverage": "servers" if design.servers else "table_size",
        "staleness": "refresh" if design.table_size else "ttl",
        "bad": "alarms",
    }
    return attack, part[worse[["coverage", "staleness", "bad"]].idxmax()]


def check(candidate):
    for calm, changes, design in CASES:
        parts = _parts({**CALM, **calm}, changes)
        found, wanted = call(candidate, parts, design), part_at_fault(parts, design)
        if wanted is None:
            if found is not None:
                fail("nothing_lost", got=found)
            continue
        lost = parts.loc["calm", "value"] - parts["value"]
        if found is None:
            fail("gave_up", attack=wanted[0], lost=lost[wanted[0]])
        fits = isinstance(found, tuple | list) and len(found) == 2
        if not fits or not all(isinstance(text, str) for text in found):
            fail("not_a_pair", got=found)
        attack, part = map(str, found)
        if attack != wanted[0]:
            for which, name in _other_figures(parts):
                if attack == name:
                    fail("other_figure", said=attack, which=which, wanted=wanted[0])
        expect(attack, wanted[0], "attack", said=attack, lost=lost[wanted[0]])
        _judge(part, wanted[1], parts, attack, design)


def _parts(calm, changes):
    """The parts of a grade, in an order that is not that of the attacks."""
    rows = {}
    for name in sorted(ATTACKS):
        value, *shares = changes.get(name, (0.1, 0, 0, 0))
        row = {**calm, "value": calm["value"] + value * (name != "calm")}
        row |= {key: calm[key] + more for key, more in zip(FIGURES, shares, strict=True)}
        rows[name] = row if name != "calm" else calm
    return pd.DataFrame.from_dict(rows, "index")


def _other_figures(parts):
    yield "lowest coverage", parts["coverage"].idxmin()
    yield "most outdated answers", parts["staleness"].idxmax()
    yield "most bad answers", parts["bad"].idxmax()
    yield "highest value", parts["value"].idxmax()


def _judge(got, wanted, parts, attack, design):
    change = parts.loc[attack] - parts.loc["calm"]
    worse = {
        "coverage": -change["coverage"],
        "staleness": change["staleness"],
        "bad": change["bad"],
    }
    figure = max(worse, key=worse.get)
    missing = {"servers": (design.servers, "no server"), "ttl": (design.servers, "no server")}
    missing |= dict.fromkeys(("table_size", "refresh"), (design.table_size, "no table"))
    has, nothing = missing.get(got, (1, ""))
    if got != wanted and not has:
        fail("not_there", said=got, nothing=nothing, wanted=wanted)
    levels = parts.loc[attack, list(FIGURES)]
    levels = {**levels, "coverage": 1 - levels["coverage"]}
    top = max(levels, key=levels.get)
    ideas = {"coverage": "servers", "staleness": "refresh", "bad": "alarms"}
    if got != wanted and top != figure and got == ideas[top]:
        fail("level", said=got, attack=attack, wanted=wanted)
    values = {"said": got, "attack": attack, "figure": figure, "worse": 100 * worse[figure]}
    expect(got, wanted, "part", **values)
