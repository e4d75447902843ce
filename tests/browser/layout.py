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
    desk.settle()
    try:
        yield desk.page.evaluate(_LOOK)
    finally:
        desk.page.evaluate("document.documentElement.removeAttribute('dir')")
        desk.page.set_viewport_size({"width": 1280, "height": 900})
        desk.settle()
