"""What every store of predictions must do, held against the file-based one and against Redis."""

import math
import threading

import pytest
from static_tables import numbered_keys, write_candidate

from lessons_lib.answer import Answer, Predictor
from lessons_lib.static.errors import NotPublishedError, TableError, UnfinishedError
from lessons_lib.static.job import ScoringJob


def assert_miss(answer):
    assert (answer.value, answer.source) == (None, "default")
    assert math.isnan(answer.age)


def test_a_key_is_answered_with_value_source_and_exact_age(make_store, candidate, clock):
    store = make_store()
    store.publish(candidate({"a": 0.1, "b": 1 / 3}, as_of=4_000.0))
    assert store.lookup("b") == Answer(1 / 3, "table", 6_000.0)
    clock.sleep(60)
    assert store.lookup("b").age == 6_060.0
    assert store.age() == 6_060.0


@pytest.mark.parametrize("key", ["c", "", "A", "a ", "á", "a\x00", "\ud800", "a' OR '1'='1", "5"])
def test_an_unknown_key_is_a_miss_and_never_a_guess(make_store, candidate, key):
    store = make_store()
    store.publish(candidate({"a": 0.1, "b": 0.2}))
    assert_miss(store.lookup(key))
    assert_miss(store.lookup_many(["a", key])[1])


@pytest.mark.parametrize("key", [None, 5, 1.5, b"a", ("a",), math.nan])
def test_a_key_that_is_no_text_is_named(make_store, candidate, key):
    store = make_store()
    store.publish(candidate({"a": 0.1, "5": 0.2}))
    for ask in (lambda: store.lookup(key), lambda: store.lookup_many(["a", key])):
        with pytest.raises(TypeError, match="key_of"):
            ask()


def test_odd_texts_can_be_keys(make_store, candidate):
    values = {"": 0.1, "ü ß 漢": 0.2, "a'b": 0.3, "x" * 5_000: 0.4, "line\nbreak": 0.5}
    store = make_store()
    store.publish(candidate(values))
    assert {key: store.lookup(key).value for key in values} == values


def test_a_missing_value_is_a_miss(make_store, candidate):
    store = make_store()
    store.publish(candidate({"a": None, "b": 0.2}))
    assert_miss(store.lookup("a"))
    assert store.lookup("b").value == 0.2


def test_many_keys_keep_their_order_and_may_repeat(make_store, candidate):
    store = make_store()
    store.publish(candidate({f"k{n}": n / 100 for n in range(100)}, as_of=9_000.0))
    asked = ["k7", "nowhere", "k99", "k7"]
    answers = store.lookup_many(iter(asked))
    assert [answer.value for answer in answers] == [0.07, None, 0.99, 0.07]
    assert [answer.age for answer in answers[::2]] == [1_000.0, 1_000.0]
    assert store.lookup_many([]) == []
    with pytest.raises(TypeError, match="the one key 'k7'"):
        store.lookup_many("k7")


def test_more_keys_than_one_request_may_carry(make_store, candidate):
    values = {f"k{n:05d}": n / 20_000 for n in range(12_001)}
    store = make_store()
    store.publish(candidate(values))
    assert [answer.value for answer in store.lookup_many(values)] == list(values.values())


def test_before_the_first_publish_the_error_says_what_to_do(make_store):
    store = make_store()
    for ask in (
        lambda: store.lookup("a"),
        lambda: store.lookup_many(["a"]),
        lambda: store.age(),
        lambda: store.current,
        lambda: store.rollback(),
        lambda: store.table(),
    ):
        with pytest.raises(NotPublishedError, match=r"'board' is not published: run publish\(\)"):
            ask()
    assert store.versions().empty


def test_another_reader_sees_a_publish(make_store, candidate):
    writer, reader = make_store(), make_store()
    writer.publish(candidate({"a": 0.1}))
    assert reader.lookup("a").value == 0.1
    writer.publish(candidate({"a": 0.2}))
    assert reader.lookup("a").value == 0.2
    assert reader.lookup_many(["a"])[0].value == 0.2


def test_versions_are_listed_oldest_first(make_store, candidate, clock):
    store = make_store()
    store.publish(candidate({"a": 0.1}, as_of=1.0, model="one"))
    clock.sleep(5)
    assert store.publish(candidate({"a": 0.1, "b": 0.2}, as_of=2.0, model="two")) == "board-2"
    frame = store.versions()
    assert frame.to_dict("list") == {
        "name": ["board-1", "board-2"],
        "rows": [1, 2],
        "as_of": [1.0, 2.0],
        "published_at": [10_000.0, 10_005.0],
        "model": ["one", "two"],
        "current": [False, True],
    }


def test_rollback_goes_to_what_served_before(make_store, candidate):
    store = make_store()
    for value in (0.1, 0.2, 0.3):
        store.publish(candidate({"a": value}))
    assert store.rollback() == "board-2"
    assert (store.lookup("a").value, store.current) == (0.2, "board-2")
    # The next version replaces board-2; the one that was rolled back from is not gone back to.
    assert store.publish(candidate({"a": 0.4})) == "board-4"
    assert store.rollback() == "board-2"
    assert store.rollback("board-3") == "board-3"
    assert store.lookup("a").value == 0.3


def test_rollback_to_nowhere_names_the_way_out(make_store, candidate):
    store = make_store()
    store.publish(candidate({"a": 0.1}))
    with pytest.raises(NotPublishedError, match=r"'board-7' is not published: .*'board-1'"):
        store.rollback("board-7")
    with pytest.raises(NotPublishedError, match="No version before 'board-1'"):
        store.rollback()
    assert store.lookup("a").value == 0.1


def test_only_so_many_versions_are_kept(make_store, candidate):
    store = make_store(keep=2)
    for value in (0.1, 0.2, 0.3):
        store.publish(candidate({"a": value}))
    assert store.versions()["name"].tolist() == ["board-2", "board-3"]
    store.rollback()
    store.publish(candidate({"a": 0.4}))
    # board-3 was rolled back from, so it goes first.
    assert store.versions()["name"].tolist() == ["board-2", "board-4"]


def test_a_bad_option_is_named(make_store):
    with pytest.raises(ValueError, match="keep is 0"):
        make_store(keep=0)
    with pytest.raises(ValueError, match=r"'\.\./board'"):
        make_store(name="../board")


def test_an_unfinished_candidate_is_not_published(make_store, candidate, tmp_path):
    store = make_store()
    store.publish(candidate({"a": 0.5}))

    class Breaks:
        def predict_proba(self, frame):
            raise RuntimeError("out of memory")

    path = tmp_path / "unfinished.sqlite"
    with pytest.raises(RuntimeError, match="out of memory"):
        ScoringJob(Breaks(), numbered_keys(10), path, progress=False).run()
    with pytest.raises(UnfinishedError, match="0 of 10 keys"):
        store.publish(path)
    assert store.lookup("a").value == 0.5


def test_a_candidate_that_cannot_serve_is_refused_by_name(make_store, tmp_path):
    store = make_store()
    with pytest.raises(TableError, match=r"no candidate at .*absent"):
        store.publish(tmp_path / "absent.sqlite")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"this is no table" * 500)
    with pytest.raises(TableError, match=r"broken\.sqlite"):
        store.publish(broken)
    with pytest.raises(TableError, match="holds no predictions"):
        store.publish(write_candidate(tmp_path / "empty.sqlite", {}))
    with pytest.raises(TableError, match="as_of is 'soon'"):
        store.publish(write_candidate(tmp_path / "when.sqlite", {"a": 0.1}, as_of="soon"))
    with pytest.raises(TableError, match="'high'"):
        store.publish(write_candidate(tmp_path / "text.sqlite", {"a": "high"}))
    assert store.versions().empty


def test_the_whole_table_can_be_read_back(make_store, candidate):
    store = make_store()
    store.publish(candidate({"b": 0.2, "a": None, "c": 0.3}, as_of=5.0, model="fake"))
    rows, meta = store.table()
    assert rows["key"].tolist() == ["a", "b", "c"]
    assert rows["value"].isna().tolist() == [True, False, False]
    assert (meta["as_of"], meta["model"], meta["rows"]) == ("5.0", "fake", "3")


def test_several_publishers_leave_one_whole_history(make_store, tmp_path):
    def publish(number):
        store = make_store()
        for turn in range(4):
            path = tmp_path / f"candidate-{number}.sqlite"
            store.publish(write_candidate(path, dict.fromkeys("abc", number + turn / 10)))

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = make_store()
    names = store.versions()["name"].tolist()
    assert names == [f"board-{number}" for number in range(1, 13)]
    for name in names:
        store.rollback(name)
        assert len({answer.value for answer in store.lookup_many("abc"[n] for n in range(3))}) == 1


def test_threads_share_a_store(make_store, candidate):
    store = make_store()
    store.publish(candidate({"a": 1.0, "b": 1.0}))
    mixed, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            values = {answer.value for answer in store.lookup_many(["a", "b"])}
            if len(values) != 1 or None in values or store.lookup("a").value is None:
                mixed.append(values)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for value in range(2, 12):
        store.publish(candidate({"a": float(value), "b": float(value)}))
    stop.set()
    for thread in threads:
        thread.join()
    assert mixed == []
    assert store.lookup("a").value == 11.0


def test_a_store_is_a_predictor_that_answers_from_the_table_alone(make_store, candidate):
    class Request:
        key = "UA EWR IAH 05"

    store = make_store()
    store.publish(candidate({"UA EWR IAH 05": 0.25, "a fine film": 0.75}))
    predictor = store
    assert isinstance(predictor, Predictor)
    assert predictor.answer(Request()).value == 0.25
    assert predictor.answer("a fine film").value == 0.75
    assert_miss(predictor.answer("a film nobody saw"))
