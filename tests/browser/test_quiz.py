"""The quiz in a real JupyterLab: keys, feedback, memory, a dead kernel, and what the file keeps."""

import json
from pathlib import Path

import pytest

TESTS = str(Path(__file__).parents[1])
BANK = f"""import sys; sys.path.insert(0, {TESTS!r})
from quiz.banks import example
from lessons_lib.quiz import bank, predict, quiz
from lessons_lib.record import dashboard
bank.load = lambda lesson: example()"""
QUIZ = 'quiz("02", measured={"l02-q4": 2000.0})'
PREDICT = 'p1 = predict("l02-p1")'
EXERCISE = """from exercises import sample
from lessons_lib.exercises.engine import Exercise
ex = Exercise("l99_sample", sample)
def batched_scores(model, rows, size):
    print("so far", len(rows))
    return [model([row])[0] for row in rows]"""
CHECKS = (EXERCISE, "ex.check()", "ex.help()", "_ = ex.use()")
SECRETS = (
    "A look-up compares keys",
    "Only what was computed",
    "That is the greatest age",
    "inputs are 2 h old",
)


@pytest.fixture
def sat(desk):
    """A desk with the example bank's quiz on the page."""
    desk.write("quiz", [BANK, QUIZ, PREDICT, "p1.reveal(41.2)", "dashboard()", *CHECKS])
    desk.open("quiz")
    desk.run_all()
    desk.page.wait_for_selector(".lq-card")
    return desk


def card(desk, part):
    return desk.page.locator(".lq-card").filter(has_text=part)


def status(desk, part):
    return card(desk, part).get_by_role("status")


def says(desk, part, text, seconds=30):
    status(desk, part).get_by_text(text).wait_for(timeout=seconds * 1000)


def focus_is_in(desk, part):
    return card(desk, part).evaluate("form => form.contains(document.activeElement)")


def test_keys_answer_every_kind_of_question_and_leave_the_cells_alone(sat):
    answer_by_keyboard(sat)
    press_the_keys_of_the_cells(sat)


def answer_by_keyboard(sat):
    keys = sat.page.keyboard
    sat.page.locator(".jp-Notebook").first.focus()
    for _ in range(80):
        if focus_is_in(sat, "a new key"):
            break
        keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    says(sat, "a new key", "It knows no similarity")
    assert status(sat, "a new key").inner_text().startswith("Not right.")
    keys.press("ArrowDown")
    assert status(sat, "a new key").inner_text() == ""
    keys.press("Tab")
    keys.press("Space")
    says(sat, "a new key", "Only what was computed ahead of time")
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    says(sat, "Which of these can a gate", "One right answer is missing.")
    keys.press("Tab")
    keys.type("840")
    keys.press("Enter")
    says(sat, "A job runs every 24 h", "That is in minutes.")
    keys.press("Control+A")
    keys.type("14,0 h")
    keys.press("Enter")
    says(sat, "A job runs every 24 h", "Right.")
    assert focus_is_in(sat, "A job runs every 24 h")


def press_the_keys_of_the_cells(sat):
    before = sat.cells()
    controls = sat.page.locator(".lq input, .lq button")
    assert controls.count() >= 12
    for i in range(controls.count()):
        controls.nth(i).focus()
        for key in ("b", "d", "d", "a", "x", "m", "Shift+M", "0", "0", "ArrowUp", "ArrowDown"):
            sat.page.keyboard.press(key)
    sat.settle()
    assert sat.cells() == before
    assert sat.page.evaluate("desk.model().cells.map(c => c.cell_type)") == ["code"] * len(before)


def test_answers_survive_a_reload_and_a_restart(sat):
    card(sat, "a new key").get_by_label("A miss, which").check()
    card(sat, "a new key").get_by_role("button").click()
    says(sat, "a new key", "Right.")
    card(sat, "A job runs").get_by_role("textbox").fill("26")
    card(sat, "A job runs").get_by_role("button").click()
    says(sat, "A job runs", "That is the greatest age")
    sat.save()
    sat.reload()
    see_the_answers(sat)
    sat.restart_kernel()
    sat.reload()
    sat.run_all()
    see_the_answers(sat)


def see_the_answers(sat):
    says(sat, "a new key", "Right.")
    assert card(sat, "a new key").get_by_label("A miss, which").is_checked()
    says(sat, "A job runs", "Not right: 26 h.")
    assert card(sat, "A job runs").get_by_role("textbox").input_value() == "26"


def test_a_click_without_a_kernel_says_so_within_three_seconds(sat):
    for end in (sat.restart_kernel, sat.stop_kernel):
        end()
        card(sat, "a new key").get_by_label("A miss, which").check()
        card(sat, "a new key").get_by_role("button").click()
        says(sat, "a new key", "No answer from Python.", seconds=3)
        assert "Run All Cells" in status(sat, "a new key").inner_text()
        card(sat, "a new key").get_by_label("The model's").check()
        assert status(sat, "a new key").inner_text() == ""


def test_a_prediction_is_committed_and_compared(desk):
    desk.write("predict", [BANK, PREDICT, "p1.reveal(41.2)"])
    desk.open("predict")
    desk.run_all()
    desk.page.get_by_text("You made no prediction. The run gave 41.2 times.").wait_for()
    card(desk, "one row").get_by_role("textbox").fill("300")
    card(desk, "one row").get_by_role("button", name="Commit").click()
    says(desk, "one row", "marked as made after the fact")
    card(desk, "one row").get_by_role("textbox").fill("41")
    assert card(desk, "one row").get_by_role("textbox").input_value() == "300"
    desk.run_all()
    desk.page.get_by_text("You predicted 300 times after the run had been shown").wait_for()


def test_it_can_be_read_in_both_themes_and_the_file_keeps_no_answer(sat):
    card(sat, "a new key").get_by_label("A miss, which").check()
    card(sat, "a new key").get_by_role("button").click()
    card(sat, "gate check").get_by_label("Clients act").check()
    card(sat, "gate check").get_by_role("button").click()
    card(sat, "A job runs").get_by_role("textbox").fill("many")
    card(sat, "A job runs").get_by_role("button").click()
    card(sat, "one row").get_by_role("textbox").fill("300")
    card(sat, "one row").get_by_role("button").click()
    says(sat, "one row", "Committed")
    says(sat, "A job runs", "is not a number")
    hint = sat.page.locator("details", has_text="How many rows fit")
    hint.locator("summary").press("Enter")
    assert hint.evaluate("details => details.open")
    sat.page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    assert sat.errors() == []
    for theme in ("light", "dark"):
        sat.theme(theme)
        sat.screenshot(f"quiz-{theme}")
        assert sat.axe() == []
    saved = json.dumps(sat.save())
    assert "A miss, which the caller must handle" in saved, "the question is there as a text"
    assert [secret for secret in SECRETS if secret in saved] == []


def test_two_views_of_one_quiz_show_each_its_own_state(desk):
    desk.write("views", [BANK, 'q = quiz("02", only=["l02-q1", "l02-q3"])', PREDICT])
    desk.open("views")
    desk.run_all()
    desk.page.wait_for_selector(".lq-card")
    desk.run_cell(1)
    desk.page.evaluate("desk.run('notebook:create-output-view')")
    desk.page.wait_for_function("document.querySelectorAll('.lq').length === 3")
    first, second = (two_views(desk, "a new key").nth(i) for i in (0, 1))
    give(first, "A miss, which")
    first.get_by_text("Right.").wait_for()
    assert second.get_by_role("status").inner_text() == ""
    give(second, "The prediction of")
    second.get_by_text("It knows no similarity").wait_for()
    desk.settle()
    assert first.get_by_role("status").inner_text().startswith("Right.")
    assert first.get_by_label("A miss, which").is_checked()
    assert second.get_by_role("status").inner_text().startswith("Not right.")


def two_views(desk, part):
    return desk.page.locator(".lq-card").filter(has_text=part)


def give(form, option):
    form.get_by_label(option).check()
    form.get_by_role("button").click()


def test_it_keeps_its_order_from_right_to_left_and_its_width_on_a_narrow_page(sat):
    sat.page.evaluate("document.documentElement.dir = document.body.dir = 'rtl'")
    card(sat, "A job runs").get_by_role("textbox").fill("26")
    card(sat, "A job runs").get_by_role("button").click()
    says(sat, "A job runs", "Not right")
    for width in (1280, 320):
        sat.page.set_viewport_size({"width": width, "height": 900})
        sat.settle()
        field = card(sat, "A job runs").get_by_role("textbox").bounding_box()
        unit = card(sat, "A job runs").locator(".lq-typed span").bounding_box()
        assert field["x"] + field["width"] <= unit["x"], "the number stands before its unit"
        assert abs(field["y"] - unit["y"]) < field["height"], "and on one line with it"
        assert sat.page.evaluate(NARROW) == []
        sat.screenshot(f"quiz-rtl-{width}", ".lq")
    assert sat.axe() == []


NARROW = """() => {
  const wide = [];
  for (const area of document.querySelectorAll('.jp-OutputArea-output')) {
    const edge = area.getBoundingClientRect();
    for (const part of area.querySelectorAll('.lq, .lq *, table, p, li, div[role=status], summary')) {
      if (part.closest('[role=region]') && part.tagName !== 'DIV') continue;
      const box = part.getBoundingClientRect();
      if (box.width && (box.right > edge.right + 1 || box.left < edge.left - 1))
        wide.push(`${part.tagName}.${part.className} ${box.left}-${box.right} in ${edge.left}-${edge.right}`);
    }
    if (area.scrollWidth > area.clientWidth + 1) wide.push(`${area.className} ${area.scrollWidth}`);
  }
  return wide;
}"""
