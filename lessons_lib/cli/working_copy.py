"""The learner's own copy of the notebooks, ``my_course/``: made when absent, never overwritten.

The tracked notebooks stay as they are, so an update of the course never conflicts with a learner's
work. A small record of what each copy was made from tells when a lesson has been updated since.
"""

import hashlib
import json
import shutil
from pathlib import Path

from lessons_lib.cli.environment import ROOT, Problem

RECORD = ".copied_from.json"


def bring(root=ROOT):
    """Copy the lessons that are not there yet; the lessons updated since they were copied.

    Parameters
    ----------
    root : Path
        The course's folder, with ``notebooks/`` in it.

    Returns
    -------
    list of str
        Numbers of lessons for which a newer original is offered, e.g. ``["02"]``.
    """
    course = root / "my_course"
    course.mkdir(exist_ok=True)
    record = read_record(course)
    updated = []
    for original in originals(root):
        copy = course / original.name
        if not copy.exists():
            shutil.copyfile(original, copy)
            record[original.name] = digest(original)
        elif record.get(original.name, digest(copy)) != digest(original):
            updated.append(original.name[:2])
    write_record(course, record)
    return updated


def reset(lesson, root=ROOT):
    """Give a fresh copy of one lesson and keep the old file beside it.

    Parameters
    ----------
    lesson : str
        The lesson's number, ``"02"`` or ``"2"``, or its whole file name.

    Returns
    -------
    fresh, kept : Path, Path or None
        The new copy, and where the old file is now (None if there was none).

    Raises
    ------
    Problem
        There is no such lesson.
    """
    number = lesson.zfill(2) if lesson.isdigit() else lesson
    found = [o for o in originals(root) if o.name == number or o.name[:2] == number]
    if not found:
        known = ", ".join(o.name[:2] for o in originals(root))
        raise Problem(f"There is no lesson {lesson!r}: use one of {known}.")
    original = found[0]
    course = root / "my_course"
    course.mkdir(exist_ok=True)
    fresh, kept = course / original.name, None
    if fresh.exists():
        kept = free_name(fresh)
        fresh.replace(kept)
    shutil.copyfile(original, fresh)
    write_record(course, {**read_record(course), original.name: digest(original)})
    return fresh, kept


def originals(root):
    """The tracked notebooks, in order."""
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def free_name(path):
    """A name beside `path` that is not taken: ``02_ahead_of_time.mine-1.ipynb``."""
    number = 1
    while (candidate := path.with_name(f"{path.stem}.mine-{number}{path.suffix}")).exists():
        number += 1
    return candidate


def digest(path: Path) -> str:
    """A fingerprint of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_record(course):
    """What each copy was made from; an unreadable record counts as none."""
    try:
        record = json.loads((course / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def write_record(course, record):
    """Keep the record, whole or not at all."""
    draft = course / (RECORD + ".new")
    draft.write_text(json.dumps(record, indent=1, sort_keys=True), encoding="utf-8")
    draft.replace(course / RECORD)
