"""Lesson 07 in a real browser: the border moves with its controls, and wrong answers get their own reply."""

from visit import judged, readable, show, status, visit

SETUP = "import lessons_lib; lessons_lib.setup()"
LAB = "from lessons_lib.labs.l07_surface import surface_lab\nsurface_lab()"
QUIZ = 'from lessons_lib.quiz import quiz\nquiz("07", measured={"l07-prompt": 2.136})'


def test_the_whole_lesson(desk):
    visit(desk, "07_what_does_it_cost")


def test_the_border_of_the_lab_moves_and_can_be_read_in_both_themes(desk):
    show(desk, "surface", [SETUP, LAB])
    desk.marks()
    assert "from this many requests per key" in status(desk)
    for name, key, told in (
        ("One run of the model", "End", "0.518, where a row costs half"),
        ("Keys", "Home", "dearer everywhere"),
        ("Keys", "End", "0.518, where a row costs half"),
        ("Stale answers", "End", "dearer everywhere"),
    ):
        desk.page.get_by_role("slider", name=name).press(key)
        desk.page.locator(".lm-status").get_by_text(told).wait_for()
    desk.page.get_by_role("slider", name="Stale answers").press("Home")
    desk.page.get_by_label("Live servers for").select_option(label="the peak, p99 within 5 runs")
    desk.page.locator(".lm-status").get_by_text("0.229, where a row costs half").wait_for()
    readable(desk, "surface-lab")


def test_a_near_miss_and_a_false_belief_get_replies_of_their_own(desk):
    show(desk, "cost-quiz", [SETUP, QUIZ])
    cases = (
        ("20 requests a second", "5", "the queue grows without end"),
        ("at half the price of a live call", "4.27", "That is without the half price"),
        ("at half the price of a live call", "2.1", "needs more requests before a table pays"),
    )
    judged(desk, cases)
    card = desk.page.locator(".lq-card").filter(has_text="2,000,000 customers")
    for option, told in (
        ("The table, by a factor", "33 rows for each"),
        ("The table, by less", "50,000"),
    ):
        card.get_by_label(option).check()
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()
