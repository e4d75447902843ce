"""Which lesson asks for which fact and breaks which misconception, and what is still open."""

from lessons_lib.quiz import bank
from lessons_lib.record import catalogue
from quiz.banks import parts

PLAN = {
    "01": "F1 F4 F5 F6 F7 M1",
    "02": "F2 F9 F10 F11 F12 F25",
    "03": "F3 F14 F15 F16 F23 M4",
    "04": "F17 F18 F20 M2 M3 M6 M10",
    "05": "F19 M5 M19",
    "06": "F13 M8 M9 M11 M12",
    "07": "F8 M7 M18",
    "08": "F21 F22 F24 F27 F28 F29 F30 M13 M14",
    "09": "M15 M16 M17",
    "10": "F26",
}
"""Where a fact or a misconception is asked for at the latest; an earlier lesson may do it too."""


def table():
    """Rows of (id, where it is asked for, the lesson that owes it or "")."""
    asked = _asked()
    written = set(catalogue.bank_files())
    planned = {name: lesson for lesson, names in PLAN.items() for name in names.split()}
    rows = []
    for name in sorted(planned, key=lambda name: (name[0], int(name[1:]))):
        lesson, places = planned[name], asked.get(name, [])
        state = "" if places else ("owed" if lesson in written else "open")
        rows.append((name, lesson, ", ".join(places) or state))
    return rows


def _asked():
    places = {}
    for lesson in catalogue.bank_files():
        for question in bank.load(lesson):
            beliefs = {part.misconception for part in parts(question)}
            for name in {*question.covers, *beliefs} - {None}:
                places.setdefault(name, []).append(question.id)
    return places
