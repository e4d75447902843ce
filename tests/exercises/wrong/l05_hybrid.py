"""Wrong answers to "put a table and a cache in front of the model"."""

from exercises.variants import changes

but = changes("l05_hybrid")
MISS = "if found.value is not None:"
STORE = "self.cache[key] = (fresh.value, self.clock() - fresh.age)"
HIT = 'return Answer(value, "cache", self.clock() - made)'
MOVE = "self.cache.move_to_end(key)"
TABLE = "found = self.table.answer(request)\nif found.value is not None:\n    return found"
MODEL = "fresh = self.model.answer(request)"
FULL = "if len(self.cache) > self.size:"
OLDEST = "self.cache.popitem(last=False)"

WRONG = [
    ("the value alone", but("return found", "return found.value"), "no_answer", "0.75"),
    (
        "the table's answer renamed",
        but("return found", 'return Answer(found.value, "cache", 0.0)'),
        "table",
        "Hand it on as it is",
    ),
    (
        "asks the model to be sure",
        but("found = self.table", "self.model.answer(request)\nfound = self.table"),
        "model_first",
        "Look at the table first",
    ),
    (
        "a miss is returned as it is",
        but("if found.value is not None:", "if found is not None:"),
        "model",
        "the model's answer is wanted",
    ),
    (
        "nothing is kept",
        but("self.cache[key] = (fresh.value, self.clock() - fresh.age)", "pass"),
        "no_cache",
        "the model ran again",
    ),
    (
        "kept under the request",
        but("key_of(request)", "request"),
        "by_request",
        "different days",
    ),
    (
        "the wrong half of the entry",
        but("return Answer(value,", "return Answer(made,"),
        "value",
        "from the cache comes",
    ),
    (
        "the cached answer still says model",
        but('Answer(value, "cache"', 'Answer(value, "model"'),
        "source",
        "not 'model'",
    ),
    (
        "the age stands still",
        but("(fresh.value, self.clock() - fresh.age)", "(fresh.value, fresh.age)").replace(
            "self.clock() - made", "made"
        ),
        "age",
        "the age is 3753.580245 s, and you say 30",
    ),
    (
        "counts from when it was stored",
        but("self.clock() - fresh.age)", "self.clock())"),
        "age",
        "and you say 3723.45",
    ),
    (
        "a cache without end",
        but("if len(self.cache) > self.size:", "if False:"),
        "too_big",
        "room for 2 answers",
    ),
    (
        "first in, first out",
        but("self.cache.move_to_end(key)", "pass"),
        "first_in",
        "A hit counts as use",
    ),
    (
        "caches what the table holds",
        but(
            "return found",
            "self.cache[key_of(request)] = (found.value, self.clock() - found.age)\n"
            "if len(self.cache) > self.size:\n"
            "    self.cache.popitem(last=False)\n"
            "return found",
        ),
        "pollution",
        "Cache only what the model said",
    ),
    ("a plain tuple", but("return Answer(value,", "return (value,"), "no_answer", "gave (0.14"),
    (
        "an object that cannot be unpacked",
        but("return fresh", "return type('Answer', (), fresh._asdict())()"),
        "no_answer",
        "gave <Answer object>",
    ),
    ("0.0 in the table is a miss", but(MISS, "if found.value:"), "zero", "The table holds 0.0"),
    (
        "0.0 in the cache is a miss",
        but("if key in self.cache:", "if key in self.cache and self.cache[key][0]:"),
        "zero",
        "The cache holds 0.0",
    ),
    (
        "one cache for all",
        but(
            "self.cache = OrderedDict()",
            "self.cache = vars(Hybrid)['kept']",
            "class Hybrid:",
            "class Hybrid:\n    kept = OrderedDict()\n",
        ),
        "shared",
        "A second `Hybrid`",
    ),
    (
        "one model for all",
        but("self.table, self.model,", "self.table, Hybrid.model,"),
        "shared",
        "with the object",
    ),
    (
        "runs the model twice",
        but("return fresh", "return self.model.answer(request)"),
        "twice",
        "run 2 times",
    ),
    (
        "a fresh value and a fresh age",
        but(
            "self.cache[key] = (fresh.value,",
            "self.cache[key] = (self.model.answer(request).value,",
        ),
        "twice",
        "run 2 times",
    ),
    (
        "a break-down is a default",
        but(
            MODEL, f"try:\n    {MODEL}\nexcept Exception:\n    return Answer(None, 'default', 0.0)"
        ),
        "swallowed",
        "source='default'",
    ),
    (
        "the cache before the table",
        but(TABLE.replace("\n", "\n        "), "", MODEL, f"{TABLE}\n{MODEL}"),
        "cache_first",
        "Ask the table first",
    ),
    (
        "a hit makes young",
        but(HIT, f"self.cache[key] = (value, self.clock())\n{HIT}"),
        "age",
        "A hit makes no answer younger",
    ),
    (
        "an hour is enough",
        but(
            "if key in self.cache:",
            "if key in self.cache and self.clock() - self.cache[key][1] < 3600:",
        ),
        "no_cache",
        "ran again",
    ),
    (
        "the age rounded",
        but("self.clock() - made)", "round(self.clock() - made))"),
        "age",
        "you say 3754",
    ),
    (
        "the value rounded",
        but("(fresh.value, self", "(round(fresh.value, 3), self"),
        "value",
        "comes 0.143",
    ),
    (
        "the model's answer rounded",
        but("return fresh", "return fresh._replace(value=round(fresh.value, 2))"),
        "model",
        "value=0.14,",
    ),
    ("an age in text", but("self.clock() - made)", "str(self.clock() - made))"), "age", "'3753.58"),
    ("no age", but("self.clock() - made)", "float('nan'))"), "age", "you say nan"),
    (
        "no age of the table's",
        but("return found", "return found._replace(age=0.0)"),
        "table",
        "age=0.0",
    ),
    (
        "one row less",
        but(FULL, "if len(self.cache) >= self.size:"),
        "order",
        "size 3, the model ran 6 times and should run 3",
    ),
    (
        "one row more",
        but(FULL, "if len(self.cache) > self.size + 1:"),
        "too_big",
        "room for 2 answers",
    ),
    ("two rows always", but(FULL, "if len(self.cache) > 2:"), "order", "size 3"),
    (
        "cleared when full",
        but(OLDEST, "self.cache.clear()"),
        "order",
        "'x y z z y', with a cache of size 2",
    ),
    (
        "full is full",
        but(STORE, f"if len(self.cache) < self.size:\n    {STORE}"),
        "too_big",
        "still there",
    ),
    ("last in, first out", but(OLDEST, "self.cache.popitem()"), "too_big", "still there"),
    (
        "how often, not how long ago",
        but(
            MOVE,
            "self.uses[key] += 1",
            STORE,
            f"{STORE}\nself.uses[key] = 1",
            OLDEST,
            "del self.cache[min((k for k in self.cache if k != key), key=self.uses.get)]",
            "self.cache = OrderedDict()",
            "self.cache, self.uses = OrderedDict(), {}",
        ),
        "order",
        "used longest ago",
    ),
    (
        "the second but one used",
        but(OLDEST, "del self.cache[list(self.cache)[1 if self.size > 2 else 0]]"),
        "order",
        "117",
    ),
]
