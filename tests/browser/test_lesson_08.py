"""Lesson 08 in a real browser: the lab tells what a mean cannot hear; a figure from it is judged."""

from visit import judged, readable, says, visit

PARTS = [
    "import lessons_lib; lessons_lib.setup()",
    "from lessons_lib.labs.l08_alarms import alarm_lab\nalarm_lab()",
    'from lessons_lib.quiz import quiz\nquiz("08", measured={"l08-passed": 2.06})',
]


def test_the_whole_lesson(desk):
    visit(desk, "08_fire_alarms")
    for state in ("firing", "inactive"):
        assert desk.page.get_by_role("cell", name=state).count()


def test_the_sliced_temperature_rings_where_the_mean_of_the_answers_does_not(parts):
    parts.page.get_by_role("slider", name="Threshold").press("End")
    says(parts, "rings on 0 of 14 days")
    parts.page.get_by_role("combobox", name="Watch").select_option("the temperatures")
    parts.page.get_by_role("combobox", name="The mean of").select_option("each airline")
    says(parts, "rings on 0 of 14 days")
    slider = parts.page.get_by_role("slider", name="Threshold")
    slider.press("Home")
    for _ in range(3):
        slider.press("ArrowRight")
    says(parts, "rings on 14 of 14 days")
    says(parts, "would have rung 0 times")
    readable(parts, "alarm-lab")


def test_a_figure_of_the_lab_and_one_of_the_run_are_judged(parts):
    cases = (
        ("20 inputs of a service", "5", "That is one alarm alone"),
        ("20 inputs of a service", "64 %", "is the price of dynamic inference"),
        ("In your table of the fortnight", "0.0206", "as a number from 0 to 1"),
        ("In your table of the fortnight", "2.1", "It rings with the first window"),
    )
    judged(parts, cases)
