"""Wrong answers to "put a table and a cache in front of the model"."""

HEAD = """
class Hybrid:
    def __init__(self, table, model, size, clock):
        self.table, self.model, self.size, self.clock = table, model, size, clock
        self.cache = OrderedDict()

    def answer(self, request):
"""
RIGHT = (
    HEAD
    + """
        found = self.table.answer(request)
        if found.value is not None:
            return found
        key = key_of(request)
        if key in self.cache:
            self.cache.move_to_end(key)
            value, made = self.cache[key]
            return Answer(value, "cache", self.clock() - made)
        fresh = self.model.answer(request)
        self.cache[key] = (fresh.value, self.clock() - fresh.age)
        if len(self.cache) > self.size:
            self.cache.popitem(last=False)
        return fresh
"""
)


def but(old, new):
    """The right answer with one piece changed."""
    assert old in RIGHT
    return RIGHT.replace(old, new)


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
        but("found = self.table", "self.model.answer(request)\n        found = self.table"),
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
        "the age is 90 s, and you say 30",
    ),
    (
        "counts from when it was stored",
        but("self.clock() - fresh.age)", "self.clock())"),
        "age",
        "and you say 60",
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
            "            return found\n",
            "            self.cache[key_of(request)] = (found.value, self.clock() - found.age)\n"
            "            if len(self.cache) > self.size:\n"
            "                self.cache.popitem(last=False)\n"
            "            return found\n",
        ),
        "pollution",
        "Cache only what the model said",
    ),
]
