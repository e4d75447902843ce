"""Lesson 02 in a real browser: the gate lab follows every control, and the measured number is judged."""

from visit import judged, readable, status, visit

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l02_gate import gate_lab\ngate_lab()",
    'from lessons_lib.quiz import quiz\nquiz("02", measured={"l02-night": 12.5})',
]
PLACES = (
    "[...document.querySelectorAll('.lm-chart .mark-symbol path, .lm-chart .mark-rule line')]"
    ".map(e => e.getAttribute('transform')).join()"
)


def test_the_whole_lesson(desk):
    visit(desk, "02_ahead_of_time")


def test_every_control_of_the_gate_lab_moves_the_marks(parts):
    for role, name, key in (
        ("combobox", "Compare the mean of", "ArrowDown"),
        ("combobox", "The slip hits", "ArrowUp"),
        ("slider", "Records hit", "End"),
        ("slider", "Bound on the change", "ArrowRight"),
    ):
        before = parts.page.evaluate(PLACES)
        parts.page.get_by_role(role, name=name).press(key)
        parts.wait_for_panels()
        assert parts.page.evaluate(PLACES) != before
    assert status(parts).startswith("The gate refuses")
    readable(parts, "gate-lab")


def test_the_number_that_was_measured_is_judged(parts):
    cases = (
        ("50 million keys", "3", "Divide 50,000,000"),
        ("50 million keys", "750", "That is in seconds"),
        ("50 million keys", "750 s", "Now do it for one row a call"),
    )
    judged(parts, cases)
