"""Right answers to "route between table, cache, model and default"."""

from exercises.wrong.l09_router import FRESH, HIT, KEPT, MISS, MODEL, OLD, STORE, TABLE, but

RIGHT = [
    ("asks for the source", but(MISS, 'if found.source == "table":')),
    ("an equal copy of the table's answer", but("return found", "return Answer(*found)")),
    ("an equal copy of the model's answer", but("return fresh", "return Answer(*fresh)")),
    (
        "try and except",
        but(
            TABLE,
            "try:\n"
            "    found = self.table.answer(request)\n"
            "except Exception:\n"
            "    found = None\n"
            "if found is not None and found.value is not None:\n"
            "    return found",
            MODEL,
            "try:\n"
            "    fresh = self.model.answer(request)\n"
            "except Exception:\n"
            "    fresh = None\n"
            "if fresh is not None:\n"
            f"    {STORE}\n"
            "    return fresh",
        ),
    ),
    (
        "keeps the answer and when it came",
        but(
            STORE,
            "self.cache[key] = fresh.value, self.clock() - fresh.age, fresh",
            "value, made = self.cache.get(key, (None, -math.inf))",
            "value, made, _ = self.cache.get(key, (None, -math.inf, None))",
        ),
    ),
    (
        "asks whether the key is there",
        but(
            "value, made = self.cache.get(key, (None, -math.inf))\n        age = self.clock() - made",
            "value, made = self.cache[key] if key in self.cache else (None, 0.0)\n"
            "age = self.clock() - made",
            FRESH,
            "if key in self.cache and age < self.ttl:",
        ),
    ),
    ("the clock read for each answer", but(HIT, OLD)),
    ("looks at the moment", but(KEPT, "if made > -math.inf:")),
]
