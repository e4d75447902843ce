"""The service of lesson 08 that answers from a table: it needs neither models nor pandas, so it starts at once.

It knows the store and the service, and serves what was published into its working folder last.
"""

from pathlib import Path

from fastapi import FastAPI

from lessons_lib.dynamic.service import create_app
from lessons_lib.static.store import PredictionStore


def table_board() -> FastAPI:
    """Answers from the table in the working folder."""
    return create_app(PredictionStore(Path.cwd()), model="table")
