"""Lesson 06 in a real browser: the whole of it, and the lab's sentence, which follows its controls."""

from visit import visit

SETUP = "import lessons_lib; lessons_lib.setup()"
LAB = "from lessons_lib.labs.l06_refresh import refresh_lab\nrefresh_lab()"


def test_the_whole_lesson(desk):
    visit(desk, "06_how_stale_is_stale")


def test_the_labs_sentence_follows_its_controls(desk):
    desk.write("refresh", [SETUP, LAB])
    desk.open("refresh")
    desk.run_all()
    assert desk.errors() == []
    desk.marks()
    assert "every key once in 20 h" in status(desk)
    for name, told in (
        ("Every key once in", "every key once in 1.5 d"),
        ("Job time", "By changes is worse"),
        ("Changes of a key", "By changes is worse"),
        ("Skew", "at best"),
    ):
        before = status(desk)
        desk.page.get_by_role("slider", name=name).press("ArrowRight")
        desk.page.wait_for_function(
            "said => document.querySelector('.lm-status').textContent !== said", arg=before
        )
        assert told in status(desk)
    for theme in ("light", "dark"):
        desk.theme(theme)
        assert desk.axe() == []
        desk.screenshot(f"refresh-lab-{theme}", ".lm-panel")


def status(desk):
    return desk.page.locator(".lm-status").text_content()
