"""What a live panel and a replay cost: in time until the paint, over the wire, and in the page's memory.

Run ``python benchmarks/widgets.py`` (some four minutes; ``--presses`` makes it longer). It needs
Chromium. In one run, in a real JupyterLab and a real browser, three things follow a slider:

* a bare label: the least that a round trip to the kernel can cost;
* the flagship lab in its `LivePanel`;
* the same chart drawn anew by ``interactive_output`` and ``display`` (its Vega-Lite alone, without
  the picture that still charts carry).

Keys are pressed one at a time and in turns, so that a busy machine is busy for all three. The
time runs from the key event to the first frame after the drawing changed. The wire carries what
the page's web sockets carry, both ways.

A replay of 500 requests in two lanes plays for a minute: the time of each frame is that of the
page's own scripts between two pictures. The last lines say for each bar whether it holds; the exit
code is 1 if one does not.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from desk import Desk  # the harness of the browser tests
from lab import JupyterLab, browser, chromium

from lessons_lib.latency import percentiles

LABEL_BAR = 0.7
"""The flagship's p50 may be at most this share of the bare label's."""
REDRAW_BAR = 0.5
"""It may be at most this share of the redrawn chart's."""
WIRE_BAR = 30_000
"""Bytes over the wire a change."""
HEAP_BAR = 1.10
"""The page's heap after `HEAP[1]` changes, over that after `HEAP[0]`."""
HEAP = (50, 500)
DRAG_BAR = 0.2
"""Seconds from the last key of a drag to the chart that shows its value."""
DRAG_SECONDS = 3
DRAGS = 3
"""The middle one of so many drags is judged."""
KEYS_A_SECOND = 30
FRAME_BAR = 0.008
"""Seconds of the page's own time, 95th percentile, for a frame of the replay."""
PLAY_SECONDS = 60
PLAY_HEAP_BAR = 1.05
"""The page's heap after `PLAY_SECONDS` of the replay, over that after a tenth of them."""
SENT_BAR = 60_000
"""Bytes over the wire for the cell that shows the replay, its stored picture included."""

SETUP = "import lessons_lib; lessons_lib.setup()"
LABEL = """
import ipywidgets as widgets
from IPython.display import display
slider, label = widgets.IntSlider(value=50, description="Bare"), widgets.Label("50").add_class("bench-label-shown")
slider.observe(lambda change: setattr(label, "value", str(change.new)), "value")
widgets.VBox([slider, label]).add_class("bench-label")
"""
PANEL = """
from lessons_lib.labs.l01_both_modes import flagship
panel = flagship()
panel
"""
REDRAW = """
import ipywidgets as widgets
from IPython.display import display
from lessons_lib import charts
from lessons_lib.charts import still, wire
from lessons_lib.labs import l01_both_modes as lab

chart, controls = lab.flagship_chart().to_dict(), lab.flagship()._controls

def draw(latency):
    view = lab.flagship_view({**lab.FLAGSHIP_SETTINGS, "latency": latency})
    rows = {name: wire.rows(columns) for name, columns in view.data.items()}
    display({still.VEGALITE5: charts.vegalite5({**chart, "datasets": rows})}, raw=True)

latency = widgets.SelectionSlider(options=controls["latency"].options, value=0.002)
shown = widgets.interactive_output(draw, {"latency": latency}).add_class("bench-redraw-shown")
widgets.VBox([latency, shown]).add_class("bench-redraw")
"""
REPLAY = """
import numpy as np
from lessons_lib import simulate, traffic
from lessons_lib.charts import Lane, Replay
arrive = traffic.poisson(100, 500)
work, keys = traffic.service_times(0.02, 500), traffic.zipf_keys(1, 100, 500)
lanes = {"no cache": 0, "a cache": 50}
runs = {name: simulate.serve(arrive, work, keys, cache_size=size) for name, size in lanes.items()}
Replay([Lane(name, arrive, *run) for name, run in runs.items()], title="A replay", yours=250)
"""

# For each of the three: what takes the keys, and what in the page shows the result.
SUBJECTS = {
    "bare label": (".bench-label .noUi-handle", ".bench-label-shown"),
    "live panel": (".lm-panel input", ".lm-panel .lm-chart"),
    "redrawn": (".bench-redraw .noUi-handle", ".bench-redraw-shown"),
}

TIMER = """
window.drawn = (selector) => {
  const root = document.querySelector(selector);
  const marks = [...root.querySelectorAll('.role-mark path[d], .role-mark text')];
  return marks.length ? marks.map(e => (e.getAttribute('d') || '') + e.textContent
    + (e.getAttribute('transform') || '')).join() : root.textContent;
};
window.afterPaint = (then) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => then(performance.now());
  channel.port2.postMessage(0);
});
// Gives the time of the last key so far, and resolves once `finished(drawing)` has been painted.
window.watch = (selector, finished) => {
  const root = document.querySelector(selector);
  const timing = {};
  const press = (event) => (timing.key = event.timeStamp);
  addEventListener('keydown', press, {capture: true});
  timing.painted = new Promise((resolve) => {
    const look = () => {
      if (!timing.key || !finished(drawn(selector))) return;
      observer.disconnect();
      removeEventListener('keydown', press, {capture: true});
      afterPaint((now) => resolve(now - timing.key));
    };
    const observer = new MutationObserver(look);
    observer.observe(root, {subtree: true, childList: true, attributes: true, characterData: true});
    timing.look = look;
  });
  return timing;
};
// While `spent` is a list, every callback of an animation frame leaves its milliseconds there.
const later = window.requestAnimationFrame;
window.requestAnimationFrame = (callback) => later.call(window, (now) => {
  const began = performance.now();
  callback(now);
  window.spent?.push(performance.now() - began);
});
"""


class Wire:
    """Counts what a page's web sockets carry, both ways, in bytes."""

    def __init__(self, desk: Desk) -> None:
        self.bytes = 0
        desk.page.on("websocket", self._listen)

    def _listen(self, socket: object) -> None:
        for event in ("framereceived", "framesent"):
            socket.on(event, self._count)

    def _count(self, payload: str | bytes) -> None:
        self.bytes += len(payload.encode() if isinstance(payload, str) else payload)


@contextmanager
def notebook(*cells: str) -> Iterator[tuple[Desk, Wire]]:
    """Run a notebook in a JupyterLab and a browser of its own; the desk, and its wire."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        JupyterLab(Path(home)) as lab,
        browser(Path(home) / "profile") as started,
    ):
        desk = Desk(lab, started)
        wire = Wire(desk)
        desk.page.add_init_script(TIMER)
        desk.write("bench", [SETUP, *cells])
        desk.open("bench")
        desk.run_all()
        if desk.errors():
            raise RuntimeError(f"The notebook failed: {desk.errors()}")
        if PANEL in cells:
            desk.marks()
        yield desk, wire
        desk.close()


def press(desk: Desk, subject: str, key: str) -> float:
    """Press a key on one of `SUBJECTS`; seconds until its effect is painted."""
    control, shows = SUBJECTS[subject]
    desk.page.evaluate(
        "([control, shows]) => {"
        "  const handle = document.querySelector(control);"
        "  handle.dataset.lmSuppressShortcuts = 'true';"
        "  handle.focus({preventScroll: true});"
        "  const before = drawn(shows);"
        "  window.timing = watch(shows, (now) => now !== before && now !== '');"
        "}",
        [control, shows],
    )
    desk.page.keyboard.press(key)
    return desk.page.evaluate("timing.painted") / 1000


def key_to_paint(desk: Desk, presses: int) -> dict[str, list[float]]:
    """Press keys on all subjects in turns, up and down; for each the seconds of every press."""
    taken: dict[str, list[float]] = {subject: [] for subject in SUBJECTS}
    for turn in range(presses + 5):
        for subject, seconds in taken.items():
            seconds.append(press(desk, subject, "ArrowRight" if turn % 4 < 2 else "ArrowLeft"))
            desk.settle()
    return {subject: seconds[5:] for subject, seconds in taken.items()}  # the first ones warm up


def heap(desk: Desk) -> int:
    """The page's JavaScript heap in bytes, garbage collected."""
    tools = desk.page.context.new_cdp_session(desk.page)
    for _ in range(3):
        tools.send("HeapProfiler.collectGarbage")
    used = tools.send("Runtime.getHeapUsage")["usedSize"]
    tools.detach()
    return used


def many_changes(desk: Desk, wire: Wire) -> tuple[list[int], float]:
    """Make the changes of `HEAP`: the heap after each count, and the bytes a change."""
    heaps, start = [], wire.bytes
    for change in range(1, HEAP[-1] + 1):
        press(desk, "live panel", "ArrowRight" if change % 40 < 20 else "ArrowLeft")
        if change in HEAP:
            heaps.append(heap(desk))
    return heaps, (wire.bytes - start) / HEAP[-1]


def drag(desk: Desk) -> tuple[float, int]:
    """Hold keys for `DRAG_SECONDS`; seconds from the last key to its value, and the keys."""
    _, shows = SUBJECTS["live panel"]
    keys = [
        "ArrowRight" if i % 40 < 20 else "ArrowLeft" for i in range(DRAG_SECONDS * KEYS_A_SECOND)
    ]
    net = sum(1 if key == "ArrowRight" else -1 for key in keys)
    for _ in range(net):
        press(desk, "live panel", "ArrowRight")
    desk.page.evaluate(f"window.target = drawn('{shows}')")
    for _ in range(net):
        press(desk, "live panel", "ArrowLeft")
    began = time.perf_counter()
    for i, key in enumerate(keys):
        if i == len(keys) - 1:
            desk.page.evaluate(f"window.timing = watch('{shows}', (now) => now === target)")
        desk.page.keyboard.down(key)
        time.sleep(max(0.0, began + (i + 1) / KEYS_A_SECOND - time.perf_counter()))
    for key in set(keys):
        desk.page.keyboard.up(key)
    desk.page.evaluate("timing.look()")
    lag = desk.page.evaluate("timing.painted") / 1000
    for _ in range(net):
        press(desk, "live panel", "ArrowLeft")
    return lag, len(keys)


def play() -> tuple[list[float], list[int], int]:
    """Play the replay: seconds of each frame, the heap early and late, the bytes that were sent."""
    with notebook() as (desk, wire):
        desk.page.evaluate("desk.panel().context.model.sharedModel.addCell({cell_type: 'code'})")
        before = wire.bytes
        desk.run_cell(1, REPLAY)
        desk.page.wait_for_selector(".lr-lane")
        desk.settle()
        sent = wire.bytes - before
        desk.page.locator(".lr-stage").scroll_into_view_if_needed()
        heaps = []
        for seconds in (0.1 * PLAY_SECONDS, 0.9 * PLAY_SECONDS):
            desk.page.evaluate("window.spent = []")
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                again = desk.page.get_by_role("button", name="Play")
                if again.count():
                    again.click()
                desk.page.wait_for_timeout(500)
            heaps.append(heap(desk))
        frames = [milliseconds / 1000 for milliseconds in desk.page.evaluate("window.spent")]
        return frames, heaps, sent


def main(presses: int) -> int:
    """Measure, print, judge; 0 if every bar holds."""
    if chromium() is None:
        print("No Chromium or Chrome on this machine: nothing was measured.")
        return 1
    with notebook(LABEL, PANEL, REDRAW) as (desk, _):
        desk.page.wait_for_selector(".bench-redraw .role-mark path[d]", state="attached")
        taken = key_to_paint(desk, presses)
    with notebook(PANEL) as (desk, wire):
        drags = [drag(desk) for _ in range(DRAGS)]
        lag, keys = statistics.median(seconds for seconds, _ in drags), drags[0][1]
        heaps, a_change = many_changes(desk, wire)
    frames, played, sent = play()
    frame = percentiles(frames, (50, 95)).value

    print(f"\nkey to paint, {presses} presses each   p50 ms   p95 ms")
    tails = {subject: percentiles(seconds, (50, 95)).value for subject, seconds in taken.items()}
    for subject, (p50, p95) in tails.items():
        print(f"{subject:32}{p50 * 1e3:9.0f}{p95 * 1e3:9.0f}")
    label, panel, redrawn = (tails[subject][0] for subject in SUBJECTS)
    results = [
        (f"the flagship's p50 is {panel / label:.2f} x the bare label's (at most {LABEL_BAR})",
         panel <= LABEL_BAR * label),
        (f"the panel's p50 is {panel / redrawn:.2f} x the redrawn chart's (at most {REDRAW_BAR})",
         panel <= REDRAW_BAR * redrawn),
        (f"{a_change / 1e3:.1f} kB over the wire a change (at most {WIRE_BAR / 1e3:.0f})",
         a_change <= WIRE_BAR),
        (f"heap {heaps[0] / 1e6:.1f} MB after {HEAP[0]} changes, {heaps[1] / 1e6:.1f} MB after "
         f"{HEAP[1]} (at most {HEAP_BAR} x)", heaps[1] <= HEAP_BAR * heaps[0]),
        (f"after a drag of {keys} keys in {DRAG_SECONDS} s the last value stands {lag * 1e3:.0f} ms "
         f"after the last key (at most {DRAG_BAR * 1e3:.0f})", lag <= DRAG_BAR),
        (f"a replay's frame takes {frame[0] * 1e3:.1f} ms of the page's own time, p95 "
         f"{frame[1] * 1e3:.1f}, of {len(frames):,} (at most {FRAME_BAR * 1e3:.0f})",
         frame[1] <= FRAME_BAR),
        (f"heap {played[0] / 1e6:.1f} MB early in the replay, {played[1] / 1e6:.1f} MB after "
         f"{PLAY_SECONDS} s (at most {PLAY_HEAP_BAR} x)", played[1] <= PLAY_HEAP_BAR * played[0]),
        (f"{sent / 1e3:.1f} kB sent to show a replay (at most {SENT_BAR / 1e3:.0f})",
         sent <= SENT_BAR),
    ]  # fmt: skip
    print()
    for text, holds in results:
        print(f"{'holds' if holds else 'falls short'}: {text}")
    return 0 if all(holds for _, holds in results) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presses", type=int, default=60, help="presses for each of the three")
    sys.exit(main(parser.parse_args().presses))
