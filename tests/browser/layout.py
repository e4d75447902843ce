"""What a narrow page, or one that is written right to left, does to all that charts show."""

import contextlib
from collections.abc import Iterator

from desk import Desk

IN_ORDER = {"backwards": [], "overlaps": [], "wide": []}
"""What `turned` finds on a page that can be read."""

_LOOK = """() => {
  const place = (node, i) => {
    const range = document.createRange();
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    return range.getBoundingClientRect();
  };
  const backwards = [], overlaps = [];
  const texts = '.lm-value, .lm-status, .lm-title, .lm-panel :is(label, summary, td, th, p)';
  for (const element of document.querySelectorAll(texts)) {
    const node = element.firstChild;
    const first = (node?.textContent.match(/^\\S+ \\S/) ?? [''])[0];  // such as "2 m" of "2 ms"
    if (!first) continue;
    const [begin, end] = [place(node, 0), place(node, first.length - 1)];
    if (begin.top === end.top && begin.left >= end.left) backwards.push(element.textContent);
  }
  for (const svg of document.querySelectorAll('.lm-chart svg, .vega-embed svg')) {
    const seen = [...svg.querySelectorAll('text')].filter((e) => getComputedStyle(e).opacity !== '0');
    const boxes = seen.map((e) => [e.textContent, e.getBoundingClientRect()]).filter(([t]) => t);
    boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        overlaps.push([one, other]);
    }));
  }
  const wide = [...document.querySelectorAll('.jp-OutputArea-output, .lm-panel, .lm-panel *')]
    .filter((e) => !e.closest('svg, .lm-table > *') && getComputedStyle(e).overflowX !== 'auto'
      && e.clientWidth && e.scrollWidth > e.clientWidth + 1);
  const beyond = [...document.querySelectorAll('.lm-panel *, .vega-embed svg')].filter((e) =>
    !e.closest('svg *, .lm-table > *') && e.getBoundingClientRect().right > innerWidth + 1);
  return { backwards, overlaps, wide: [...wide, ...beyond].map((e) => e.outerHTML.slice(0, 80)) };
}"""


@contextlib.contextmanager
def turned(desk: Desk, width: int, direction: str) -> Iterator[dict]:
    """Make the page so wide, ``"ltr"`` or ``"rtl"``, for a while; gives what is amiss on it.

    ``backwards``: texts whose first words stand in the wrong order ("ms 2"). ``overlaps``: pairs of
    labels of a chart. ``wide``: what sticks out of a panel, an output or the page.
    """
    desk.page.set_viewport_size({"width": width, "height": 900})
    desk.page.evaluate("way => (document.documentElement.dir = way)", direction)
    desk.page.wait_for_function(  # JupyterLab takes its time to follow
        "width => document.querySelector('.lm-panel').getBoundingClientRect().width < width",
        arg=width,
    )
    desk.page.wait_for_function(FOLLOWED)
    desk.settle()
    try:
        yield desk.page.evaluate(_LOOK)
    finally:
        desk.page.evaluate("document.documentElement.removeAttribute('dir')")
        desk.page.set_viewport_size({"width": 1280, "height": 900})
        desk.page.wait_for_function(FOLLOWED)
        desk.settle()


LEGIBLE = {"small": [], "outside": [], "empty": []}
"""What `at_width` finds on a page whose charts can be read."""
LEAST_TEXT, MOST_EMPTY = 9, 42
"""Pixels: of the smallest letters, and of the widest band without anything in it."""

_READ = """([least, most]) => {
  const small = [], outside = [], empty = [];
  for (const svg of document.querySelectorAll('.lm-chart svg, .vega-embed svg')) {
    const frame = svg.getBoundingClientRect();
    const seenTo = (svg.closest('.jp-OutputArea-child') ?? svg).getBoundingClientRect().right;
    const scale = Math.min(frame.width / svg.viewBox.baseVal.width, frame.height / svg.viewBox.baseVal.height);
    const name = (svg.closest('.lm-panel')?.querySelector('.lm-title') ?? svg.querySelector('text')).textContent;
    const seen = [...svg.querySelectorAll('text')].filter((e) => e.textContent && getComputedStyle(e).opacity !== '0');
    for (const text of seen) {
      const box = text.getBoundingClientRect(), told = `${name}: ${text.textContent}`;
      if (parseFloat(getComputedStyle(text).fontSize) * scale < least) small.push(told);
      if (box.left < frame.left - 2 || box.right > Math.min(frame.right, seenTo) + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2)
        outside.push(told);
    }
    // Bands that nothing is drawn in: above, below and between the marks, axes and titles.
    const drawn = [...svg.querySelectorAll('text, path, line')].map((e) => e.getBoundingClientRect());
    const holder = (svg.closest('.lm-chart') ?? svg).getBoundingClientRect();
    let below = holder.top;
    const spans = [...drawn.filter((b) => b.height || b.width).map((b) => [b.top, b.bottom]), [holder.bottom, holder.bottom]];
    for (const [top, bottom] of spans.sort((a, b) => a[0] - b[0])) {
      if (top - below > most) empty.push(`${name}: ${Math.round(top - below)} px in the chart`);
      below = Math.max(below, bottom);
    }
  }
  for (const panel of document.querySelectorAll('.lm-panel')) {
    const parts = [...panel.children].map((e) => e.classList.contains('lm-verdict') ? e.querySelector('[role=status]') : e)
      .map((e) => e.getBoundingClientRect());
    parts.slice(1).forEach((part, i) => {
      if (part.top - parts[i].bottom > most + 10) empty.push(`${panel.ariaLabel}: ${Math.round(part.top - parts[i].bottom)} px`);
    });
  }
  return { small, outside, empty };
}"""


@contextlib.contextmanager
def at_width(desk: Desk, width: int) -> Iterator[dict]:
    """Make the page so wide for a while; gives what cannot be read on it, see `LEGIBLE`.

    ``small``: texts drawn smaller than `LEAST_TEXT`. ``outside``: texts that leave their chart, or
    what JupyterLab shows of an output.
    ``empty``: bands of more than `MOST_EMPTY` pixels in a chart or a panel.
    """
    desk.page.set_viewport_size({"width": width, "height": 900})
    desk.page.wait_for_function(FOLLOWED)
    desk.settle()
    try:
        yield desk.page.evaluate(_READ, [LEAST_TEXT, MOST_EMPTY])
    finally:
        desk.page.set_viewport_size({"width": 1280, "height": 900})
        desk.page.wait_for_function(FOLLOWED)
        desk.settle()


# Twice the same after a while: JupyterLab and the charts have followed the page.
FOLLOWED = """async () => {
  const sizes = () => JSON.stringify([...document.querySelectorAll('.lm-chart, .lm-chart svg, .vega-embed svg')]
    .map((e) => [e.clientWidth, e.clientHeight, e.getAttribute('width')]));
  const before = sizes();
  await new Promise((done) => setTimeout(done, 700));
  return before === sizes();
}"""
