"""Right answers to "answer with the model", in other forms."""

FRAME = """
class FromModel:
    def __init__(self, model, clock):
        self.model, self.clock = model, clock

    def answer(self, request):
        {}
"""
BODIES = [
    ("in one expression", "asked = self.clock()\n        return Answer("
     'self.model.predict_one(request), "model", self.clock() - asked)'),
    ("by name", "begin = self.clock()\n        p = self.model.predict_one(request)\n"
     "        took = self.clock() - begin\n        return Answer(age=took, source='model', value=p)"),
    ("with float", "asked = self.clock()\n        value = float(self.model.predict_one(request))\n"
     "        return Answer(value, 'model', float(self.clock() - asked))"),
    ("an error is told and passed on", "asked = self.clock()\n        try:\n"
     "            value = self.model.predict_one(request)\n        except Exception:\n"
     "            print('no answer for', request.key)\n            raise\n"
     "        return Answer(value, 'model', self.clock() - asked)"),
    ("keeps what it said last", "asked = self.clock()\n        self.last = self.model.predict_one(request)\n"
     "        self.took = self.clock() - asked\n        return Answer(self.last, 'model', self.took)"),
    ("made from a list", "asked = self.clock()\n        parts = [self.model.predict_one(request), 'model']\n"
     "        return Answer(*parts, max(0, self.clock() - asked))"),
]  # fmt: skip
RIGHT = [(name, FRAME.format(body)) for name, body in BODIES]
