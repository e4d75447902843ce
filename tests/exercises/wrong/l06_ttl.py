"""Wrong answers to "choose a time to live from a measured decay"."""

from exercises.variants import changes

but = changes("l06_ttl")
BOUND = "share * decay.iloc[0]"
LOOP = f"""for age, skill in decay.items():
        if skill < {BOUND}:
            break
        longest = age"""

WRONG = [
    (
        "the first that is too old",
        but(
            LOOP,
            f"for age, skill in decay.items():\n    longest = age\n    if skill < {BOUND}:\n        break",
        ),
        "too_old",
        "The last one before",
    ),
    (
        "the last that is good, whatever comes before",
        but("break", "continue"),
        "recovered",
        "stop at the first age",
    ),
    ("an absolute bound", but(BOUND, "share"), "absolute", "a share of the fresh skill"),
    (
        "the share may be lost",
        but(BOUND, "(1 - share) * decay.iloc[0]"),
        "loss",
        "must be left",
    ),
    ("better than the bound", but("skill < ", "skill <= "), "strict", "still good enough"),
    (
        "the place of the age",
        but("return longest", "return list(decay.index).index(longest)"),
        "position",
        "an entry of",
    ),
    (
        "the skill at that age",
        but("return longest", "return decay[longest]"),
        "wrong",
        "you say",
    ),
    (
        "minus one for nothing",
        but(
            "decay.index[0]",
            "-1.0",
            "longest = age",
            "longest = age if age != decay.index[0] else longest",
        ),
        "fresh_only",
        "Fresh is always good enough",
    ),
    (
        "zero for nothing",
        but("return longest", "return longest if longest != decay.index[0] else 0.0"),
        "fresh_only",
        "0.25",
    ),
    ("nothing", but("return longest", "return None"), "no_number", "None"),
    ("a text", but("return longest", "return f'{longest} h'"), "no_number", "1.125 h"),
    (
        "all good ages",
        but("return longest", "return decay.index[decay >= share]"),
        "no_number",
        "one age",
    ),
    ("not a number", but("return longest", 'return float("nan")'), "no_number", "nan"),
    ("rounded", but("return longest", "return round(longest, 3)"), "wrong", "you say 4.123"),
    (
        "always the last",
        but("return longest", "return decay.index[-1]"),
        "loss",
        "must be left",
    ),
    ("the best skill's bound", but(BOUND, "share * decay.mean()"), "too_old", "first age at which"),
    (
        "the first answer for all",
        but("def ", "kept = []\n\ndef ", "return longest", "kept.append(longest)\nreturn kept[0]"),
        "wrong",
        "you say",
    ),
    (
        "sorts the caller's decay",
        but(
            "longest = decay.index[0]",
            "longest = decay.index[0]\ndecay.iloc[:] = decay.sort_values().to_numpy()",
        ),
        "changed",
        "changed the decay",
    ),
]
