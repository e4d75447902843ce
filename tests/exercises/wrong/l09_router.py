"""Wrong answers to "route between table, cache, model and default"."""

from exercises.variants import changes

but = changes("l09_router")
TABLE = """with suppress(Exception):
            found = self.table.answer(request)
            if found.value is not None:
                return found"""
MODEL = """with suppress(Exception):
            fresh = self.model.answer(request)
            self.cache[key] = fresh.value, self.clock() - fresh.age
            return fresh"""
MISS = "if found.value is not None:"
STORE = "self.cache[key] = fresh.value, self.clock() - fresh.age"
HIT = 'return Answer(value, "cache", age)'
OLD = 'return Answer(value, "cache", self.clock() - made)'
DEFAULT = 'return Answer(self.default, "default", math.nan)'
KEPT = "if key in self.cache:"
FRESH = "if age < self.ttl:"

WRONG = [
    ("the value alone", but("return found", "return found.value"), "no_answer", "0.75"),
    ("a plain tuple", but(HIT, "return (value, 'cache', age)"), "no_answer", "0.14"),
    (
        "the table's answer renamed",
        but("return found", 'return found._replace(source="cache")'),
        "table",
        "Hand it on as it is",
    ),
    (
        "the table's age is forgotten",
        but("return found", "return found._replace(age=0.0)"),
        "table",
        "age=0.0",
    ),
    (
        "asks the model to be sure",
        but(TABLE, f"sure = self.model.answer(request)\n{TABLE}".replace("\n        ", "\n")),
        "table_first",
        "the model was asked",
    ),
    (
        "the cache before the table",
        but(
            "with suppress(Exception):\n            found",
            "if key_of(request) in self.cache:\n"
            "    value, made = self.cache[key_of(request)]\n"
            "    if self.clock() - made < self.ttl:\n"
            '        return Answer(value, "cache", self.clock() - made)\n'
            "with suppress(Exception):\n    found",
        ),
        "table_first",
        "the cache was asked or used",
    ),
    ("0.0 in the table is a miss", but(MISS, "if found.value:"), "zero", "The table holds 0.0"),
    (
        "0.0 in the cache is a miss",
        but(FRESH, "if value and age < self.ttl:"),
        "zero",
        "The cache holds 0.0",
    ),
    (
        "a miss of the table is handed on",
        but(MISS, "if found is not None:"),
        "model",
        "the model's answer is wanted",
    ),
    (
        "a table that breaks down breaks the router",
        but(
            TABLE,
            "found = self.table.answer(request)\nif found.value is not None:\n    return found",
        ),
        "table_down",
        "the table broke down",
    ),
    (
        "a model that breaks down breaks the router",
        but(MODEL, f"fresh = self.model.answer(request)\n{STORE}\nreturn fresh"),
        "model_down",
        "the model broke down",
    ),
    (
        "runs the model twice",
        but("return fresh", "return self.model.answer(request)"),
        "twice",
        "run 2 times",
    ),
    ("nothing is kept", but(STORE, "pass"), "no_cache", "run again"),
    (
        "kept for half its time",
        but(FRESH, "if age < self.ttl / 2:"),
        "no_cache",
        "younger than the",
    ),
    (
        "kept for ever",
        but(FRESH, "if key in self.cache:"),
        "expired",
        "the model was not asked",
    ),
    (
        "fresh at the very moment",
        but(FRESH, "if age <= self.ttl:"),
        "expired",
        "600.25 s old, no longer younger",
    ),
    (
        "an hour is an hour",
        but(FRESH, "if age < 600.25:"),
        "expired",
        "the 3.5 s of `ttl`",
    ),
    (
        "counts from when it was kept",
        but("self.clock() - fresh.age\n", "self.clock()\n"),
        "age",
        "and you say 0",
    ),
    (
        "the age in whole seconds",
        but(HIT, 'return Answer(value, "cache", round(age))'),
        "age",
        "you say 1",
    ),
    ("no age", but(HIT, 'return Answer(value, "cache", math.nan)'), "age", "you say nan"),
    (
        "a hit makes young",
        but(HIT, f"self.cache[key] = value, self.clock()\n{HIT}"),
        "age",
        "old, and you say",
    ),
    ("still says model", but(HIT, 'return Answer(value, "model", age)'), "source", "not 'model'"),
    (
        "the value rounded",
        but(HIT, 'return Answer(round(value, 3), "cache", age)'),
        "value",
        "0.143",
    ),
    (
        "kept under the request",
        but("key = key_of(request)", "key = request"),
        "by_request",
        "different days",
    ),
    (
        "the default before old information",
        but(KEPT, "if False:"),
        "no_old",
        "better than a default",
    ),
    (
        "the age of before the failure",
        but(OLD, 'return Answer(value, "cache", age)'),
        "old_age",
        "Read the clock when you answer",
    ),
    (
        "what fails is thrown away",
        but(OLD, f"del self.cache[key]\n{OLD}"),
        "lost_old",
        "the second time",
    ),
    (
        "old information is made young",
        but(OLD, f"self.cache[key] = value, self.clock()\n{OLD}"),
        "old_age",
        "you say",
    ),
    ("a default of nothing", but("Answer(self.default,", "Answer(None,"), "default", "value=None"),
    (
        "a default of the first example",
        but("Answer(self.default,", "Answer(0.196,"),
        "default",
        "value=0.196",
    ),
    ("a default that is fresh", but('"default", math.nan', '"default", 0.0'), "default", "age=0.0"),
    (
        "a default that says model",
        but('"default", math.nan', '"model", math.nan'),
        "default",
        "source='model'",
    ),
    (
        "0.0 is no default",
        but("Answer(self.default,", "Answer(self.default or None,"),
        "default",
        "value=None",
    ),
    (
        "the default is kept",
        but(DEFAULT, f"self.cache[key] = self.default, self.clock()\n{DEFAULT}"),
        "default",
        "cache",
    ),
    (
        "the failure is remembered",
        but(
            "fresh = self.model.answer(request)",
            "if key in vars(self).setdefault('failed', set()):\n    raise KeyError\n"
            "self.failed.add(key)\nfresh = self.model.answer(request)\nself.failed.discard(key)",
        ),
        "default_kept",
        "Keep only what the model said",
    ),
    (
        "one cache for all",
        but(
            "self.cache = {}",
            "self.cache = vars(Router)['kept']",
            "class Router:",
            "class Router:\n    kept = {}\n",
        ),
        "shared",
        "A second `Router`",
    ),
]
