"""Our service, with the same loader as the peers."""

from common import load_predictor

from lessons_lib.dynamic.service import create_app

app = create_app(load_predictor(), model="live")
