"""The learner's own service of lesson 03: started, shown in the notebook, and brought to a standstill.

The function of the notebook goes into a file and runs in a process of its own. What shows it is
Swagger's page in a frame and a line for a terminal; both live as long as the service does. It must
not know what the service answers.
"""

import contextlib
import html
import json
import threading
from collections.abc import Callable, Mapping

import httpx
import ipywidgets

from lessons_lib.dynamic.notebook import write_module
from lessons_lib.dynamic.server import Server
from lessons_lib.record import page

MODEL = """

from lessons_lib import board, models
from lessons_lib.dynamic.service import serve_docs

predictor = models.ModelPredictor(models.OnnxModel("live.onnx"), board.load_live_inputs())
app = serve_docs({make}(predictor, deadline={deadline!r}))
"""
"""What stands behind the learner's function in the file of the service."""


def serve(
    make: Callable, ending: str = "", *, folder: str = "work", deadline: float = 5.0
) -> Server:
    """Write `make` into ``my_service.py`` in `folder`, and start its application there.

    The application answers from the model in ``live.onnx`` of the same folder. `ending` is source
    text that may add routes to `app`. A function that cannot live in a file of its own raises
    ValueError, a service that does not start `ServerError`.
    """
    source = MODEL.format(make=make.__name__, deadline=deadline) + ending
    write_module(f"{folder}/my_service.py", make, source)
    return Server("my_service:app", folder=folder)


def curl(url: str, body: Mapping) -> str:
    """The line that sends `body` to ``/predict`` from a terminal, on Windows as elsewhere.

    >>> print(curl("http://127.0.0.1:80", {"hour": 5}))
    curl http://127.0.0.1:80/predict -H "Content-Type: application/json" -d "{\\"hour\\": 5}"
    """
    text = json.dumps(body).replace('"', '\\"')
    return f'curl {url}/predict -H "Content-Type: application/json" -d "{text}"'


class Window(ipywidgets.HTML):
    """Swagger's page of a service in a frame, and the `curl` line for a terminal below it.

    The frame is drawn while the notebook is open; what is stored or exported holds the address and
    the line alone, since the service ends with the notebook.
    """

    def __init__(self, url: str, body: Mapping):
        self._text = f"{url}/docs\n{curl(url, body)}"
        link = f'<a href="{url}/docs" target="_blank" rel="noopener">{url}/docs</a>'
        self._words = f"<p>The service's own page: {link}</p>"
        self._words += f"<p>Or copy this line into a terminal:</p>{page.code(curl(url, body))}"
        look = "box-sizing: border-box; width: calc(100% - 10px); height: 480px; border: 1px solid"
        frame = f'<iframe src="{html.escape(url)}/docs" title="Swagger page of the service" '
        frame += f'style="{look}; background: white"></iframe>'
        super().__init__(value=frame + self._words, layout={"width": "100%"})

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": self._text, "text/html": self._words}, metadata


def stand_still(server: Server, *, after: float = 2.0, seconds: float = 1.5) -> threading.Timer:
    """Ask the route ``/stall`` of a service, `after` seconds from now, to block it for `seconds`.

    Raises RuntimeError if the service is not running any more.
    """
    if not server.running:
        raise RuntimeError("The service has ended: run the cell that starts it, then this one.")
    waits = threading.Timer(after, _stall, [f"{server.url}/stall", seconds])
    waits.daemon = True
    waits.start()
    return waits


def _stall(url: str, seconds: float) -> None:
    # A service that was stopped meanwhile has nobody left to keep waiting.
    with contextlib.suppress(httpx.HTTPError):
        httpx.post(url, params={"seconds": seconds}, timeout=seconds + 10, trust_env=False)
