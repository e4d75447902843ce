"""Lesson 07 in a real browser: the border moves with its controls, and wrong answers get their own reply."""

from visit import judged, readable, status, visit

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l07_surface import surface_lab\nsurface_lab()",
    'from lessons_lib.quiz import quiz\nquiz("07", measured={"l07-prompt": 2.136})',
]


def test_the_whole_lesson(desk):
    visit(desk, "07_what_does_it_cost")


def test_the_border_of_the_lab_moves_and_can_be_read_in_both_themes(parts):
    assert "from this many requests per key" in status(parts)
    for name, key, told in (
        ("One run of the model", "End", "0.518, where a row costs half"),
        ("Keys", "Home", "dearer everywhere"),
        ("Keys", "End", "0.518, where a row costs half"),
        ("Stale answers", "End", "dearer everywhere"),
    ):
        parts.page.get_by_role("slider", name=name).press(key)
        parts.page.locator(".lm-status").get_by_text(told).wait_for()
    parts.page.get_by_role("slider", name="Stale answers").press("Home")
    parts.page.get_by_label("Live servers for").select_option(label="the peak, p99 within 5 runs")
    parts.page.locator(".lm-status").get_by_text("0.229, where a row costs half").wait_for()
    readable(parts, "surface-lab")


def test_a_near_miss_and_a_false_belief_get_replies_of_their_own(parts):
    cases = (
        ("20 requests a second", "5", "the queue grows without end"),
        ("at half the price of a live call", "4.27", "That is without the half price"),
        ("at half the price of a live call", "2.1", "needs more requests before a table pays"),
    )
    judged(parts, cases)
    card = parts.page.locator(".lq-card").filter(has_text="2,000,000 customers")
    for option, told in (
        ("The table, by a factor", "33 rows for each"),
        ("The table, by less", "50,000"),
    ):
        card.get_by_label(option).check()
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()
