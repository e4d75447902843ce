"""Our service with a router before the same model: an LRU cache, single flight, a bound on runs."""

from common import load_predictor

from lessons_lib.dynamic.service import create_app
from lessons_lib.router import Breaker, Limits, Router

router = Router(
    None,
    load_predictor(),
    deadline=5.0,
    limits=Limits(most_runs=32, retry_share=0.1),
    breaker=Breaker(),
)
app = create_app(router, model="live, routed", deadline=10, threads=2)
