"""The quiz in a real JupyterLab: keys, feedback, memory, a dead kernel, and what the file keeps."""

import json
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter

from lessons_lib.cli import working_copy
from lessons_lib.record import catalogue

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
    "The keys are known in advance",
    "That is the greatest age",
    "inputs are 2 h old",
)


CELLS = [BANK, QUIZ, PREDICT, "p1.reveal(41.2)", "dashboard()", *CHECKS]


@pytest.fixture
def lonely(desk):
    """A desk of its own with the example bank's quiz on the page."""
    desk.write("lonely", CELLS)
    desk.open("lonely")
    return asked(desk)


@pytest.fixture(scope="module")
def opened(shared_desk):
    shared_desk.write("quiz", CELLS)
    shared_desk.open("quiz")
    return shared_desk


@pytest.fixture
def sat(opened):
    """The same, for tests that leave kernel and page as they were: nothing is answered yet."""
    opened.lab.progress.unlink(missing_ok=True)
    return asked(opened)


def asked(desk):
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


def place(desk, part, text):
    """Where an option stands: each learner has an order of their own."""
    return [text in one for one in card(desk, part).locator(".lq-option").all_inner_texts()].index(
        True
    )


def answer_by_keyboard(sat):
    keys = sat.page.keyboard
    sat.page.locator(".jp-Notebook").first.focus()
    for _ in range(80):
        if focus_is_in(sat, "a new key"):
            break
        keys.press("Tab")
    keys.press("Space")
    at = place(sat, "a new key", "The prediction of")
    for _ in range(at):
        keys.press("ArrowDown")
    keys.press("Enter")
    says(sat, "a new key", "It knows no similarity")
    assert status(sat, "a new key").inner_text().startswith("Not right.")
    keys.press("ArrowDown")
    assert status(sat, "a new key").inner_text() == ""
    for _ in range((place(sat, "a new key", "A miss, which") - at - 1) % 3):
        keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Space")
    says(sat, "a new key", "Only what was computed ahead of time")
    keys.press("Tab")
    for _ in range(place(sat, "Which of these can a gate", "Every key")):
        keys.press("Tab")
    keys.press("Space")
    keys.press("Enter")
    says(sat, "Which of these can a gate", "One right answer is missing.")
    while (
        not card(sat, "A job runs every 24 h")
        .get_by_role("textbox")
        .evaluate("field => field === document.activeElement")
    ):
        keys.press("Tab")
    keys.type("840")
    keys.press("Enter")
    says(sat, "A job runs every 24 h", "That is in minutes.")
    assert (
        status(sat, "A job runs every 24 h").inner_text().startswith("Not right: look at the unit")
    )
    keys.press("Control+A")
    keys.type("14,0 h")
    keys.press("Enter")
    says(sat, "A job runs every 24 h", "Right.")
    assert focus_is_in(sat, "A job runs every 24 h"), "what is kept below takes no focus away"


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


def test_answers_survive_a_reload_and_a_restart(lonely):
    card(lonely, "a new key").get_by_label("A miss, which").check()
    card(lonely, "a new key").get_by_role("button").click()
    says(lonely, "a new key", "Right.")
    card(lonely, "A job runs").get_by_role("textbox").fill("26")
    card(lonely, "A job runs").get_by_role("button").click()
    says(lonely, "A job runs", "That is the greatest age")
    lonely.save()
    lonely.reload()
    see_the_answers(lonely)
    lonely.restart_kernel()
    lonely.reload()
    lonely.run_all()
    see_the_answers(lonely)


def see_the_answers(sat):
    says(sat, "a new key", "Right.")
    assert card(sat, "a new key").get_by_label("A miss, which").is_checked()
    says(sat, "A job runs", "Not right: 26 h.")
    assert card(sat, "A job runs").get_by_role("textbox").input_value() == "26"


def test_a_click_without_a_kernel_says_so_within_three_seconds(lonely):
    for end in (lonely.restart_kernel, lonely.stop_kernel):
        end()
        card(lonely, "a new key").get_by_label("A miss, which").check()
        card(lonely, "a new key").get_by_role("button").click()
        says(lonely, "a new key", "No answer from Python.", seconds=3)
        assert "Run All Cells" in status(lonely, "a new key").inner_text()
        card(lonely, "a new key").get_by_label("The model's").check()
        assert status(lonely, "a new key").inner_text() == ""


def test_a_prediction_is_committed_and_compared(sat):
    folded = sat.page.locator(
        "details", has_text="You made no prediction: commit first, then look."
    )
    told = folded.get_by_text("The run gave 41.2 times.")
    assert not told.is_visible()
    folded.locator("summary").press("Enter")
    told.wait_for()
    assert sat.page.locator(".vega-embed").count() == 0, "there is no guess to draw"
    card(sat, "one row").get_by_role("textbox").fill("300")
    card(sat, "one row").get_by_role("button", name="Commit").click()
    says(sat, "one row", "marked as made after the fact")
    card(sat, "one row").get_by_role("textbox").fill("41")
    assert card(sat, "one row").get_by_role("textbox").input_value() == "300"
    sat.run_all()
    sat.page.get_by_text("You predicted 300 times after the run had been shown").wait_for()


def commit(desk, part, typed):
    card(desk, part).get_by_role("textbox").fill(typed)
    card(desk, part).get_by_role("button", name="Commit").click()


def test_a_typo_is_corrected_until_the_reveal_and_guess_and_outcome_are_drawn(desk):
    desk.write("typo", [BANK, PREDICT, "p1.reveal(41.2)", "dashboard()"])
    desk.open("typo")
    desk.run_cell(0)
    desk.run_cell(1)
    commit(desk, "one row", "-300")
    says(desk, "one row", "-300 times cannot be. Give a number of 0 times or more.")
    commit(desk, "one row", "300")
    says(desk, "one row", "you can change it")
    commit(desk, "one row", "30")
    says(desk, "one row", "Committed: 30 times.")
    desk.run_cell(2)
    desk.page.get_by_text("You predicted 30 times, the run gave 41.2 times.").wait_for()
    says(desk, "one row", "it stays")
    card(desk, "one row").get_by_role("textbox").fill("41")
    assert card(desk, "one row").get_by_role("textbox").input_value() == "30"
    drawn = desk.page.locator(".vega-embed svg")
    drawn.wait_for()
    for text in ("your guess", "the run", "30 times", "41.2 times"):
        assert drawn.get_by_text(text, exact=True).count() == 1
    desk.run_cell(3)
    desk.page.get_by_text("27 % too low").first.wait_for()
    assert desk.errors() == []
    for theme in ("light", "dark"):
        desk.theme(theme)
        desk.screenshot(f"reveal-{theme}")
        assert desk.axe() == []
    assert "Your guess: 30 times. The run: 41.2 times." in json.dumps(desk.save())


def exported(desk):
    """The page that nbconvert makes of the notebook, as it was saved."""
    notebook = nbformat.reads(json.dumps(desk.save()), as_version=4)
    return HTMLExporter().from_notebook_node(notebook)[0]


def test_an_export_holds_the_questions_with_what_was_answered(sat):
    give(card(sat, "a new key"), "A miss, which")
    says(sat, "a new key", "Right.")
    give(card(sat, "gate check"), "Clients act")
    says(sat, "gate check", "Not right")
    commit(sat, "one row", "300")
    says(sat, "one row", "Committed")
    assert not sat.page.get_by_text("What you answered").first.is_visible(), "the quiz shows it"
    page = exported(sat)
    for part in (
        "A client asks for a new key",
        "The model&#39;s prediction|The model's prediction",
    ):
        assert any(one in page for one in part.split("|"))
    assert "Only what was computed ahead of time can be served." in page
    assert "That shows only once they are served." in page
    assert "Committed: 300 times" in page
    assert "It knows no similarity" not in page, "only what was chosen is explained"


LAB = """import altair as alt, numpy as np
import lessons_lib; lessons_lib.setup()
from lessons_lib.charts import LivePanel, Slider, View
def lab(settings):
    return View({"rows": {"x": np.arange(5), "y": settings["servers"] * np.arange(5)}},
                f"The queue settles with {settings['servers']} servers.")
chart = alt.Chart(alt.NamedData("rows"), width=300, height=100).mark_line().encode(x="x:Q", y="y:Q")
servers = Slider("servers", "Servers", value=2, start=1, stop=9, step=1)
LivePanel(chart, [servers], lab, title="A queue", description="A line.")"""


def test_an_export_holds_a_labs_settings_and_finding_as_they_were_left(desk):
    desk.write("left", [LAB])
    desk.open("left")
    desk.run_all()
    slider = desk.page.get_by_role("slider", name="Servers")
    for _ in range(3):
        slider.press("ArrowRight")
    kept = desk.page.locator(".lm-kept")
    desk.page.wait_for_function("document.querySelectorAll('.lm-kept img').length === 1")
    assert not kept.is_visible(), "the panel shows it"
    page = exported(desk)
    assert "A queue (Servers: 2). The queue settles with 2 servers." in page
    assert "As you left it: A queue (Servers: 5). The queue settles with 5 servers." in page
    assert desk.errors() == []


def test_a_working_copy_opens_without_outputs(desk):
    copied = working_copy.blank(catalogue.NOTEBOOKS / "00_start_here.ipynb")
    (desk.lab.folder / "mine.ipynb").write_bytes(copied)
    desk.open("mine")
    assert desk.page.locator(".jp-Cell").count() > 20
    assert desk.page.locator(".jp-OutputArea-output").count() == 0
    desk.screenshot("working-copy")


def test_it_can_be_read_in_both_themes_and_the_file_keeps_no_answer_but_those_given(sat):
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
    sat.page.evaluate("document.documentElement.removeAttribute('dir')")
    sat.page.evaluate("document.body.removeAttribute('dir')")
    sat.page.set_viewport_size({"width": 1280, "height": 900})


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
