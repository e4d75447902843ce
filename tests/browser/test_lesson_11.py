"""Lesson 11 in a real browser: the lab under attack, numbers with replies of their own, the certificate."""

from datetime import date

import pytest
from desk import Desk
from visit import judged, readable, show, status, visit

from lessons_lib import capstone
from lessons_lib.record import certificate

SETUP = "import lessons_lib; lessons_lib.setup()"
LAB = "from lessons_lib.labs.l11_design import design_lab\ndesign_lab()"
QUIZ = 'from lessons_lib.quiz import quiz\nquiz("11", measured={"l11-lost": 4.5})'


def test_the_whole_lesson(desk):
    visit(desk, "11_capstone")


def test_broken_inputs_show_in_the_lab_and_its_numbers_get_replies(desk):
    show(desk, "design", [SETUP, LAB, QUIZ])
    desk.marks()
    assert "broken inputs" not in status(desk)
    before = status(desk)
    choice = desk.page.get_by_role("combobox", name="What happens")
    choice.select_option("Upstream inputs are broken")
    desk.page.wait_for_function(
        "said => document.querySelector('.lm-status').textContent !== said", arg=before
    )
    assert "broken inputs" in status(desk)
    readable(desk, "design-lab")
    cases = (
        ("second smallest to the second largest", "10", "one side alone"),
        ("second smallest to the second largest", "20.5", "You counted 39 places"),
        ("second smallest to the second largest", "20", "a tenth"),
        ("hurts it most", "0.75", "That is a sixth"),
        ("hurts it most", "4.5", "how much it may cost"),
    )
    judged(desk, cases)


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_the_certificate_can_be_read_by_everybody_and_printed(started_browser, tmp_path, medium):
    forecast = capstone.Forecast(p99=0.5, cost=3.0, coverage=0.99)
    shop = capstone.WORLDS["shop"]
    grade = capstone.submit(
        shop, shop.example(), forecast, "Client: a shop.\nDecision: both paths."
    )
    data = certificate.contents("Ada Example", [grade], date(2026, 3, 9))
    page = started_browser.new_page()
    page.set_viewport_size({"width": 700, "height": 900})
    page.emulate_media(media=medium, color_scheme="dark")
    page.set_content(certificate.markup(data))
    found = Desk.axe(type("Page", (), {"page": page}), "html")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.screenshot(path=f"screenshots/certificate-{medium}.png", full_page=True)
    page.close()
    assert found == []
    assert wide <= 700
