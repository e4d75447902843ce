"""The replay in a real JupyterLab: what it counts, what a hand does to it, and who cannot see it."""

import numpy as np
import pytest

from lessons_lib import simulate, traffic

SETUP = "import lessons_lib; lessons_lib.setup()"
RUN = """
import numpy as np
from lessons_lib import simulate, traffic
from lessons_lib.charts import Lane, Replay

arrive = traffic.poisson(100, 300)
work = traffic.service_times(0.025, 300)
key = traffic.zipf_keys(1, 60, 300)
limits = dict(servers=2, queue_limit=8, timeout=0.05)
plain = simulate.serve(arrive, work, key, **limits)
cached = simulate.serve(arrive, work, key, cache_size=20, coalesce=True, **limits)
"""
REPLAY = """
Replay([Lane("Without a cache", arrive, *plain, servers=2), Lane("With a cache", arrive, *cached, servers=2)],
       title="With and without a cache", description="The same requests twice.", yours=7)
"""
OTHER = """
finish = simulate.batches(arrive[:80], 8, 0, 0.05, 0.001)
Replay(Lane("Batches", arrive[:80], np.maximum(arrive[:80], finish - 0.05), finish, server=np.zeros(80, int)),
       title="In batches")
"""
COUNT_SCRIPTS = """
window.asked = 0;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  const text = typeof data === 'string' ? data : new TextDecoder().decode(data);
  if (text.includes('"kind":"script"')) window.asked += 1;
  return send.call(this, data);
};
"""
COUNTS = """lanes => lanes.map(lane => ({
  waiting: lane.querySelector('.lr-queue b').textContent,
  longest: lane.querySelector('.lr-longest b').textContent,
  serving: lane.querySelector('.lr-servers b').textContent,
  gone: lane.querySelector('.lr-exits b').textContent,
  left: Object.fromEntries([...lane.querySelectorAll('.lr-exit')].map(row =>
    [row.querySelector('.lr-name').textContent, row.querySelector('b').textContent])),
}))"""
FITS = """() => {
  const inside = [...document.querySelectorAll('.lr, .lr *')].filter(e => !e.closest('.lr-table > *'));
  const wide = inside.filter(e => getComputedStyle(e).overflowX !== 'auto' && !e.closest('svg')
    && e.clientWidth && e.scrollWidth > e.clientWidth + 1);
  const beyond = inside.filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  const texts = inside.filter(e => !e.children.length && e.textContent.trim() && !e.closest('option')
    && e.getBoundingClientRect().width);
  const over = [];
  texts.forEach((a, i) => texts.slice(i + 1).forEach(b => {
    const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
    if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 2 && q.top < p.bottom - 2)
      over.push([a.textContent, b.textContent]);
  }));
  return [...wide, ...beyond].map(e => e.outerHTML.slice(0, 90)).concat(over);
}"""
INK = """root => {
  const canvas = root.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let drawn = 0;
  for (let i = 3; i < data.length; i += 4) drawn += data[i] > 0;
  return drawn;
}"""


def open_replay(desk, name):
    desk.write(name, [SETUP, RUN, REPLAY, OTHER])
    desk.open(name)
    desk.run_all()
    assert desk.errors() == []
    desk.page.wait_for_function("document.querySelectorAll('.lr-lane').length === 3")
    return desk


@pytest.fixture(scope="module")
def shared_replay(shared_desk):
    return open_replay(shared_desk, "shared-replay")


@pytest.fixture
def replay(shared_replay):
    """A notebook with two replays, run and drawn, the first one at rest at its beginning."""
    root = first(shared_replay)
    root.scroll_into_view_if_needed()
    scrub(root, 500)
    scrub(root, 0)
    shared_replay.settle()
    return shared_replay


def first(desk):
    return desk.page.locator(".lr").first


def scrub(root, thousandths):
    """Move the slider as a hand does; the run stands still there."""
    root.locator("input[type=range]").evaluate(
        "(slider, to) => { slider.value = to; slider.dispatchEvent(new Event('input')); }",
        thousandths,
    )


def button(root, name):
    return root.get_by_role("button", name=name, exact=True)


def moment(root):
    return int(root.get_attribute("data-moment"))


def counts(root):
    return root.locator(".lr-lane").evaluate_all(COUNTS)


def arrays():
    """The run of the notebook, computed here: (arrive, lanes, the moments)."""
    arrive = traffic.poisson(100, 300)
    work, key = traffic.service_times(0.025, 300), traffic.zipf_keys(1, 60, 300)
    limits = {"servers": 2, "queue_limit": 8, "timeout": 0.05}
    plain = simulate.serve(arrive, work, key, **limits)
    cached = simulate.serve(arrive, work, key, cache_size=20, coalesce=True, **limits)
    every = np.concatenate([arrive, *(lane[i] for lane in (plain, cached) for i in (0, 1))])
    moments = np.unique(every[np.isfinite(every)])
    # Sums in another order differ in the last digit and are one moment.
    moments = moments[np.diff(moments, prepend=-1) > 1e-14]
    return arrive, (plain, cached), moments


def expected(arrive, lane, t):
    start = np.where(np.isnan(lane.start), np.inf, lane.start)
    leave = np.minimum(start, lane.finish)
    t = t + 1e-13
    here = arrive <= t
    wait = (np.minimum(leave, t) - arrive)[here].max(initial=0)
    names = {
        "served": "model",
        "cached": "cache",
        "rejected": "refused",
        "joined": "joined",
        "dropped": "dropped",
    }
    left = lane.finish <= t
    by = {new: str(int((left & (lane.outcome == old)).sum())) for old, new in names.items()}
    figures = {
        "waiting": here & (leave > t),
        "serving": (start <= t) & (lane.finish > t),
        "gone": left,
    }
    return {name: str(int(which.sum())) for name, which in figures.items()}, by, wait


def seconds(text):
    number, unit = text.split()
    return float(number) * {"µs": 1e-6, "ms": 1e-3, "s": 1.0}[unit]


def test_at_any_time_the_counts_are_those_of_the_arrays(replay):
    root = first(replay)
    arrive, lanes, moments = arrays()
    for place in (0, 40, 150, 333, 500, 720, 905, 998):
        scrub(root, place)
        button(root, "Next event").click()  # to the very moment
        k = moment(root)
        for shown, lane in zip(counts(root), lanes, strict=True):
            figures, by, wait = expected(arrive, lane, moments[k])
            assert {name: shown[name] for name in figures} == figures
            assert {name: many for name, many in by.items() if name in shown["left"]} == shown[
                "left"
            ]
            assert seconds(shown["longest"]) == pytest.approx(wait, rel=6e-3, abs=1e-6)
    scrub(root, 1000)
    assert moment(root) == len(moments) - 1
    assert [lane["gone"] for lane in counts(root)] == ["300", "300"]
    scrub(root, 0)
    assert moment(root) == -1
    assert [lane["gone"] for lane in counts(root)] == ["0", "0"]


def test_a_request_is_followed_and_another_is_picked_by_number_or_by_hand(replay):
    root = first(replay)
    mine = root.locator(".lr-you").first
    assert mine.inner_text() == "Yours (7): not here yet"
    arrive, (plain, _), moments = arrays()
    waits = int(np.flatnonzero((plain.outcome == "served") & (plain.start > arrive))[0])
    field = root.get_by_label("Your request")
    field.fill(str(waits + 1))
    k = int(np.searchsorted(moments, arrive[waits] - 1e-13))
    while moment(root) < k:
        button(root, "Next event").click()
    assert "waiting for" in mine.inner_text()
    assert "ahead in line" in mine.inner_text()
    scrub(root, 1000)
    took = (plain.finish - arrive)[waits]
    told = mine.inner_text()
    assert told.startswith(f"Yours ({waits + 1}): answered by the model, after ")
    assert seconds(told.rpartition("after ")[2]) == pytest.approx(took, rel=6e-3)
    field.fill("9999")
    field.press("Tab")
    assert field.input_value() == str(waits + 1), "there is no such request"

    replay.page.wait_for_timeout(800)
    pile = root.locator(".lr-pile").nth(2).bounding_box()  # of the model
    replay.page.mouse.click(pile["x"] + 4, pile["y"] + pile["height"] / 2)
    assert field.input_value() != str(waits + 1)
    field.fill("7")


def test_it_is_worked_by_keyboard_and_no_key_reaches_the_notebook(replay):
    root, cells = first(replay), replay.cells()
    controls = [
        button(root, "Next event"),
        root.get_by_role("slider", name="Moment of the run"),
        root.get_by_label("Speed"),
        root.get_by_label("Your request"),
        root.locator("summary"),
    ]
    for control in controls:
        control.focus()
        for key in ("b", "d", "d", "a", "x"):
            control.press(key)
        assert replay.cells() == cells
        assert control.evaluate("e => e === document.activeElement")
    button(root, "Next event").press("Enter")
    button(root, "Next event").press("Space")
    assert moment(root) == 1
    slider = root.get_by_role("slider", name="Moment of the run")
    slider.press("End")
    assert [lane["gone"] for lane in counts(root)] == ["300", "300"]
    slider.press("Home")
    assert moment(root) == -1
    assert slider.get_attribute("aria-valuetext") == "0.000 s"
    slider.press("ArrowRight")
    assert moment(root) >= 0
    button(root, "Play").press("Space")
    replay.page.wait_for_function(
        "Number(document.querySelector('.lr').dataset.moment) > 10", timeout=20_000
    )
    button(root, "Pause").press("Enter")
    stopped = moment(root)
    replay.page.wait_for_timeout(400)
    assert moment(root) == stopped
    assert replay.cells() == cells


def test_the_moment_is_told_politely_and_at_most_once_in_two_seconds(replay):
    root = first(replay)
    status = root.get_by_role("status")
    replay.page.evaluate(
        "() => { window.told = []; new MutationObserver(() => told.push(performance.now()))"
        ".observe(document.querySelector('.lr-now'), {childList: true, characterData: true, subtree: true}); }"
    )
    root.get_by_label("Speed").select_option("4")
    button(root, "Play").click()
    replay.page.wait_for_timeout(5500)
    for _ in range(6):
        button(root, "Next event").click()
    replay.page.wait_for_timeout(2300)
    times = replay.page.evaluate("told")
    assert 2 <= len(times) <= 5
    assert min(np.diff(times)) > 1990
    k = moment(root)
    assert status.inner_text().startswith(root.locator(".lr-clock").inner_text())
    shown = counts(root)
    assert f"{shown[0]['waiting']} waiting, {shown[0]['serving']} in service" in status.inner_text()
    assert root.locator("[aria-live=assertive]").count() == 0
    root.get_by_label("Speed").select_option("1")
    assert moment(root) == k


def test_the_events_are_a_table_that_follows_the_moment(replay):
    root = first(replay)
    scrub(root, 300)
    root.locator("summary").click()
    table = root.get_by_role("table", name="With and without a cache: events")
    table.locator("th").first.wait_for()
    assert table.locator("th").all_inner_texts() == ["time", "lane", "request", "what happens"]
    for _ in range(2):
        button(root, "Next event").click()
        now = table.locator("tr[aria-current=true]").first
        assert now.locator("td").first.inner_text() == root.locator(".lr-clock").inner_text()
        around, row = (part.bounding_box() for part in (root.locator(".lr-table"), now))
        assert around["y"] < row["y"] < around["y"] + around["height"], "the row is in sight"
    assert 200 <= table.locator("tbody tr").count() < 400
    told = " ".join(table.locator("td:last-child").all_inner_texts())
    for words in ("comes", "service begins", "answered by the model", "answered from the cache"):
        assert words in told
    root.locator("summary").click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_can_be_read_in_both_themes(replay, theme):
    root = first(replay)
    replay.theme(theme)
    scrub(root, 600)
    root.locator("summary").click()
    replay.page.wait_for_timeout(900)
    assert replay.axe() == []
    assert root.evaluate(INK) > 1000
    root.locator("summary").click()
    replay.screenshot(f"replay-{theme}", ".lr")
    replay.theme("light")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 700, 1024, 1400])
def test_it_fits_every_width_and_a_page_that_is_written_right_to_left(replay, width, direction):
    root = first(replay)
    replay.page.set_viewport_size({"width": width, "height": 900})
    replay.page.evaluate("way => (document.documentElement.dir = way)", direction)
    scrub(root, 600)
    root.scroll_into_view_if_needed()
    replay.page.wait_for_timeout(700)
    try:
        assert replay.page.evaluate(FITS) == []
        assert root.evaluate(INK) > 500
        queue, exits = (
            root.locator(name).first.bounding_box() for name in (".lr-queue", ".lr-exits")
        )
        assert exits["x"] > queue["x"] or exits["y"] > queue["y"], "requests go from left to right"
        assert replay.axe(".lr") == []
        height = root.bounding_box()["height"]
        scrub(root, 1000)
        assert root.bounding_box()["height"] == pytest.approx(height, abs=45)
        replay.screenshot(f"replay-{width}-{direction}", ".lr")
    finally:
        replay.page.evaluate("document.documentElement.removeAttribute('dir')")
        replay.page.set_viewport_size({"width": 1280, "height": 900})
        replay.settle()


def test_without_motion_it_starts_still_and_is_stepped(desk):
    desk.page.emulate_media(reduced_motion="reduce")
    open_replay(desk, "still-replay")
    root = first(desk)
    root.scroll_into_view_if_needed()
    desk.page.wait_for_timeout(1500)
    assert moment(root) == -1
    assert "Nobody is here yet; 300 will come." in root.get_by_role("status").inner_text()
    desk.page.evaluate(
        "() => { window.seen = new Set(); new MutationObserver(() =>"
        " seen.add(document.querySelector('.lr').dataset.moment))"
        ".observe(document.querySelector('.lr'), {attributes: true}); }"
    )
    button(root, "Next event").click()
    assert moment(root) == 0
    button(root, "Play").click()
    desk.page.wait_for_timeout(3600)
    button(root, "Pause").click()
    assert 2 <= desk.page.evaluate("seen.size") <= 6, "pictures, not motion"
    assert desk.problems == []


def test_it_starts_in_sight_and_what_is_kept_is_a_picture_and_a_sentence(desk):
    desk.page.add_init_script(COUNT_SCRIPTS)
    open_replay(desk, "replay")
    assert desk.page.evaluate("asked") == 1, "the script is sent once a page"
    root = first(desk)
    root.scroll_into_view_if_needed()
    desk.page.wait_for_function("Number(document.querySelector('.lr').dataset.moment) > 3")
    saved = desk.save()
    shown = saved["cells"][2]["outputs"][0]["data"]
    assert {"image/png", "text/plain"} < set(shown)
    assert "Without a cache" in "".join(shown["text/plain"])
    assert "widgets" not in saved["metadata"]
    assert sum(len(str(cell)) for cell in saved["cells"]) < 100_000
    desk.reload()
    desk.page.wait_for_function("document.querySelectorAll('.lr-lane').length === 3")
    assert desk.problems == []
    desk.stop_kernel()
    scrub(root, 1000)
    assert counts(root)[0]["gone"] == "300", "it needs no kernel to go on"
    assert desk.outside == []
