"""Closed formulas for waiting, drawn as lines over the points of the simulator.

Used by the labs of lessons 01, 04, 05 and 06. It knows no simulation: each formula is checked
against an independent run in the tests. Each docstring says which assumptions it needs; draw it
only where they hold. Times are seconds, rates are per second, percentiles are in percent.

"M/M/c" and its like are Kendall's notation: arrivals / service / servers, where M is exponential
(Poisson arrivals), D constant and G any distribution; always first come, first served. A queue at
utilisation 1 or more has no steady state: its mean wait and its percentiles are infinite.

Import every formula from here; they stand in five files: ``waiting``, ``limits``,
``micro_batching``, ``caching`` and ``ageing``.
"""

from lessons_lib.theory.ageing import age_percentile, mean_age, outdated_share
from lessons_lib.theory.caching import (
    expected_distinct,
    lru_hit_ratio,
    lru_hit_ratio_exact,
    top_k_hit_ratio,
    ttl_hit_ratio,
    unseen_estimate,
    unseen_share,
    zipf,
)
from lessons_lib.theory.limits import LimitedQueue, Timeout, mmc_limited, mmc_timeout
from lessons_lib.theory.micro_batching import greedy_batch_latency
from lessons_lib.theory.waiting import (
    erlang_b,
    erlang_c,
    growth,
    mdc_wait,
    mg1_wait,
    mmc_latency_percentile,
    mmc_slower_than,
    mmc_wait,
    utilisation,
)

__all__ = [
    "LimitedQueue",
    "Timeout",
    "age_percentile",
    "erlang_b",
    "erlang_c",
    "expected_distinct",
    "greedy_batch_latency",
    "growth",
    "lru_hit_ratio",
    "lru_hit_ratio_exact",
    "mdc_wait",
    "mean_age",
    "mg1_wait",
    "mmc_latency_percentile",
    "mmc_limited",
    "mmc_slower_than",
    "mmc_timeout",
    "mmc_wait",
    "outdated_share",
    "top_k_hit_ratio",
    "ttl_hit_ratio",
    "unseen_estimate",
    "unseen_share",
    "utilisation",
    "zipf",
]
