"""Lesson 01 in a real browser: the founding examples, reached in the flagship lab by keyboard alone."""

from visit import judged, says, visit

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l01_both_modes import flagship\nflagship()",
    """from lessons_lib.quiz import predict, quiz
quiz("01", only=["l01-servers", "l01-break-even", "l01-capacity"], measured={"l01-capacity": 400.0})""",
    'guess = predict("l01-p1")',
    "guess.reveal(20.8)",
]
LINES = "document.querySelectorAll('.lm-chart .mark-line.role-mark path').length"


def control(desk, role, name):
    return desk.page.get_by_role(role, name=name)


def test_the_whole_lesson(desk):
    visit(desk, "01_one_hour_or_two_milliseconds")


def test_one_hour_and_two_milliseconds_are_reached_and_true(parts):
    says(parts, "Either mode serves this case", "99 % within 2 ms")
    assert parts.page.evaluate(LINES) == 4, "two modes in two charts"
    height = parts.page.locator(".lm-panel").bounding_box()["height"]
    see(parts, "two-ms")

    control(parts, "slider", "Model latency").press("End")
    says(parts, "Dynamic is unstable", "% over a day", "will do (the job takes")
    assert control(parts, "slider", "Model latency").get_attribute("aria-valuetext") == "1 h"
    assert parts.page.evaluate(LINES) == 3, "no percentiles where the queue only grows"
    assert parts.page.locator(".lm-chart").get_by_text("unstable").count() == 1
    see(parts, "one-hour")

    control(parts, "slider", "Requests per second").press("Home")
    control(parts, "slider", "Servers").press("End")
    says(parts, "nobody waits less than the model's own 1 h, with any number of servers")
    control(parts, "combobox", "Input distribution").select_option(
        label="sentences of film reviews"
    )
    says(parts, "Neither mode serves this case")
    control(parts, "slider", "Model latency").press("Home")
    says(parts, "Dynamic serves this case", "leaves 100 % of them without one")
    assert parts.page.locator(".lm-panel").bounding_box()["height"] == height


def see(desk, name):
    """Look at the lab in both themes, with its table open."""
    desk.page.locator(".lm-panel details").evaluate("part => (part.open = true)")
    for theme in ("dark", "light"):
        desk.theme(theme)
        assert desk.axe() == []
        desk.screenshot(f"flagship-{name}-{theme}", ".lm-panel")
    desk.page.locator(".lm-panel details").evaluate("part => (part.open = false)")


def test_numbers_of_the_lab_and_of_the_clock_are_judged(parts):
    cases = (
        ("20 requests a second", "10", "the lab says so"),
        ("20 requests a second", "11", "more than 1 % of the answers come later"),
        ("20 requests a second", "12", "more servers gain little"),
        ("100,000 products", "1", "a day brings 86,400 requests"),
        ("100,000 products", "1.2", "the point hardly moves"),
        ("the model time that your cell", "0.4", "You divided by milliseconds"),
        ("the model time that your cell", "410", "you stay well below it"),
    )
    judged(parts, cases)


def test_a_prediction_is_committed_before_the_run_and_told_after_it(parts):
    card = parts.page.locator(".lq-card").filter(
        has=parts.page.get_by_role("button", name="Commit")
    )
    box = card.get_by_role("textbox")
    assert "You made no prediction: commit first, then look." in outputs(parts)
    assert "20.8" not in outputs(parts), "it is folded"
    box.fill("3 h")
    box.press("Enter")
    card.get_by_role("status").get_by_text("Committed: 0.125 days").wait_for()
    parts.run_cell(4)
    assert "after the run had been shown, the run gave 20.8 days" in outputs(parts)


def outputs(desk):
    """What the last cell, the reveal, shows."""
    last = desk.page.locator(".jp-CodeCell").last
    return " ".join(last.locator(".jp-OutputArea-output").all_inner_texts())
