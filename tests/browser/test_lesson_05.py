"""Lesson 05 in a real browser: the lab says when its theory holds, and numbers get their own reply."""

from visit import judged, readable, status, visit

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l05_tail import tail_lab\ntail_lab()",
    'from lessons_lib.quiz import quiz\nquiz("05", measured={"l05-next": 68.4})',
]


def test_the_whole_lesson(desk):
    visit(desk, "05_the_long_tail")


def test_the_lab_draws_its_theory_only_where_it_holds(parts):
    assert "Grey line: theory" in status(parts)
    for name, told in (
        ("Never-seen requests", "None can pass 95 %"),
        ("Keys replaced in the run", "No theory line"),
        ("Room for", "With room for 200 entries"),
        ("Skew", "With room for 200 entries"),
    ):
        parts.page.get_by_role("slider", name=name).press("ArrowRight")
        parts.wait_for_panels()
        assert told in status(parts)
    readable(parts, "tail-lab")


def test_a_near_miss_a_unit_and_a_false_belief_get_replies_of_their_own(parts):
    cases = (
        ("six keys were asked for", "80", "That is the share of the log"),
        ("six keys were asked for", "50 %", "Three of six keys are half of the keys"),
        ("six keys were asked for", "68", "0.80 times 0.85"),
        ("how many of the next 1,000", "0.0684", "That is the share itself"),
        ("how many of the next 1,000", "68", "It needs no look at the future"),
    )
    judged(parts, cases)
    card = parts.page.locator(".lq-card").filter(has_text="1,900 different keys a day")
    for option, told in (("About 45 %", "grew in line with the room"), ("About 2 %", "cliff")):
        card.get_by_label(option).check()
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()
