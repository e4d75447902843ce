"""Getting the model into memory while the service already says that it is coming.

Used by `service`. A model takes seconds to load; a service that is silent meanwhile looks dead.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from lessons_lib.answer import Predictor
from lessons_lib.dynamic.replies import Problem

log = logging.getLogger("lessons_lib.service")


class Loading:
    """A predictor that is there, or will be.

    Parameters
    ----------
    source : Predictor or callable
        The predictor, or a function without arguments that makes it.

    Raises
    ------
    ValueError
        If `source` is neither.
    """

    def __init__(self, source: Predictor | Callable[[], Predictor]):
        if not hasattr(source, "answer") and not callable(source):
            raise ValueError(
                f"The predictor is {source!r}: give an object with answer(request), or a function "
                "without arguments that makes one."
            )
        self.done: Future = Future()
        self._load: Callable[[], Predictor] | None = None
        self._since = 0.0
        self._predictor: Predictor | None = None
        if hasattr(source, "answer"):
            self._arrive(source)
        else:
            self._load = source

    @property
    def status(self) -> str:
        """One of loading, ready and failed."""
        if not self.done.done():
            return "loading"
        return "ready" if self.done.exception() is None else "failed"

    def start(self) -> None:
        """Begin to load, in a thread; nothing happens when called again."""
        load, self._load = self._load, None
        if load is not None:
            threading.Thread(target=self._run, args=(load,), name="loading", daemon=True).start()

    def predictor(self) -> Predictor:
        """The predictor; raises `Problem` (503) while there is none."""
        if self._predictor is not None:
            return self._predictor
        self.start()
        if self.status == "failed":
            raise Problem(503, "loading", "The model could not be loaded; the log says why.")
        raise Problem(503, "loading", "The model is being loaded.", retry_after=1)

    def age(self) -> float | None:
        """Seconds since the model was loaded; None while there is none."""
        return None if self._predictor is None else round(time.monotonic() - self._since, 3)

    def _run(self, load: Callable[[], Predictor]) -> None:
        try:
            predictor = load()
            if not hasattr(predictor, "answer"):
                raise TypeError(f"The loader gave {predictor!r}, which has no answer(request).")
        except Exception as error:
            log.error("The model could not be loaded.", exc_info=error)
            self.done.set_exception(error)
        else:
            self._arrive(predictor)

    def _arrive(self, predictor: Predictor) -> None:
        self._since = time.monotonic()
        self._predictor = predictor
        self.done.set_result(None)
