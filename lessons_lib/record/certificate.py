"""A certificate: what a learner's designs were graded at, on one page that a teacher can check.

The page holds its data beside what it shows, and is made anew from them: whatever was changed on it,
a figure, a name or a date, shows. The code sums up the data. None of this is a secret, so it stops
nobody who reads this file; `regrade` is the stronger check, since a design is given the same grade by
anybody. Neither can tell who did the work. It knows grades by their plain form, and no widget.
"""

import hashlib
import html
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

from lessons_lib import capstone, files
from lessons_lib.charts import units
from lessons_lib.record import page, progress
from lessons_lib.record.dashboard import rows

FORM = 1
"""The form of the page: another one cannot be made anew here, so it cannot be checked."""
LONGEST_NAME = 80
CLOSE = 1e-6
"""How far a figure may be off when a design is graded again on another machine, as a share."""
_DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0; }
main { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.8rem; margin-bottom: 0.2rem; }
h2 { font-size: 1.2rem; margin: 1.6rem 0 0.4rem; }
table { border-collapse: collapse; font-size: 0.9rem; }
caption { font-weight: bold; padding-bottom: 0.3rem; }
th, td { border-bottom: 1px solid #767676; }
td { white-space: nowrap; }
[role=region] { margin: 0.8rem 0; }
.who { font-size: 1.3rem; }
.code { font-family: ui-monospace, monospace; font-size: 1.1rem; }
.words { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid #767676; padding-left: 0.8rem; }
h3 { font-size: 1rem; margin: 0.8rem 0 0.3rem; }
@media print { @page { margin: 15mm; } main { margin: 0; max-width: none; } section { break-inside: avoid; } }
"""


class Changed(ValueError):
    """A page that is no certificate, or no longer the one that was written; the text says how."""


def certificate(path: str | Path, name: str, grades: Sequence[Any]) -> Path:
    """Write the certificate of a learner to `path`, an ``.html`` file.

    Parameters
    ----------
    path : str or path
    name : str
        As it is to stand there; nothing else that is personal goes into it.
    grades : sequence of grades
        What `lessons_lib.capstone.submit` gave, one or more, in the order in which they are to stand.

    Raises
    ------
    ValueError
        If there is no grade, or the name is longer than `LONGEST_NAME`.
    """
    path = Path(path).expanduser()
    if not grades:
        raise ValueError("A certificate needs a grade: submit a design first.")
    if path.suffix != ".html":
        raise ValueError(f"{str(path)!r} is no page: end it in .html.")
    name = _shown(name)
    if len(name) > LONGEST_NAME:
        raise ValueError(f"The name has {len(name)} letters: give {LONGEST_NAME} at most.")
    text = markup(contents(name, grades, date.today()))
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_atomically(path, text, mode=0o644)
    return path


def contents(name: str, grades: Sequence[Any], day: date) -> dict:
    """What a certificate says, as plain data."""
    done = rows(progress.current().state())
    course = [
        [row.lesson.number, row.lesson.title, *row.exercises, *row.questions]
        for row in done
        if row.exercises[1] or row.questions[1]
    ]
    graded = [grade.to_dict() for grade in grades]
    return {
        "form": FORM,
        "name": name,
        "date": day.isoformat(),
        "graded": graded,
        "course": course,
    }


def markup(data: dict) -> str:
    """The page, the same for the same data."""
    day = date.fromisoformat(data["date"])
    named = html.escape(data["name"] or "(no name was given)")
    graded = "".join(
        f"<section><h2>Design {number}: {html.escape(one['world'])}</h2>{_one(one)}</section>"
        for number, one in enumerate(data["graded"], 1)
    )
    lines = [
        (html.escape(f"{number} {title}"), f"{passed} of {all_of}", f"{right} of {asked}")
        for number, title, passed, all_of, right, asked in data["course"]
    ]
    head = ("Lesson", "Exercises passed", "Questions right")
    course = page.table("The course so far, as this learner's progress has it", head, lines)
    kept = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Certificate: Ahead of Time, On Demand</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Certificate</h1>
<p>Ahead of Time, On Demand: a course on static and dynamic inference</p>
<p class="who"><strong>{named}</strong><br><time>{day.isoformat()}</time></p>
{graded}
<section><h2>The course</h2>{course}</section>
<section><h2>How to check this page</h2>
<p>Code: <strong class="code">{code(data)}</strong></p>
<p>In a clone of the course, <code>python3 -m lessons_lib certificate FILE</code> tells whether anything
on this page was changed; with <code>--again</code> it grades the designs anew as well. Neither can
tell who did the work, and the lines about the course are the learner's own record.</p></section>
</main>
<script type="application/json" id="data">{kept}</script>
</body>
</html>
"""


def code(data: dict) -> str:
    """A short sum of everything that a certificate says.

    >>> code({"form": 1}), code({"form": 2})
    ('15A8-BEAB-826D-3F84', '2BA5-CEBF-0131-ED11')
    """
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest().upper()
    return "-".join(digest[at : at + 4] for at in range(0, 16, 4))


def read(text: str) -> dict:
    """What a certificate says, if it is whole and nothing on it was changed; else `Changed`."""
    found = _DATA.search(text)
    if not found:
        raise Changed("it is no certificate of this course")
    try:
        data = json.loads(found[1])
        if data["form"] != FORM:
            raise Changed(f"it was made by another version of the course (form {data['form']})")
        whole, summed = markup(data), code(data)
    except Changed:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise Changed("its data can no longer be read: something in them was changed") from None
    if summed not in text:
        raise Changed(f"something was changed: what it says sums up to {summed}, which it lacks")
    if whole.split() != text.split():
        raise Changed("what it shows is not what its data say: the page was changed")
    return data


def regrade(data: dict) -> tuple[int, int]:
    """Grade the designs of a certificate again: how many, and how many are left; `Changed` if one differs.

    A router is its author's code: it is not in the certificate, and not run here.
    """
    again = 0
    for number, one in enumerate(data["graded"], 1):
        try:
            design = capstone.Design(**_numbers(one["design"]))
            forecast = capstone.Forecast(**one["forecast"])
            fresh = capstone.submit(one["world"], design, forecast, one["record"]).to_dict()
        except (ValueError, TypeError, KeyError) as error:
            raise Changed(f"design {number} cannot be graded ({error})") from None
        if fresh["submission"] != one["submission"]:
            continue
        for key in fresh:
            if not _close(fresh[key], one.get(key)):
                found = f"{key} {_plain(fresh[key])}, and it says {_plain(one.get(key))}"
                raise Changed(f"graded again, design {number} has {found}")
        again += 1
    return again, len(data["graded"]) - again


def check(path: str, again: bool = False) -> tuple[bool, str]:
    """Whether a file is a certificate on which nothing was changed, and one line about it."""
    try:
        data = read(Path(path).read_text(encoding="utf-8"))
        more = ""
        if again:
            done, left = regrade(data)
            more = f", {done} graded again" + (f", {left} of a router left out" if left else "")
    except (Changed, UnicodeDecodeError) as error:
        said = "it is no page of this course" if isinstance(error, UnicodeDecodeError) else error
        return False, f"fails  {path}: {said}"
    except OSError as error:
        return False, f"fails  {path}: it cannot be read ({files.reason(error)})"
    who = _shown(data["name"]) or "no name"
    designs = units.count(len(data["graded"]), "design")
    return True, f"holds  {path}: {who}, {data['date']}, {designs}{more}, code {code(data)}"


def main(arguments: Sequence[str]) -> int:
    """Check files and folders, a line for each certificate; 1 if one fails or none is there."""
    again = "--again" in arguments
    found = list(_pages(a for a in arguments if a != "--again"))
    results = []
    for path in found:
        holds, line = check(path, again)
        results.append(holds)
        print(line, flush=True)
    if not found:
        print("There is no .html file in there: name the certificates, or their folder.")
    return 0 if results and all(results) else 1


def _pages(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        if os.path.isdir(path):
            yield from map(str, sorted(Path(path).rglob("*.html")))
        else:
            yield path


def _one(one: dict) -> str:
    """HTML of one design: its settings, its grade, the figures, the attacks, the words."""
    settings = ", ".join(f"{name} {value}" for name, value in one["design"].items())
    caught = f"<p>Not allowed: {html.escape(one['caught'])}</p>" if one["caught"] else ""
    best, guessed = one["reference"]["figures"], one["forecast"]
    figures = [
        (label, *(_said(form, said.get(name)) for said in (one["figures"], best, guessed)))
        for name, (label, form) in FIGURES.items()
    ]
    attacks = [
        (html.escape(name), *(_said(form, row[key]) for key, (_, form) in FIGURES.items()))
        for name, row in one["parts"].items()
    ]
    head = ("Figure", "This design", "The best that a search found", "Forecast")
    labels = [label for label, _ in FIGURES.values()]
    why = html.escape(one["record"] or "(nothing was written)")
    return f"""
<p>Grade <strong>{_said(units.number, one["grade"])} of 100</strong>; value lost against the best
{_said(_percent, one["regret"])}; calibration of the forecast {_said(_percent, one["calibration"])}.</p>
<p>Settings: {html.escape(settings)}. Submission {html.escape(one["submission"])}.</p>{caught}
{page.table("All attacks together", head, figures)}
{page.table("Attack by attack", ("Attack", *labels), attacks)}
<h3>Why</h3><p class="words">{why}</p>"""


def _said(form: Any, value: Any) -> str:
    return "–" if value is None else form(value)


def _dollars(value: float) -> str:
    return f"{value:.2f}"


def _percent(part: float) -> str:
    return f"{100 * part:.1f} %"


FIGURES = {
    "value": ("Value (USD a day)", _dollars),
    "cost": ("Cost (USD a day)", _dollars),
    "p99": ("p99", units.duration),
    "coverage": ("Coverage", _percent),
    "staleness": ("Outdated", _percent),
    "bad": ("From broken inputs", _percent),
}
"""What is told of a design, and how."""


def _numbers(settings: dict) -> dict:
    """The settings of a design as numbers: JSON has no infinity."""
    return {name: inf if value == "inf" else value for name, value in settings.items()}


def _shown(name: str) -> str:
    """A name in one line, without characters that steer a page or a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


def _plain(value: Any) -> str:
    return "other figures" if isinstance(value, dict) else str(value)


def _close(one: Any, other: Any) -> bool:
    """Whether two plain values are the same, numbers but for what machines differ by."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_close, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= CLOSE * max(abs(one), abs(other))
    return one == other


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
