"""Lesson 03 in a real browser: the load lab tells what the closed loop left out; numbers are judged."""

import httpx
from visit import judged, readable, says, visit

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l03_load import load_lab\nload_lab()",
    'from lessons_lib.quiz import quiz\nquiz("03", measured={"l03-rate": 250.0})',
]
POINTS = "document.querySelectorAll('.lm-chart .mark-symbol.role-mark path').length"


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


def test_the_closed_loop_stays_calm_until_both_are_shown(parts):
    says(parts, "The closed loop reports a p99 of 5")
    parts.page.get_by_role("slider", name="Stall").press("End")
    parts.wait_for_panels()
    says(parts, "The closed loop reports a p99 of 5")
    alone = parts.page.evaluate(POINTS)
    parts.page.get_by_role("combobox", name="Show").press("Home")
    says(parts, "left out")
    parts.page.wait_for_function(f"alone => {POINTS} > alone", arg=alone)
    parts.page.get_by_role("slider", name="Service time").press("End")
    says(parts, "Unstable")
    readable(parts, "load-lab")


def test_the_rate_is_judged_by_the_time_that_was_measured(parts):
    cases = (
        ("in your table of costs", "40", "Ask how many of your measured times"),
        ("in your table of costs", "0.25", "That is the number in a millisecond"),
        ("in your table of costs", "15000", "That is the number in a minute"),
        ("in your table of costs", "248", "has 1,000 ms in a second"),
    )
    judged(parts, cases)
