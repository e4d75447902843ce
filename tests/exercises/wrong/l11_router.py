"""Wrong answers to "build a router that beats its parts"."""

from exercises.variants import changes

but = changes("l11_router")
TABLE = "if self.table is not None:\n            known.append(self.table.answer(request))"
KNOWN = "known = [one for one in known if one.value is not None]"
BEST = 'best = min(known, key=lambda one: one.age, default=Answer(0.3, "default", nan))'
FRESH = "if best.age < self.fresh or self.model is None:"
EXCEPT = "except TimeoutError:\n            return best"
KEEP = "self.cache[request] = found.value, self.clock() - found.age"
FOUND = "found = self.model.answer(request)"
CACHED = "if request in self.cache:"

WRONG = [
    ("a value alone", but("return found", "return found.value"), "no_answer", "Answer(value"),
    ("needs a table", but(TABLE, "known.append(self.table.answer(request) if self.table else 0.5)"), "AttributeError", ""),
    ("nothing without a table", but("known = []", 'if self.table is None:\n    return Answer(0.3, "default", nan)\nknown = []'), "no_part", "`table` is None"),
    ("nothing without a model", but("known = []", 'if self.model is None:\n    return Answer(0.3, "default", nan)\nknown = []'), "no_part", "`model` is None"),
    ("0.0 is nothing", but("one.value is not None", "one.value"), "table", "Hand it on"),
    ("a miss is an answer", but(KNOWN, ""), "no_room", "value=None"),
    ("the table's age is left out", but("self.table.answer(request))", "self.table.answer(request)._replace(age=0.0))"), "table", "age=20.5"),
    ("asks the model first", but("known = []", "if self.model is not None and request == 'young':\n    self.model.answer(request)\nknown = []"), "asked", "Stop there"),
    ("the table, whatever its age", but(FRESH, 'if best.source == "table" or best.age < self.fresh or self.model is None:'), "old_table", "5000.25"),
    ("keeps nothing", but(KEEP, ""), "not_kept", "Keep what it said"),
    ("counts from the call", but("self.clock() - found.age", "self.clock()"), "cache", "90.375"),
    ("says model", but('value, "cache",', 'value, "model",'), "cache", "from the cache"),
    ("the cache before the table", but("key=lambda one: one.age", 'key=lambda one: one.source != "cache"'), "older", "The younger one"),
    ("the table before the cache", but(BEST, 'best = known[0] if known else Answer(0.3, "default", nan)'), "not_kept", "Keep what"),
    ("the table if it is fresh", but(BEST, BEST + '\nif known and known[0].source == "table" and known[0].age < self.fresh:\n    best = known[0]'), "older", "yours is"),
    ("a second of grace", but("best.age < self.fresh", "best.age <= self.fresh"), "expired", "ask it again"),
    ("lets the error out", but(EXCEPT, "except ZeroDivisionError:\n    return best"), "let_out", "Catch it"),
    ("a default at once", but(EXCEPT, 'except TimeoutError:\n    return Answer(0.3, "default", nan)'), "no_room", "the cache's old answer"),
    ("the table's or nothing", but(EXCEPT, 'except TimeoutError:\n    return best if best.source == "table" else Answer(0.3, "default", nan)'), "no_room", "the cache's old answer"),
    ("nothing at all", but("Answer(0.3,", "Answer(None,"), "default", "Answer(value=0.3"),
    ("an age for the default", but('"default", nan', '"default", 0.0'), "model", "Nothing is at hand"),
    ("a cache for all", but("self.cache = {}", "self.cache = Freshest.shared", "def __init__", "shared = {}\n\ndef __init__"), "shared", "in `__init__`"),
    ("peeks", but("known = []", "known = [] if hasattr(self.clock, 'now') or not hasattr(self.clock, 'attack') else []"), "caught", "clock"),
    ("sleeps", but("known = []", "known = []\nif self.fresh == 300.0:\n    self.clock.sleep(2.0)"), "not_better", "Both have to be beaten"),
    ("the default, whatever is asked", but("known = []", 'if self.fresh == 300.0:\n    return Answer(0.3, "default", nan)\nknown = []'), "not_better", "table alone"),
]  # fmt: skip
