"""Lesson 03 in a real browser: the load lab tells what the closed loop left out; numbers are judged."""

import httpx
from visit import visit

LAB = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l03_load import load_lab\nload_lab()",
]
QUIZ = 'from lessons_lib.quiz import quiz\nquiz("03", measured={"l03-rate": 250.0})'
POINTS = "document.querySelectorAll('.lm-chart .mark-symbol.role-mark path').length"


def says(desk, text):
    desk.page.wait_for_function(
        "text => document.querySelector('.lm-status').textContent.includes(text)", arg=text
    )


def test_the_whole_lesson_leaves_a_service_that_can_be_tried(desk):
    visit(desk, "03_on_demand")
    address = desk.page.locator("a[href$='/docs']").get_attribute("href")
    assert httpx.get(address, trust_env=False).status_code == 200, "it is alive at the end"
    frame = desk.page.frame_locator("iframe[title='Swagger page of the service']")
    route = frame.locator(".opblock-post").filter(has_text="/predict")
    route.locator(".opblock-summary-control").click()
    route.get_by_role("button", name="Try it out").click()
    route.get_by_role("button", name="Execute").click()
    live = route.locator(".live-responses-table .response")
    status = live.locator(".response-col_status").inner_text().split()[0]
    assert status in ("200", "422"), "what Swagger proposes need not be a flight"
    desk.screenshot("service-in-a-frame", "iframe")


def test_the_closed_loop_stays_calm_until_both_are_shown(desk):
    desk.write("load", LAB)
    desk.open("load")
    desk.run_all()
    assert desk.errors() == []
    desk.marks()
    says(desk, "The closed loop reports a p99 of 5")
    desk.page.get_by_role("slider", name="Stall").press("End")
    says(desk, "The closed loop reports a p99 of 5")
    alone = desk.page.evaluate(POINTS)
    desk.page.get_by_role("combobox", name="Show").press("Home")
    says(desk, "left out")
    desk.page.wait_for_function(f"alone => {POINTS} > alone", arg=alone)
    desk.page.get_by_role("slider", name="Service time").press("End")
    says(desk, "Unstable")
    for theme in ("light", "dark"):
        desk.theme(theme)
        assert desk.axe() == []
        desk.screenshot(f"load-lab-{theme}", ".lm-panel")


def test_the_rate_is_judged_by_the_time_that_was_measured(desk):
    desk.write("rate", [QUIZ])
    desk.open("rate")
    desk.run_all()
    card = desk.page.locator(".lq-card").filter(has_text="in your table of costs")
    for typed, told in (
        ("40", "Ask how many of your measured times"),
        ("0.25", "That is the number in a millisecond"),
        ("15000", "That is the number in a minute"),
        ("248", "has 1,000 ms in a second"),
    ):
        card.get_by_role("textbox").fill(typed)
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()
