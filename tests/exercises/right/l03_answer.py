"""Right answers to the exercise: answer from the model."""

from exercises.wrong.l03_answer import GIVE, VALUE, give, with_step

RIGHT = [
    (
        "in one line",
        with_step(
            'return Answer(self.model.predict_one(request, known), "model", self.clock() - began)'
        ),
    ),
    (
        "by name",
        with_step(f"{VALUE}\nreturn Answer(age=self.clock() - began, source='model', value=value)"),
    ),
    ("known by name", give(first="value = self.model.predict_one(request, known=known)")),
    ("a float of its own", give(value="float(value)", age="float(self.clock() - began)")),
    (
        "an equal Answer",
        give(answer="__import__('collections').namedtuple('Answer', 'value source age')"),
    ),
    (
        "an equal copy of the request",
        give(first="value = self.model.predict_one(type(request)(*request), type(known)(*known))"),
    ),
    (
        "names what went wrong",
        with_step(
            f"try:\n    {VALUE}\nexcept Exception as problem:\n    raise RuntimeError('no answer') from problem\n{GIVE}"
        ),
    ),
    (
        "asks the feed anew",
        give(first="value = self.model.predict_one(request, self.inputs.known(request))"),
    ),
]
