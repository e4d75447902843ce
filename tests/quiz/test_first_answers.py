"""What the questions of lessons 00 to 02 take for true is tried: by a run, or by their own numbers."""

import pytest

from lessons_lib.answer import Answer, VirtualClock
from lessons_lib.drive import drive
from lessons_lib.labs import l01_side_by_side as modes
from lessons_lib.labs import l02_gate as gate
from lessons_lib.quiz.bank import find, load

ONE_AIRLINE = "one airline (DL)"


def right(name):
    return {option.text for option in find(name).options if option.right}


def near(name):
    return [miss.value for miss in find(name).near]


@pytest.mark.parametrize("lesson", ["00", "01", "02"])
def test_three_questions_or_more_need_a_number_or_a_run_of_the_learner(lesson):
    needed = [q for q in load(lesson) if q.kind == "number" or q.ask.startswith("In the lab")]
    assert len(needed) >= 3


def test_the_inputs_with_few_requests_unanswered_are_those_of_the_lab():
    labels = {name: modes.demand(inputs).answered for name, inputs in modes.LABELS.items()}
    asked = [option.text for option in find("l01-inputs").options]
    answered = {
        name: next(labels[full] for full in labels if full[:8] == name[:8]) for name in asked
    }
    assert right("l01-inputs") == {name for name in asked if 0.9 < answered[name] < 1}
    assert all(not 0.89 < share < 0.91 for share in answered.values()), "no matter of rounding"


def test_ten_servers_have_no_slack_and_eleven_are_too_few():
    ten, eleven = (modes.Case(0.5, "uniform", 20, servers).dynamic for servers in (10, 11))
    assert not ten.stable
    assert eleven.stable
    assert eleven.p99 > 1
    assert near("l01-servers") == [10, 11]
    assert modes.fewest_servers(latency=0.5, rate=20) == 12


def test_the_age_on_demand_is_the_time_of_the_model_and_not_the_wait():
    minute, clock = 60.0, VirtualClock()

    class Model:
        def answer(self, request):
            asked = clock()
            clock.sleep(request * minute)
            return Answer(0.5, "model", clock() - asked)

    # One client has the server for ten minutes more; the next one's own prediction takes twenty.
    run = drive(Model(), [10, 20], [0.0, 0.0], clock)
    assert run.finish[1] == 30 * minute
    assert right("l01-fresh") == {f"{run.age[1] / minute:.0f} minutes"}


def test_a_model_of_a_quarter_of_a_second_needs_next_to_no_slack_with_fifty_servers():
    fewest = modes.fewest_servers(latency=0.25, rate=200)
    assert 50 < fewest <= 53


def test_the_widest_bound_has_its_neighbours_as_near_misses():
    changes = gate.largest_changes(ONE_AIRLINE, 1.0, "each airline")
    answers = {}
    for bound in gate.BOUNDS:
        good, faulty = (int((changes[kind] > bound).sum()) for kind in gate.KINDS)
        answers[good] = faulty
    wanted = gate.false_alarms(ONE_AIRLINE, 1.0, "each airline")
    wider, narrower = near("l02-bound")
    assert (answers[narrower], answers[wanted], answers[wider]) == (48, 48, 47)
    assert narrower > wanted > wider


def test_the_good_tables_that_are_refused_are_of_the_months_in_the_question():
    good = gate.largest_changes(ONE_AIRLINE, 0.5, "all rows together").set_index("date")
    good = good["good table"]
    first, second = good.index[good > 0.05]
    assert right("l02-refused") == {f"In {first:%B} and in {second:%B}"}
    assert 0.27 < (good > 0.02).mean() < 0.34, "nearly every third"


def test_the_nights_without_a_publish_are_counted_from_the_age():
    ages = {9 + 24 * nights: nights for nights in range(6)}
    words = ["None", "One", "Two", "Three", "Four"]
    assert right("l02-age") == {words[ages[81]]}


def test_only_one_list_is_too_long_for_the_night():
    rows = {"shops": 800 * 4_000, "delays": 2_500 * 1_440, "cities": 50_000 * 365}
    assert [name for name, count in rows.items() if count > 10_000_000] == ["cities"]
    assert {text.split()[1] for text in right("l02-endless")} == {"mood", "rainfall"}


def test_the_table_pays_from_a_fiftieth_of_its_rows_on():
    assert right("l02-waste") == {f"From {10_000_000 // 50:,} on"}
