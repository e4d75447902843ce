"""Right answers to "put a table and a cache in front of the model"."""

from exercises.wrong.l05_hybrid import FULL, HIT, MISS, MOVE, OLDEST, STORE, but

RIGHT = [
    ("asks for the source", but(MISS, 'if found.source == "table":')),
    ("looks with get", but("if key in self.cache:", "if self.cache.get(key) is not None:")),
    ("makes room in a loop", but(FULL, "while len(self.cache) > self.size:")),
    ("makes room first", but(STORE, f"if len(self.cache) >= self.size:\n    {OLDEST}\n{STORE}")),
    (
        "an equal copy of the table's answer",
        but("return found", "return Answer(found.value, found.source, found.age)"),
    ),
    ("an equal copy of the model's answer", but("return fresh", "return Answer(*fresh)")),
    (
        "a plain dict",
        but(
            "OrderedDict()",
            "{}",
            MOVE,
            "self.cache[key] = self.cache.pop(key)",
            OLDEST,
            "del self.cache[next(iter(self.cache))]",
        ),
    ),
    (
        "keeps the answer and when it came",
        but(
            STORE,
            "self.cache[key] = (fresh, self.clock())",
            HIT,
            "return value._replace(source='cache', age=value.age + self.clock() - made)",
        ),
    ),
]
