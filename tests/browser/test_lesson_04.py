"""Lesson 04 in a real browser: servers take the wait away, the line comes and goes, and numbers are judged."""

from visit import judged, readable, says, visit

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l04_servers import servers_lab\nservers_lab()",
    'from lessons_lib.quiz import quiz\nquiz("04", measured={"l04-floor": 96.0})',
]
LINES = "document.querySelectorAll('.lm-chart .mark-line.role-mark path[d*=L]').length"


def test_the_whole_lesson(desk):
    visit(desk, "04_why_more_servers_do_not_help")


def test_servers_and_fan_out_meet_the_deadline_and_the_numbers_are_judged(parts):
    says(parts, "(theory: 39.3 %)")
    parts.page.get_by_role("slider", name="Servers of each service").press("End")
    says(parts, "(theory: 99.3 %)")
    parts.page.wait_for_function(f"{LINES} === 1")
    parts.page.get_by_role("slider", name="Fan-out").press("End")
    says(parts, "(theory: 50.9 %)")
    parts.page.get_by_role("combobox", name="Service time").press("End")
    says(parts, "No line: M/M/c needs exponential")
    parts.page.wait_for_function(f"{LINES} === 0")
    readable(parts, "servers-lab")
    parts.page.get_by_role("slider", name="Servers of each service").press("Home")
    parts.page.get_by_role("slider", name="Calls per second").press("End")
    says(parts, "Unstable: 28 times the work")

    cases = (
        ("asks 50 services", "50", "You added the chances up"),
        ("asks 50 services", "60.5", "The question asks for the others"),
        ("asks 50 services", "39.5", "All 50 are quick with"),
        ("ONNX Runtime took over", "0.096", "divided seconds by"),
        ("ONNX Runtime took over", "97", "No skill"),
    )
    judged(parts, cases)
