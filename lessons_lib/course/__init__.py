"""The classroom: exercises that check themselves, and a record of what was done.

Every lesson imports from here. The classroom stands on the top floor: it may know the laboratory,
the modes and the data, and none of them knows it.
"""

from lessons_lib.course.exercise import exercise
from lessons_lib.course.progress import export

__all__ = ["exercise", "export"]
