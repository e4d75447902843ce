"""Lesson 08 in a real browser: the lab tells what a mean cannot hear; a figure from it is judged."""

from visit import judged, readable, show, visit

SETUP = "import lessons_lib; lessons_lib.setup()"
LAB = "from lessons_lib.labs.l08_alarms import alarm_lab\nalarm_lab()"
QUIZ = 'from lessons_lib.quiz import quiz\nquiz("08", measured={"l08-passed": 2.06})'


def says(desk, text):
    desk.page.wait_for_function(
        "text => document.querySelector('.lm-status').textContent.includes(text)", arg=text
    )


def test_the_whole_lesson(desk):
    visit(desk, "08_fire_alarms")
    for state in ("firing", "inactive"):
        assert desk.page.get_by_role("cell", name=state).count()


def test_the_sliced_temperature_rings_where_the_mean_of_the_answers_does_not(desk):
    show(desk, "alarms", [SETUP, LAB])
    desk.marks()
    desk.page.get_by_role("slider", name="Threshold").press("End")
    says(desk, "rings on 0 of 14 days")
    desk.page.get_by_role("combobox", name="Watch").select_option("the temperatures")
    desk.page.get_by_role("combobox", name="The mean of").select_option("each airline")
    says(desk, "rings on 0 of 14 days")
    slider = desk.page.get_by_role("slider", name="Threshold")
    slider.press("Home")
    for _ in range(3):
        slider.press("ArrowRight")
    says(desk, "rings on 14 of 14 days")
    says(desk, "would have rung 0 times")
    readable(desk, "alarm-lab")


def test_a_figure_of_the_lab_and_one_of_the_run_are_judged(desk):
    show(desk, "alarm-quiz", [SETUP, QUIZ])
    cases = (
        ("20 inputs of a service", "5", "That is one alarm alone"),
        ("20 inputs of a service", "64 %", "is the price of dynamic inference"),
        ("In your table of the fortnight", "0.0206", "as a number from 0 to 1"),
        ("In your table of the fortnight", "2.1", "It rings with the first window"),
    )
    judged(desk, cases)
