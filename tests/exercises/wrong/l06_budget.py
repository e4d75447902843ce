"""Wrong answers to "spend a refresh budget better than evenly"."""

from exercises.variants import changes

but = changes("l06_budget")
HEAD = "import numpy as np\n\ndef spend(changes, popularity, budget):\n    "


def plan(body):
    return HEAD + body.replace("\n", "\n    ")


WRONG = [
    (
        "evenly",
        plan("return np.full(len(changes), budget / len(changes))"),
        "not_better",
        "popular keys and quick ones",
    ),
    (
        "by changes",
        plan("return budget * changes / changes.sum()"),
        "by_change",
        "outdated again before anybody asks",
    ),
    (
        "by changes times requests",
        plan("worth = changes * popularity\nreturn budget * worth / worth.sum()"),
        "by_change",
        "in proportion to how often",
    ),
    (
        "by requests alone",
        plan("return budget * popularity / popularity.sum()"),
        "not_better",
        "with an even share",
    ),
    (
        "by the square root of requests",
        plan("worth = np.sqrt(popularity)\nreturn budget * worth / worth.sum()"),
        "not_better",
        "outdated",
    ),
    (
        "the quickest tenth only",
        plan(
            "most = np.argsort(changes)[-len(changes) // 10:]\nrates = np.zeros(len(changes))\nrates[most] = budget / len(most)\nreturn rates"
        ),
        "not_better",
        "popular keys and quick ones",
    ),
    (
        "only the slow ones, whoever asks",
        plan("rates = 1 / changes\nreturn budget * rates / rates.sum()"),
        "not_better",
        "outdated",
    ),
    ("twice the budget", but("rates * (budget", "rates * (2 * budget"), "over", "the budget is 15"),
    (
        "the lesson's budget",
        but("(budget / rates.sum())", "(500 / rates.sum())"),
        "over",
        "500 refreshes an hour",
    ),
    (
        "a debt",
        but(
            "return rates * (budget / rates.sum())",
            "rates = rates * (budget / rates.sum())\nrates[0] += 1\nrates[-1] -= 1\nreturn rates",
        ),
        "negative",
        "less often than never",
    ),
    (
        "intervals instead of rates",
        but(
            "return rates * (budget / rates.sum())",
            "return 1 / np.maximum(rates * (budget / rates.sum()), 1e-3)",
        ),
        "over",
        "add up to",
    ),
    (
        "the chosen keys",
        plan("return np.argsort(popularity / changes)[:int(budget)]"),
        "no_rates",
        "one rate for each",
    ),
    ("one number", plan("return budget / len(changes)"), "no_rates", "300 keys"),
    ("not a number", plan("return np.full(len(changes), np.nan)"), "no_rates", "nan"),
    ("nothing", plan("return None"), "no_rates", "None"),
    (
        "infinite",
        plan("rates = np.zeros(len(changes))\nrates[0] = np.inf\nreturn rates"),
        "no_rates",
        "inf",
    ),
    ("texts", plan("return [str(budget / len(changes))] * len(changes)"), "no_rates", "returned"),
    (
        "nothing for anybody",
        plan("return np.zeros(len(changes))"),
        "not_better",
        "100.0% of the answers",
    ),
    (
        "sorts the caller's rates",
        but("slices =", "changes.sort()\nslices ="),
        "changed",
        "Work on copies",
    ),
    ("weighs in place", but("slices =", "popularity *= 2\nslices ="), "changed", "Work on copies"),
    (
        "the first split for all",
        but(
            "def ",
            "kept = {}\n\ndef ",
            "return rates * (budget / rates.sum())",
            "return kept.setdefault(0, rates * (budget / rates.sum()))",
        ),
        "no_rates",
        "250 keys",
    ),
]
