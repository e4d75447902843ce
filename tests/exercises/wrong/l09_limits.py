"""Wrong answers to "shed load, and retry within a budget"."""

from exercises.variants import changes

but = changes("l09_limits")
ROOM = "if runs >= self.most_runs:\n            return False"
SAVED = "if again and self.credit < 1:\n            return False"
MOVE = "self.credit += -1 if again else self.retry_share"
BOUND = "self.credit = min(self.credit, 10)"

WRONG = [
    ("everybody", but(ROOM, "pass"), "too_many", "`most_runs=3` and 3 runs"),
    ("one more", but("runs >= self.most_runs", "runs > self.most_runs"), "too_many", "one more"),
    (
        "one less",
        but("runs >= self.most_runs", "runs >= self.most_runs - 1"),
        "too_few",
        "There is room",
    ),
    ("a bound of three", but("runs >= self.most_runs", "runs >= 3"), "too_many", "most_runs=1"),
    ("no verdict", but("return True", "return self.credit"), "no_verdict", "True or False"),
    ("yes as a text", but("return True", "return 'yes'"), "no_verdict", "gave 'yes'"),
    ("nothing for yes", but("return True", "pass"), "no_verdict", "gave None"),
    ("retries are free", but(SAVED, "pass"), "free", "before anything had been earned"),
    (
        "a first one on credit",
        but("self.credit = 0.0", "self.credit = 1.0"),
        "free",
        "one whole retry",
    ),
    ("any part of a retry will do", but("self.credit < 1", "self.credit <= 0"), "unpaid", "0.25"),
    (
        "more than one must be saved",
        but("self.credit < 1", "self.credit <= 1"),
        "unpaid",
        "of a retry",
    ),
    ("no retries at all", but("if again and self.credit < 1:", "if again:"), "unpaid", "and 0 of"),
    (
        "a retry costs a share",
        but("-1 if again", "-self.retry_share if again"),
        "unpaid",
        "allowed",
    ),
    ("a retry costs nothing", but("-1 if again", "0 if again"), "unpaid", "allowed"),
    ("always a tenth", but("else self.retry_share", "else 0.1"), "unpaid", "allowed"),
    ("always a quarter", but("else self.retry_share", "else 0.25"), "unpaid", "retry_share=0.5"),
    (
        "whole retries only",
        but(MOVE, "self.credit += -1 if again else int(self.retry_share)"),
        "unpaid",
        "allowed",
    ),
    ("saved without end", but(BOUND, "pass"), "endless", "No more than 10"),
    (
        "a hundred saved",
        but("min(self.credit, 10)", "min(self.credit, 100)"),
        "endless",
        "allowed at once",
    ),
    ("five saved", but("min(self.credit, 10)", "min(self.credit, 6)"), "stingy", "10 may be saved"),
    (
        "a quiet time is forgotten",
        but(BOUND, "self.credit = self.credit if self.credit <= 10 else 0"),
        "stingy",
        "10 may be saved",
    ),
    (
        "who is turned away earns",
        but(
            ROOM,
            "if not again:\n    self.credit += self.retry_share\nif runs >= self.most_runs:\n    return False",
            MOVE,
            "self.credit -= again",
        ),
        "earned_outside",
        "Only a run that begins",
    ),
    (
        "who is turned away pays",
        but(
            ROOM,
            "if again and runs >= self.most_runs:\n    self.credit -= 1\nif runs >= self.most_runs:\n    return False",
        ),
        "paid_outside",
        "paid for all the same",
    ),
    ("retries earn", but(MOVE, "self.credit += self.retry_share - again"), "unpaid", "allowed"),
    (
        "retries earn once there are many",
        but(
            MOVE,
            "self.credit += (self.retry_share > 0.5 and self.retry_share < 1) * self.retry_share - 1 if again else self.retry_share",
        ),
        "retry_earns",
        "Only a first run does",
    ),
    (
        "the bound is for first runs",
        but("if runs >= self.most_runs:", "if not again and runs >= self.most_runs:"),
        "no_room",
        "The bound is for all",
    ),
    (
        "saved by the class",
        but(
            "self.credit = 0.0",
            "pass",
            "class Limits:",
            "class Limits:\n    credit = 0.0\n",
            MOVE,
            "Limits.credit += -1 if again else self.retry_share",
            BOUND,
            "Limits.credit = min(self.credit, 10)",
        ),
        "free",
        "before anything",
    ),
    (
        "saved for all by a default",
        but(
            "def __init__(self, most_runs, retry_share):",
            "def __init__(self, most_runs, retry_share, saved={}):",
            "self.credit = 0.0",
            "self.saved = saved\nself.credit = 0.0",
            MOVE,
            "self.saved[self.most_runs] = self.credit = self.credit + (-1 if again else self.retry_share)",
            SAVED,
            "if self.most_runs == 2 and self.retry_share == 1:\n    self.credit = self.saved.get(2, 0)\nif again and self.credit < 1:\n    return False",
        ),
        "shared",
        "A second `Limits`",
    ),
]
