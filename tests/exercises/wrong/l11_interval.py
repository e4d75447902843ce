"""Wrong answers to "forecast with an interval"."""

from exercises.variants import changes

but = changes("l11_interval")
RESULT = "return (ranked[k - 1], ranked[-k]) if k else None"
WHILE = "while 2 * (k + 1) / (len(ranked) + 1) <= miss:\n        k += 1"

WRONG = [
    ("one number", but(RESULT, "return ranked[k - 1] if k else None"), "not_a_pair", "two numbers"),
    ("texts", but(RESULT, "return ('0.1', '0.2') if k else None"), "not_a_pair", "'0.1'"),
    ("no number", but(RESULT, "return (float('nan'), 1.0) if k else None"), "not_a_pair", "nan"),
    ("width too", but(RESULT, "return (ranked[k - 1], ranked[-k], 0.1) if k else None"), "not_a_pair", "0.1"),
    ("always an interval", but("k else None", "k else (ranked[0], ranked[-1])"), "too_few", "2 of 18"),
    ("an endless one", but("k else None", "k else (0.0, float('inf'))"), "too_few", "give None"),
    ("gives up below 20", but(RESULT, "return None if len(ranked) < 20 else (ranked[k - 1], ranked[-k])"), "gave_up", "19 runs are enough"),
    ("just not", but("<= miss", "< miss"), "gave_up", "19 runs are enough"),
    ("the upper end first", but("(ranked[k - 1], ranked[-k])", "(ranked[-k], ranked[k - 1])"), "swapped", "lower one first"),
    ("smallest and largest", but("ranked[k - 1], ranked[-k]", "ranked[0], ranked[-1]"), "extremes", "smallest but 3"),
    ("so much on each side", but("2 * (k + 1)", "(k + 1)"), "one_side", "*each* side"),
    ("NumPy's percentiles", but(RESULT, "return tuple(np.percentile(figures, [50 * miss, 100 - 50 * miss])) if k else None"), "percentiles", "Count with 20"),
    ("nearest rank", but(RESULT, "return tuple(np.percentile(figures, [50 * miss, 100 - 50 * miss], method='inverted_cdf')) if k else None"), "percentiles", "one more draw"),
    ("two standard deviations", but(RESULT, "return (np.mean(figures) - 2 * np.std(figures), np.mean(figures) + 2 * np.std(figures)) if k else None"), "spread", "bell curve"),
    ("as they came", but("np.sort(figures)", "np.array(figures)"), "order", "Sort the figures"),
    ("two ranks off", but("ranked[k - 1], ranked[-k]", "ranked[k + 1], ranked[-k]"), "wrong", "k is 1"),
    ("counts with n", but("(len(ranked) + 1)", "len(ranked)"), "gave_up", "19 runs are enough"),
    ("a fixed interval", but(RESULT, "return (0.1, 0.9) if k else None"), "wrong", "Yours are 0.1"),
    ("sorts what it was given", but("np.sort(figures), 0", "figures, 0\nfigures.sort()"), "changed", "Work on a copy"),
]  # fmt: skip
