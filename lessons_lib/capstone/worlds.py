"""The four worlds of the capstone: what clients ask for, what an answer is worth, what things take.

Popularity and texts are the course's real data (the timetable, the film reviews); how long the model
takes and what an answer is worth are stated assumptions of each world. It knows no traffic and no run.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from lessons_lib import board, reviews
from lessons_lib.capstone.design import Design

ROW_BYTES = 100.0
"""Bytes of a row in a table, key and index included."""


@dataclass(frozen=True, eq=False, repr=False)
class World:
    """What is given; a design answers it. Times in seconds, money in US dollars."""

    name: str
    title: str
    told: str
    """What the client says, a text for the learner."""
    rate: float
    """Requests a second on a calm day."""
    deadline: float
    """Seconds after which a client has left."""
    fixed: float
    """Seconds of a server for a batch of the model, whatever its size."""
    per_item: float
    """Seconds more for each place in the batch, filled or not."""
    row: float
    """Seconds of a processor for one row of the table, in the batch job."""
    change: float
    """How often the truth about a key changes, per second."""
    worth: float
    """Dollars that a true answer in time is worth."""
    stale: float
    """What an answer that is no longer true is worth, as a share of `worth`; so are the next three."""
    default: float
    """... an answer by default."""
    missing: float
    """... none in time."""
    bad: float
    """... one computed while the inputs were broken."""
    path: float
    """Dollars a day that it takes to keep a path alive, the table's or the live model's: people."""
    new_share: float
    """The share of requests for keys that nobody asked for before."""
    surge: float
    """That share during an unseen surge."""
    spike: float
    """Times the traffic during a spike."""
    drift: float
    """How often each popular key is replaced by another during the run with drift."""
    change_drift: float = 1.0
    """Times the changes of the truth, ..."""
    work_drift: float = 1.0
    """... and times the model's seconds, while the world drifts."""
    listed: bool = False
    """Whether every key is known beforehand, so that a table may hold all of them."""
    start: dict = field(default_factory=dict)
    """The settings of `example`."""

    def example(self) -> Design:
        """A design that runs here, and is not the best one."""
        return Design(**self.start)

    def names(self) -> tuple[list[str], np.ndarray]:
        """The keys known from real data, and how often each occurs there (shape (k,))."""
        return _names(self.name)

    def texts(self, keys: np.ndarray) -> list[str]:
        """What a router is asked for each key."""
        names, known = _names(self.name)[0], len(_names(self.name)[0])
        return [names[k] if k < known else f"new {k}" for k in keys.tolist()]

    def __repr__(self) -> str:
        return f"<World {self.name!r}: {self.title}>"


@cache
def _names(name: str) -> tuple[list[str], np.ndarray]:
    if name == "catalogue":
        flights = board.load_board()[["carrier", "origin", "dest"]]
        counts = flights.value_counts(sort=True)
        return [" ".join(route) for route in counts.index], counts.to_numpy(float)
    texts = reviews.load_reviews()["text"]
    if name == "shop":
        found = Counter(word for text in texts for word in reviews.words(text)).most_common()
        return [word for word, _ in found], np.array([float(count) for _, count in found])
    if name == "text":
        different = list(dict.fromkeys(texts))
        return different, np.ones(len(different))
    return [], np.empty(0)


_EACH = (
    World(
        name="catalogue",
        title="A peaked catalogue",
        told=(
            "We sell seats on 439 routes, and a few dozen of them bring most of the requests. Each "
            "page shows how punctual the route has been. That changes a few times a day."
        ),
        rate=1.0,
        deadline=2.0,
        fixed=0.6,
        per_item=0.2,
        row=0.3,
        change=1 / 21_600,
        worth=5e-5,
        stale=0.3,
        default=0.2,
        missing=-0.5,
        bad=-2.0,
        path=0.5,
        new_share=0.01,
        surge=0.1,
        spike=3.0,
        drift=0.15,
        listed=True,
        start={"table_size": 100, "refresh": 7200.0, "servers": 1, "ttl": 3600.0},
    ),
    World(
        name="text",
        title="Endless text",
        told=(
            "Our readers write sentences, and we say whether the writer liked the film. Hardly any "
            "sentence comes twice. A reader waits three seconds, not more."
        ),
        rate=4.0,
        deadline=3.0,
        fixed=0.4,
        per_item=0.05,
        row=0.02,
        change=0.0,
        worth=3e-5,
        stale=0.3,
        default=0.0,
        missing=-0.5,
        bad=-2.0,
        path=0.7,
        new_share=1.0,
        surge=1.0,
        spike=2.0,
        drift=0.0,
        work_drift=1.25,
        start={"table_size": 0, "servers": 3, "batch": 1},
    ),
    World(
        name="shop",
        title="A shop with a long tail and spikes",
        told=(
            "Some words are searched all day, most only once, and when a television show names us, "
            "three times as many people come at once. Stock and prices move every quarter of an hour."
        ),
        rate=4.0,
        deadline=3.0,
        fixed=0.2,
        per_item=1.0,
        row=0.005,
        change=1 / 900,
        worth=5e-5,
        stale=0.2,
        default=0.1,
        missing=-0.5,
        bad=-2.0,
        path=0.3,
        new_share=0.05,
        surge=0.3,
        spike=3.0,
        drift=0.5,
        start={"table_size": 1000, "refresh": 1800.0, "servers": 2, "ttl": 600.0},
    ),
    World(
        name="fraud",
        title="A fraud stream where old answers do harm",
        told=(
            "Each payment asks for the risk of its card, and waits half a second at most. With every "
            "payment elsewhere the risk is another: what was true two minutes ago does harm."
        ),
        rate=4.0,
        deadline=0.5,
        fixed=0.08,
        per_item=0.04,
        row=0.02,
        change=1 / 60,
        worth=1e-4,
        stale=-0.5,
        default=-0.2,
        missing=-1.0,
        bad=-2.0,
        path=0.5,
        new_share=0.2,
        surge=0.5,
        spike=2.5,
        drift=0.0,
        change_drift=2.0,
        start={"table_size": 0, "servers": 1, "ttl": 60.0},
    ),
)
WORLDS: dict[str, World] = {world.name: world for world in _EACH}
"""The worlds by name: ``"catalogue"``, ``"text"``, ``"shop"``, ``"fraud"``."""
