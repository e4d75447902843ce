"""The refresh lab: theory against a run of events, and its panel without a browser."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from lessons_lib import theory, traffic
from lessons_lib.labs import l06_refresh as lab

SETTINGS = {"interval": 20, "job_time": 0, "changes": 2, "skew": 0.9}
NOISE = 0.015  # of a share over 20,000 requests: about four standard errors


def view(**settings):
    return lab.refresh_view({**SETTINGS, **settings})


def by_policy(shown):
    return shown.table.set_index("policy")


def event_by_event(changes, rates, popularity, job_time, n=30_000):
    """The share outdated of a site on which every change and every refresh is an event."""
    dice = np.random.default_rng(5)
    asked = traffic.poisson(n / 40_000, n, seed=3) + 5_000
    keys, outdated = traffic.popular_keys(popularity, n, seed=4), 0
    for key in range(len(changes)):
        moments = asked[keys == key]
        gaps = dice.exponential(1 / changes[key], int(50_000 * changes[key]) + 300)
        changed = np.cumsum(gaps)
        if rates[key] == 0:
            outdated += len(moments)
            continue
        every = 1 / rates[key]
        into = (moments - job_time - dice.random() * every) % every
        taken = moments - job_time - into
        outdated += (np.searchsorted(changed, moments) > np.searchsorted(changed, taken)).sum()
    return outdated / n


@pytest.mark.parametrize("job_time", [0, 4])
@pytest.mark.parametrize("policy", lab.POLICIES)
def test_theory_and_the_labs_count_agree_with_a_run_of_events(policy, job_time):
    changes, popularity = lab.site(40, 0.8, 2.0)
    rates = lab.spend(policy, changes, popularity, 40 / 12, job_time)
    wanted = event_by_event(changes, rates, popularity, job_time)
    assert theory.stale_share(changes, popularity, rates, job_time) == pytest.approx(
        wanted, abs=0.03
    )
    assert lab.counted(changes, popularity, rates, job_time) == pytest.approx(wanted, abs=0.03)


@pytest.mark.parametrize(
    "change", [{}, {"interval": 168}, {"job_time": 8}, {"skew": 0.0}, {"changes": 20}]
)
def test_the_count_is_near_the_theory_and_the_best_split_is_never_beaten(change):
    table = by_policy(view(**change))
    theory, counted = table["outdated, theory (%)"], table["outdated, counted (%)"]
    assert (theory - counted).abs().max() <= 100 * NOISE
    assert theory["the best split"] == theory.min()


def test_refreshing_what_changes_most_is_worse_than_all_alike():
    for skew in (0.0, 0.7, 1.4):
        table = by_policy(view(skew=skew))["outdated, theory (%)"]
        assert table["by changes"] > table["all alike"]
    assert "By changes is worse than all alike" in view().status


def test_every_control_moves_the_curves_one_way():
    def shares(name, values):
        return [by_policy(view(**{name: v}))["outdated, theory (%)"] for v in values]

    for name, values in (
        ("interval", lab.INTERVALS),
        ("changes", (0.1, 0.5, 2, 10)),
        ("job_time", (0, 1, 4, 16)),
    ):
        assert all((more >= less - 0.1).all() for less, more in pairwise(shares(name, values))), (
            name
        )


def test_every_policy_spends_the_same_budget():
    changes, popularity = lab.site(lab.KEYS, 1.0, 2.0)
    for policy in lab.POLICIES:
        assert lab.spend(policy, changes, popularity, 25.0).sum() == pytest.approx(25.0)
    spent = pd.DataFrame(view().data["spent"]).groupby("policy")["part"].sum()
    assert spent.tolist() == pytest.approx([1.0] * 4)


def test_the_site_changes_as_often_as_it_says_and_popularity_has_nothing_to_do_with_it():
    changes, popularity = lab.site(2_000, 1.0, 3.0)
    assert changes.mean() == pytest.approx(3.0 / 24)
    assert popularity.sum() == pytest.approx(1)
    ranks = pd.DataFrame({"changes": changes, "popularity": popularity}).rank()
    assert abs(ranks.corr().iloc[0, 1]) < 0.1


def test_the_lessons_figures():
    changes, popularity = lab.site(10_000, skew=0.9, changes_a_day=2.1)
    stale = {
        policy: theory.stale_share(
            changes, popularity, lab.spend(policy, changes, popularity, 500.0)
        )
        for policy in lab.POLICIES
    }
    rates = theory.best_refresh_rates(changes, popularity, 500.0)
    assert rates.sum() == pytest.approx(500)
    assert stale["by changes"] == pytest.approx(0.53, abs=0.01)
    assert stale["all alike"] == pytest.approx(0.32, abs=0.01)
    assert stale["the best split"] == pytest.approx(0.16, abs=0.01)


def test_the_sentence_and_the_table_tell_the_same():
    shown = view(interval=8, skew=0.6)
    for share in shown.table["outdated, theory (%)"]:
        assert f"{share:g} %" in shown.status
    assert "every key once in 8 h" in shown.status


def test_panel_shows_what_the_function_gives():
    panel = lab.refresh_lab()
    assert panel.settings == SETTINGS
    panel.set(interval=72, job_time=2, changes=0.5, skew=0.6)
    wanted = lab.refresh_view(panel.settings)
    assert panel.view.status == wanted.status
    assert panel.view.table.equals(wanted.table)
    assert {data["name"] for data in panel.spec["data"]} >= {"theory", "run", "spent"}
    assert len(panel._repr_mimebundle_()[0]["image/png"]) > 1000
