"""Lesson 09 in a real browser: the attack with a defence on and off, and the run that is done for nobody."""

from visit import judged, readable, status, visit

from lessons_lib.labs import l09_replay

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l09_attack import attack_lab\nattack_lab()",
    'from lessons_lib.quiz import quiz\nquiz("09", measured={"l09-quarter": 640})',
]


def test_the_whole_lesson(desk):
    visit(desk, "09_hybrid_under_attack")


def test_a_defence_switched_on_ends_the_outage(parts):
    assert "the outage outlives its cause" in status(parts)
    for label, choice, told in (
        ("And", "single flight", "it was over"),
        ("Late runs", "twice, without a budget", "outlives its cause"),
        ("Late runs", "twice, within a budget", "it was over"),
        ("Attack", "The model hangs for 20 s", "in the last minute"),
        ("At most 8 runs", "on", "in the last minute"),
    ):
        parts.page.get_by_role("combobox", name=label).select_option(choice)
        parts.wait_for_panels()
        assert told in status(parts)
    readable(parts, "attack-lab")


def test_the_number_from_the_replay_and_a_belief_get_replies_of_their_own(parts):
    cases = (
        ("the upper lane", str(l09_replay.first_of("miss")), "the first that misses"),
        ("the upper lane", str(l09_replay.first_of("wasted")), "longer than a client's patience"),
        ("four servers", "20", "Four more are running"),
        ("a quarter of the rows", "640", "Three quarters of the rows"),
    )
    judged(parts, cases)
    card = parts.page.locator(".lq-card").filter(has_text="Ten minutes after a flush")
    for option, told in (("Double the cache", "not room"), ("Drop the runs", "for clients who")):
        card.get_by_label(option).check()
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()
