"""The learner's own copy of the notebooks, ``my_course/``: made when absent, never overwritten.

The tracked notebooks stay as they are, so an update of the course never conflicts with a learner's
work. The copy starts without their outputs: what a run gives would stand under the question that
asks for it. A small record of what each copy was made from tells when a lesson has been updated since.
"""

import hashlib
import json
import os
import shutil

from lessons_lib.cli.environment import ROOT, Problem, own_place, writable
from lessons_lib.files import replacing, write_atomically

RECORD = ".copied_from.json"


def folder(root=ROOT):
    """The folder of the copies, made if need be; in the learner's home if the course's is closed."""
    course = own_place(root) / "my_course"
    if os.path.lexists(course) and not course.is_dir():
        what = "a link that leads nowhere" if course.is_symlink() else "a file"
        raise Problem(f"'{course}' is {what}: move it away and start again.")
    course.mkdir(exist_ok=True)
    if not writable(course):
        raise Problem(
            f"'{course}' cannot be written to, so nothing that you do there would be kept: make it yours (chown, chmod)"
            " or move it away, and start again."
        )
    return course


def bring(root=ROOT):
    """Copy the lessons that are not there yet; the folder, and the numbers of those updated since."""
    course = folder(root)
    record = read_record(course)
    updated = []
    for original in originals(root):
        copy = course / original.name
        if not os.path.lexists(copy):
            copy_blank(original, copy)
            record[original.name] = digest(original)
        elif record.get(original.name) not in (None, digest(original)):
            updated.append(original.name[:2])
    write_record(course, record)
    return course, updated


def reset(lesson, root=ROOT):
    """Give a fresh copy of one lesson and keep the old file beside it.

    Returns
    -------
    fresh, kept : Path, Path or None
        The new copy, and where the old file is now (None if there was none).
    """
    number = lesson.zfill(2) if lesson.isdigit() else lesson
    found = [o for o in originals(root) if o.name == number or o.name[:2] == number]
    if not found:
        known = ", ".join(o.name[:2] for o in originals(root))
        raise Problem(f"There is no lesson {lesson!r}: use one of {known}.")
    original = found[0]
    course = folder(root)
    fresh, kept = course / original.name, None
    if os.path.lexists(fresh):
        kept = free_name(fresh)
        fresh.replace(kept)
    copy_blank(original, fresh)
    write_record(course, {**read_record(course), original.name: digest(original)})
    return fresh, kept


def originals(root):
    """The tracked notebooks, in order."""
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def free_name(path):
    """A name beside `path` that is not taken: ``02_ahead_of_time.mine-1.ipynb``."""
    number = 1
    while os.path.lexists(taken := path.with_name(f"{path.stem}.mine-{number}{path.suffix}")):
        number += 1
    return taken


def copy_blank(original, copy):
    """Copy a notebook, whole or not at all, and leave its outputs behind."""
    with replacing(copy, mode=0o666) as part:
        shutil.copyfile(original, part)
        part.write_bytes(blank(part))


def blank(original):
    """A notebook's content without outputs and execution counts; any other file's as it is."""
    content = original.read_bytes()
    try:
        notebook = json.loads(content)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
    except (ValueError, KeyError, TypeError):
        return content
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def digest(original):
    """A fingerprint of what a copy starts with: new outputs alone are no update."""
    return hashlib.sha256(blank(original)).hexdigest()


def read_record(course):
    """What each copy was made from; an unreadable record counts as none."""
    try:
        record = json.loads((course / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def write_record(course, record):
    """Keep the record, whole or not at all."""
    write_atomically(course / RECORD, json.dumps(record, indent=1, sort_keys=True))
