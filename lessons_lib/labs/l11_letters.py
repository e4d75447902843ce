"""The clients' letters of lesson 11, what they tell in numbers, and two days of their requests.

It knows the worlds, and no design.
"""

from html import escape

import numpy as np
import pandas as pd

from lessons_lib import charts
from lessons_lib.capstone import WORLDS
from lessons_lib.capstone.attacks import attack
from lessons_lib.record import page


def letters() -> None:
    """Show what each client writes."""
    text = "\n\n".join(f"{one.title} ({name}). {one.told}" for name, one in WORLDS.items())
    markup = "".join(
        f"<p><strong>{escape(one.title)}</strong> (<code>{name}</code>)<br>{escape(one.told)}</p>"
        for name, one in WORLDS.items()
    )
    page.show(text, f'<div lang="en" dir="ltr">{markup}</div>')


def facts() -> pd.DataFrame:
    """The figures behind the letters, one column a client."""
    told = {
        name: {
            "requests a second": charts.number(one.rate),
            "a client waits": charts.duration(one.deadline),
            "a run of the model": charts.duration(one.fixed + one.per_item),
            "a run for 8 at once": charts.duration(one.fixed + 8 * one.per_item),
            "the truth changes every": charts.duration(1 / one.change) if one.change else "never",
            "1,000 true answers earn (USD)": charts.number(1_000 * one.worth),
            "one that is outdated, as a share": charts.number(one.stale),
            "one by default": charts.number(one.default),
            "none in time": charts.number(one.missing),
            "one from broken inputs": charts.number(one.bad),
        }
        for name, one in WORLDS.items()
    }
    return pd.DataFrame(told)


def two_days(world: str) -> tuple[pd.Series, pd.Series, np.ndarray]:
    """What a client's visitors asked for yesterday and today, and when today's came (s)."""
    calm = attack(WORLDS[world], "calm", 0)
    keys, today = pd.Series(WORLDS[world].texts(calm.keys)), calm.times >= 0
    return keys[~today], keys[today].reset_index(drop=True), calm.times[today]
