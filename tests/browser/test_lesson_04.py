"""Lesson 04 in a real browser: servers take the wait away, the line comes and goes, and numbers are judged."""

from visit import visit

LAB = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l04_servers import servers_lab\nservers_lab()",
    'from lessons_lib.quiz import quiz\nquiz("04", measured={"l04-floor": 96.0})',
]
LINES = "document.querySelectorAll('.lm-chart .mark-line.role-mark path[d*=L]').length"


def says(desk, text):
    desk.page.wait_for_function(
        "text => document.querySelector('.lm-status').textContent.includes(text)", arg=text
    )


def answers(desk, asked, cases):
    card = desk.page.locator(".lq-card").filter(has_text=asked)
    for typed, told in cases:
        card.get_by_role("textbox").fill(typed)
        card.get_by_role("button", name="Check").click()
        card.get_by_role("status").get_by_text(told).wait_for()


def test_the_whole_lesson(desk):
    visit(desk, "04_why_more_servers_do_not_help")


def test_servers_and_fan_out_meet_the_deadline_and_the_numbers_are_judged(desk):
    desk.write("servers", LAB)
    desk.open("servers")
    desk.run_all()
    assert desk.errors() == []
    desk.marks()
    says(desk, "(theory: 39.3 %)")
    desk.page.get_by_role("slider", name="Servers of each service").press("End")
    says(desk, "(theory: 99.3 %)")
    desk.page.wait_for_function(f"{LINES} === 1")
    desk.page.get_by_role("slider", name="Fan-out").press("End")
    says(desk, "(theory: 50.9 %)")
    desk.page.get_by_role("combobox", name="Service time").press("End")
    says(desk, "No line: M/M/c needs exponential")
    desk.page.wait_for_function(f"{LINES} === 0")
    for theme in ("light", "dark"):
        desk.theme(theme)
        assert desk.axe() == []
        desk.screenshot(f"servers-lab-{theme}", ".lm-panel")
    desk.page.get_by_role("slider", name="Servers of each service").press("Home")
    desk.page.get_by_role("slider", name="Calls per second").press("End")
    says(desk, "Unstable: 28 times the work")

    pages = (("50", "You added the chances up"), ("60.5", "The question asks for the others"))
    answers(desk, "asks 50 services", [*pages, ("39.5", "All 50 are quick with")])
    answers(desk, "ONNX Runtime took over", [("0.096", "divided seconds by"), ("97", "No skill")])
