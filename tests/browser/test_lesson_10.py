"""Lesson 10 in a real browser: all of it solved, and numbers that get their own reply."""

from visit import judged, show, visit

SETUP = "import lessons_lib; lessons_lib.setup()"
QUIZ = 'from lessons_lib.quiz import quiz\nquiz("10", measured={"l10-bytes": 20.3})'


def test_the_whole_lesson(desk):
    visit(desk, "10_beyond_one_machine")


def test_a_near_miss_and_a_belief_get_replies_of_their_own(desk):
    show(desk, "scale-quiz", [SETUP, QUIZ])
    cases = (
        ("From how many rows on", "343000", "what each partition costs"),
        ("From how many rows on", "300000", "take time as well"),
        ("From how many rows on", "445000", "444,000 rows"),
        ("500 million keys", "40.6 GB", "a billion keys"),
        ("500 million keys", "20.3", "half a billion"),
    )
    judged(desk, cases)
    card = desk.page.locator(".lq-card").filter(has_text="One key alone brings")
    for option, told in (("64 machines", "and 150 others"), ("16 machines", "reach four copies")):
        card.get_by_label(option).check()
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()
