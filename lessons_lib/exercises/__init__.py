"""Exercises that check themselves: the engine, and one module for each exercise.

`engine` says how to write one.
"""

from lessons_lib.exercises.engine import exercise

__all__ = ["exercise"]
