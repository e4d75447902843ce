"""The models of the course, ready to ask: fitted or loaded, slowed, or answering requests.

It knows no table, no server and no chart.

Time single rows with ``OMP_NUM_THREADS=1`` set before Python starts: with two threads gradient
boosting shows latencies of seconds now and then on a busy machine.
"""

import time
from pathlib import Path

import numpy as np

from lessons_lib import validate
from lessons_lib.answer import Answer, Clock, sleep_on
from lessons_lib.models import cache
from lessons_lib.models.onnx_export import OnnxModel, export_onnx
from lessons_lib.models.recipes import MODELS, fit, recipe_of
from lessons_lib.models.scores import skill, skill_by_age

__all__ = [
    "MODELS",
    "ModelPredictor",
    "OnnxModel",
    "Slowed",
    "export_onnx",
    "fit",
    "fit_or_load",
    "skill",
    "skill_by_age",
]


def fit_or_load(name: str, *, folder: str | Path | None = None):
    """A fitted model of `MODELS`: from the cache `folder`, or fitted now and kept there.

    It has ``predict_proba(rows)`` of shape (n, 2), column 1 being "late" (or "positive" for
    reviews), ``predict_one(request, known)`` and ``needs_live``. A kept model is used only while
    the data, the sources that made it and the versions of Python, NumPy, pandas and scikit-learn
    are the same. It is a pickle; see `cache`.
    """
    recipe_of(name)
    folder = cache.cache_folder() if folder is None else Path(folder)
    model = cache.load(name, folder)
    if model is None:
        model = fit(name)
        cache.save(name, model, folder)
    return model


class Slowed:
    """A model that takes its time: the same answers, `seconds` later for each row.

    The attribute `seconds` may be changed at any moment, also from another thread; it counts from
    the next call on. On a `clock` that can sleep, such as a `VirtualClock`, an hour takes no time.

    >>> from lessons_lib.answer import VirtualClock
    >>> clock = VirtualClock()
    >>> class Half:
    ...     def predict_one(self, request, known=None):
    ...         return 0.5
    >>> slow = Slowed(Half(), 3600, clock=clock)
    >>> slow.predict_one("UA EWR IAH 05"), clock()
    (0.5, 3600.0)
    """

    def __init__(self, model, seconds: float, *, clock: Clock = time.time):
        self.model = model
        self.seconds = seconds
        self._sleep = sleep_on(clock)

    @property
    def seconds(self) -> float:
        """What a prediction costs extra, seconds."""
        return self._seconds

    @seconds.setter
    def seconds(self, seconds: float) -> None:
        self._seconds = validate.finite("seconds", seconds)

    @property
    def needs_live(self) -> bool:
        """Whether the model behind it reads live inputs."""
        return getattr(self.model, "needs_live", False)

    def predict_proba(self, rows) -> np.ndarray:
        """What the model says, after `seconds` for each row."""
        self._wait(len(rows))
        return self.model.predict_proba(rows)

    def predict_one(self, request, known=None) -> float:
        """What the model says about one request, after `seconds`."""
        self._wait(1)
        return self.model.predict_one(request, known)

    def _wait(self, times: int) -> None:
        if self._seconds and times:
            self._sleep(self._seconds * times)


class ModelPredictor:
    """A dynamic predictor: runs the model for each request.

    A model that reads live inputs needs `inputs`. They are `feed_age` seconds old when they reach
    the model; raise the attribute at any moment to see what a stuck feed does.
    """

    def __init__(self, model, inputs=None, clock: Clock = time.time, *, feed_age: float = 0.0):
        if model.needs_live and inputs is None:
            raise ValueError("This model reads live inputs: give load_live_inputs() as `inputs`.")
        self.model = model
        self.inputs = inputs if model.needs_live else None
        self.clock = clock
        self.feed_age = feed_age

    def answer(self, request) -> Answer:
        """The model's answer to a `FlightRequest` or a sentence.

        A flight is answered with what was known an hour before its departure (less `feed_age`); the
        age of the answer is `feed_age` plus the time that the model took.
        """
        start = self.clock()
        known = None
        if self.inputs is not None:
            known = self.inputs.known(request, age=self.feed_age)
        value = self.model.predict_one(request, known)
        return Answer(value, "model", self.feed_age + self.clock() - start)
