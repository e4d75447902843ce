"""Wrong answers to "refresh only what has changed"."""

from exercises.variants import changes

but = changes("l06_feed")
KEPT = "{key: value for key, value in table.items() if key not in latest}"
CALL = "predict(list(changed.values()))"
UPDATE = f"if changed:\n        new.update(zip(changed, {CALL}, strict=True))"
FROM = "latest = dict(feed)"

WRONG = [
    (
        "writes into the published table",
        but(KEPT, "table"),
        "changed",
        "A published version never changes",
    ),
    (
        "takes entries off the feed",
        but(
            FROM,
            "latest = {}\nwhile feed:\n    key, inputs = feed.pop(0)\n    latest[key] = inputs",
        ),
        "changed",
        "build a new dict",
    ),
    ("only the changed rows", but(KEPT, "{}"), "lost", "goes over as it is"),
    (
        "drops predictions of zero",
        but("if key not in latest", "if value and key not in latest"),
        "lost",
        "'c'",
    ),
    (
        "the first entry counts",
        but(FROM, "latest = dict(feed[::-1])"),
        "first_entry",
        "The last one counts",
    ),
    (
        "gone once is gone for ever",
        but(FROM, "latest = dict(feed)\nlatest.update((k, None) for k, i in feed if i is None)"),
        "first_entry",
        "'a'",
    ),
    (
        "keeps what is gone",
        but("if key not in latest", "if key not in changed"),
        "gone",
        "'d'",
    ),
    (
        "gone keys stay with no value",
        but("return new", "return {**new, **{k: None for k in latest if k not in changed}}"),
        "gone",
        "its last entry says",
    ),
    (
        "updates known keys only",
        but("if inputs is not None", "if inputs is not None and key in table"),
        "absent",
        "may be new",
    ),
    (
        "zero minutes taken for gone",
        but("if inputs is not None", "if inputs"),
        "absent",
        "has inputs, 0.0",
    ),
    (
        "the old values over the new ones",
        but("return new", "return {**new, **{k: table[k] for k in changed if k in table}}"),
        "value",
        "the model says",
    ),
    (
        "every entry is predicted",
        but(
            UPDATE,
            "for key, inputs in feed:\n    if inputs is not None:\n        said = predict([inputs])[0]\n        if key in changed:\n            new[key] = said",
        ),
        "full",
        "about all of them together",
    ),
    (
        "one call a key",
        but(UPDATE, "for key, inputs in changed.items():\n    new[key] = predict([inputs])[0]"),
        "full",
        "Ask once",
    ),
    (
        "asks about nothing",
        but("    if changed:\n        new.update", "    new.update"),
        "empty",
        "leave the call out",
    ),
    (
        "values in another order",
        but("zip(changed,", "zip(sorted(changed),"),
        "value",
        "the model says",
    ),
    (
        "hides a break-down",
        but(
            UPDATE,
            f"try:\n    new.update(zip(changed, {CALL} if changed else [], strict=True))\nexcept Exception:\n    new.update({{key: table.get(key) for key in changed}})",
        ),
        "swallowed",
        "let the error pass",
    ),
    (
        "a list of pairs",
        but("return new", "return list(new.items())"),
        "no_table",
        "should return a dict",
    ),
    ("nothing", but("return new", "return None"), "no_table", "None"),
    ("a key of its own", but("return new", 'return {**new, "updated": 1.0}'), "gone", "'updated'"),
    (
        "rounded",
        but("return new", "return {key: round(value, 3) for key, value in new.items()}"),
        "lost",
        "0.142857143",
    ),
    (
        "kept from the first refresh",
        but(
            "def ",
            "kept = {}\n\ndef ",
            KEPT,
            "kept\n    for key, value in table.items():\n        kept.setdefault(key, value)".replace(
                "\n    ", "\n"
            ),
        ),
        "gone",
        "neither table nor feed",
    ),
    ("yes or no", but("return new", "return dict.fromkeys(new, True)"), "lost", "True"),
    ("not a number", but("return new", 'return dict.fromkeys(new, float("nan"))'), "lost", "nan"),
]
