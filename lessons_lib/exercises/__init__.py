"""Exercises that check themselves: the engine, and one module for each exercise.

`exercise` says how to write one.
"""

from lessons_lib.exercises.exercise import exercise

__all__ = ["exercise"]
