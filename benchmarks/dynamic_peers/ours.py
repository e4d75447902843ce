"""Our service, with the same loader as the peers.

The deadline is checked as always, but so long that a busy machine cannot spoil the run.
"""

from common import load_predictor

from lessons_lib.dynamic.service import create_app

app = create_app(load_predictor(), model="live", deadline=10)
