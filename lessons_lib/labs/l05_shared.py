"""What a look-up costs in a file of this machine and in a Redis server, of the same table.

It knows the stores and the batch job, no request and no traffic.
"""

from pathlib import Path
from timeit import repeat

from lessons_lib import board, models
from lessons_lib.static.base import Store
from lessons_lib.static.job import ScoringJob
from lessons_lib.static.redis import RedisPredictionStore, local_redis
from lessons_lib.static.store import PredictionStore

LOOK_UPS = 500
"""How many keys a round asks for; the best of three rounds counts."""


def shared_and_own(folder: str | Path) -> dict[str, str]:
    """The price of a look-up in both stores, in words; what is not on this machine says so."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    keys, candidate = board.timetable_keys(board.load_board()), folder / "candidate.sqlite"
    model = models.fit_or_load("timetable")
    ScoringJob(model, keys, candidate, overwrite=True, progress=False).run()
    asked = keys["key"][:LOOK_UPS].tolist()
    with PredictionStore(folder, keep=2) as store:
        prices = {"SQLite, a file of this machine": price(store, candidate, asked)}
    name = "Redis, a server on this machine"
    with local_redis() as url:
        if url is None:
            return prices | {name: "skipped, as there is no redis-server on this machine"}
        with RedisPredictionStore(url) as store:
            return prices | {name: price(store, candidate, asked)}


def price(store: Store, candidate: Path, keys: list[str]) -> str:
    """Publish a candidate, and time looking its `keys` up one by one and all at once."""
    store.publish(candidate)
    one = min(repeat(lambda: [store.lookup(key) for key in keys], number=1, repeat=3))
    many = min(repeat(lambda: store.lookup_many(keys), number=1, repeat=3))
    each, together = (1e6 * seconds / len(keys) for seconds in (one, many))
    return f"{each:.0f} µs for one key, {together:.1f} µs a key for {len(keys)} at once"
