"""What the questions of lesson 07 take for true is computed from the numbers in their own words."""

import re

import pandas as pd

from lessons_lib import cost
from lessons_lib.exercises.l07_break_even import weigh
from lessons_lib.quiz.bank import find


def right(name):
    (text,) = (option.text for option in find(name).options if option.right)
    return text


def test_the_table_for_all_customers_is_a_little_cheaper_though_most_of_it_is_unused():
    keys = pd.Series(range(2_000))  # a thousandth of them
    pays, per_key, unused = weigh(keys, keys[:60], 1 / 40, 1.0, 0.0)
    assert 2 / 3 < pays / per_key < 1
    assert round(100 * unused) == 97
    assert right("l07-pays") == "The table, by less than a third"


def test_the_threshold_that_earns_most_is_the_right_one():
    hits, wrong = (100, 300, 500, 700), (1, 8, 25, 60)
    ask = find("l07-threshold").ask
    assert all(re.search(rf"\b{number}\b", ask) for number in (*hits, *wrong))
    earned = [0.2 * some - 5 * bad for some, bad in zip(hits, wrong, strict=True)]
    best = max(range(4), key=earned.__getitem__)
    assert right("l07-threshold") == ("0.9", "0.8", "0.7", "0.6")[best]


def test_the_near_misses_of_the_servers_are_all_different_numbers():
    sizes = [
        cost.servers_within(rate, 0.25, 1.5, p=p) for rate, p in ((20, 99), (10, 99), (20, 90))
    ]
    assert len({5, *sizes}) == 4
