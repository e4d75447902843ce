"""Lesson 02 in a real browser: the gate lab follows every control, and the measured number is judged."""

from visit import visit

LAB = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l02_gate import gate_lab\ngate_lab()",
]
QUIZ = 'from lessons_lib.quiz import quiz\nquiz("02", measured={"l02-night": 12.5})'
PLACES = (
    "[...document.querySelectorAll('.lm-chart .mark-symbol path, .lm-chart .mark-rule line')]"
    ".map(e => e.getAttribute('transform')).join()"
)


def test_the_whole_lesson(desk):
    visit(desk, "02_ahead_of_time")


def test_every_control_of_the_gate_lab_moves_the_marks(desk):
    desk.write("gate", LAB)
    desk.open("gate")
    desk.run_all()
    assert desk.errors() == []
    desk.marks()
    for role, name, key in (
        ("combobox", "Compare the mean of", "ArrowDown"),
        ("combobox", "The slip hits", "ArrowUp"),
        ("slider", "Records hit", "End"),
        ("slider", "Bound on the change", "ArrowRight"),
    ):
        before, said = desk.page.evaluate(PLACES), status(desk)
        desk.page.get_by_role(role, name=name).press(key)
        desk.page.wait_for_function(f"before => {PLACES} !== before", arg=before)
        desk.page.wait_for_function(
            "said => document.querySelector('.lm-status').textContent !== said", arg=said
        )
    assert status(desk).startswith("The gate refuses")
    for theme in ("light", "dark"):
        desk.theme(theme)
        assert desk.axe() == []
        desk.screenshot(f"gate-lab-{theme}", ".lm-panel")


def status(desk):
    return desk.page.locator(".lm-status").text_content()


def test_the_number_that_was_measured_is_judged(desk):
    desk.write("night", [QUIZ])
    desk.open("night")
    desk.run_all()
    card = desk.page.locator(".lq-card").filter(has_text="50 million keys")
    for typed, told in (
        ("3", "Divide 50,000,000"),
        ("750", "That is in seconds"),
        ("750 s", "Now do it for one row a call"),
    ):
        card.get_by_role("textbox").fill(typed)
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()
