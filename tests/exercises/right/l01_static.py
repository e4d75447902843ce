"""Right answers to "answer from the table", in other forms."""

FRAME = """
class FromTable:
    def __init__(self, table, as_of, clock):
        {}

    def answer(self, request):
        {}
"""
KEEP = "self.table, self.as_of, self.clock = table, as_of, clock"
MISS = 'return Answer(None, "default", float("nan"))'
HIT = 'return Answer(value, "table", self.clock() - self.as_of)'
BODIES = [
    ("if it is there", KEEP, f"if request.key not in self.table:\n            {MISS}\n"
     f"        value = self.table[request.key]\n        {HIT}"),
    ("a KeyError caught", KEEP, "try:\n            value = self.table[request.key]\n"
     f"        except KeyError:\n            {MISS}\n        {HIT}"),
    ("a copy of the table", "self.rows, self.filled, self.now = dict(table), as_of, clock",
     "key = request.key\n        found = key in self.rows\n        age = self.now() - self.filled\n"
     "        return Answer(self.rows[key], source='table', age=age) if found else "
     "Answer(age=float('nan'), value=None, source='default')"),
    ("numbers of NumPy", KEEP, "import numpy as np\n        value = self.table.get(request.key)\n"
     "        if value is None: return Answer(None, 'default', np.nan)\n"
     "        return Answer(np.float64(value), 'table', np.float64(self.clock()) - self.as_of)"),
    ("the age never below zero", KEEP, f"value = self.table.get(request.key)\n        if value is None: {MISS}\n"
     "        age = max(0.0, self.clock() - self.as_of)\n        return Answer(value, 'table', age)"),
    ("counts its answers", KEEP + "\n        self.asked = 0",
     f"self.asked += 1\n        value = self.table.get(request.key)\n        if value is None: {MISS}\n        {HIT}"),
]  # fmt: skip
RIGHT = [(name, FRAME.format(init, answer)) for name, init, answer in BODIES]
