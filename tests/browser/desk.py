"""What a learner sits at: one page of a real browser with one notebook of a real JupyterLab.

Used by every browser test through the fixture ``desk``, and by ``benchmarks/widgets.py``.

Nothing here reaches the network: the browser can speak to 127.0.0.1 alone (`lab.FLAGS`). Every
other request fails, is kept in `Desk.outside`, and the fixture fails the test that made one.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from lab import HERE, PATIENCE, ROOT, JupyterLab

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")


class Desk:
    """A page of the browser with one notebook in it: what a learner sits at.

    Made by the fixture ``desk``. Every method waits until what it asked for has happened.

    Attributes
    ----------
    page : playwright.sync_api.Page
        For whatever is not offered here: ``desk.page.get_by_role("slider", name="servers")``.
    lab : JupyterLab
        The server; ``desk.lab.folder`` is the learner's folder, ``desk.lab.progress`` the
        progress file (made empty for every test).
    outside : list of str
        The addresses beyond 127.0.0.1 that were asked for. Must stay empty.
    problems : list of str
        Uncaught errors of the page's JavaScript, and what it logged as errors.
    """

    def __init__(self, lab: JupyterLab, browser: object) -> None:
        self.lab = lab
        self.outside: list[str] = []
        self.problems: list[str] = []
        self._opened = {""}  # never empty: that would mean every notebook's kernel
        self.page = browser.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.page.add_init_script(path=HERE / "desk.js")
        self.page.on("request", lambda request: self._note_outside(request.url))
        self.page.on("websocket", lambda socket: self._note_outside(socket.url))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._hear)

    def close(self) -> None:
        """Close the page and end its kernel."""
        self.page.close()
        self.lab.stop_kernels(*self._opened)

    # --- the notebook

    def write(self, name: str, cells: Sequence[str | tuple[str, str]]) -> str:
        """Write a small notebook into the learner's folder (`JupyterLab.write`)."""
        return self.lab.write(name, cells)

    def open(self, name: str) -> None:
        """Open ``name.ipynb`` alone on the page and wait until its kernel is idle."""
        self._opened.add(name)
        path = quote(f"{name}.ipynb")
        self.page.goto(f"{self.lab.url}/doc/tree/{path}?token={self.lab.token}&reset")
        self._wait_for_kernel()

    def reload(self) -> None:
        """Reload the page, as a learner does; the kernel lives on."""
        self.page.reload()
        self._wait_for_kernel()

    def run_all(self, *, seconds: float = 300) -> None:
        """Run every cell and wait until all are done and what they show has been drawn.

        Does not raise when a cell fails: see `errors`.
        """
        self._command("notebook:run-all-cells", seconds=seconds)
        self._wait_for_kernel()

    def run_cell(self, index: int, source: str | None = None) -> None:
        """Run one cell, after changing its source if one is given; waits for its end."""
        self.page.evaluate("([index, source]) => desk.edit(index, source)", [index, source])
        self._command("notebook:run-cell")
        self._wait_for_kernel()

    def restart_kernel(self) -> None:
        """Restart the kernel and wait until it is idle again; outputs stay as they are."""
        self.page.evaluate("desk.kernel().restart()")
        self._wait_for_kernel()

    def stop_kernel(self) -> None:
        """Shut the kernel down for good, as a crash or a closed Binder does."""
        self.lab.stop_kernels(*self._opened)
        self.page.wait_for_function("!desk.kernel() || desk.kernel().status === 'dead'")

    def run(self, code: str) -> None:
        """Run code in the notebook's kernel without a cell, and wait for its end.

        Raises
        ------
        AssertionError
            When the code fails.
        """
        reply = self.page.evaluate(
            "code => desk.kernel().requestExecute({code, store_history: false}).done"
            ".then(reply => reply.content)",
            code,
        )
        assert reply["status"] == "ok", f"{reply.get('ename')}: {reply.get('evalue')}"

    def cells(self) -> list[str]:
        """Give the source of every cell, in order."""
        return self.page.evaluate("desk.model().cells.map(c => c.source)")

    def errors(self) -> list[str]:
        """Give every error a learner would see in an output: a failed cell, a dead widget."""
        failed = self.page.evaluate(
            "desk.model().cells.flatMap(c => (c.outputs || [])"
            ".filter(o => o.output_type === 'error').map(o => `${o.ename}: ${o.evalue}`))"
        )
        outputs = self.page.locator(".jp-OutputArea-output").all_inner_texts()
        dead = ("Error displaying widget", "Error creating widget", "Javascript Error", "Failed to")
        return failed + [text for text in outputs if text.lstrip().startswith(dead)]

    def save(self) -> dict:
        """Save the notebook and give the file's content."""
        self._command("docmanager:save")
        name = self.page.evaluate("desk.panel().context.path")
        return json.loads((self.lab.folder / name).read_text(encoding="utf-8"))

    # --- the charts

    def marks(self, within: str = ".lm-chart") -> list[str]:
        """Give the shapes of all marks in live panels (or within another selector), for comparing.

        Waits until at least one is drawn. ``within=".vega-embed"`` is for still charts.
        """
        paths = f"{within} .role-mark path[d]"
        self.page.wait_for_selector(paths, state="attached")  # a flat line has no height to see
        return self.page.locator(paths).evaluate_all("all => all.map(e => e.getAttribute('d'))")

    def wait_for_other_marks(self, before: list[str], within: str = ".lm-chart") -> list[str]:
        """Wait until the marks differ from ``before``; gives the new ones."""
        self.page.wait_for_function(
            "([paths, before]) => before !== JSON.stringify("
            "[...document.querySelectorAll(paths)].map(e => e.getAttribute('d')))",
            arg=[f"{within} .role-mark path[d]", json.dumps(before, separators=(",", ":"))],
        )
        return self.marks(within)

    def wait_for_panels(self) -> None:
        """Wait until every live panel shows what its controls say."""
        self.page.wait_for_function("!document.querySelector('.lm-panel[data-at-work]')")
        self.settle()

    # --- the look

    def theme(self, name: str) -> None:
        """Switch JupyterLab to its ``"light"`` or ``"dark"`` theme."""
        self._command("apputils:change-theme", {"theme": f"JupyterLab {name.title()}"})
        light = "true" if name == "light" else "false"
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")
        self.settle()

    def screenshot(self, name: str, selector: str | None = None) -> Path:
        """Save the whole notebook (or one element) as ``screenshots/name.png``; gives the path.

        Only where ``LESSONS_SCREENSHOTS`` is set: they are for the eyes, and take their time.
        """
        path = ROOT / "screenshots" / f"{name}.png"
        if not os.environ.get("LESSONS_SCREENSHOTS"):
            return path
        if selector:
            element = self.page.locator(selector).first
            high = element.evaluate("e => Math.ceil(e.getBoundingClientRect().height)")
            self.page.set_viewport_size({"width": 1280, "height": max(900, high + 300)})
            self.settle()
            place = element.evaluate(
                "e => { e.scrollIntoView({ block: 'center' }); return e.getBoundingClientRect().toJSON() }"
            )
            self.settle()
            clip = {side: place[side] for side in ("x", "y", "width", "height")}
            self.page.screenshot(path=path, clip=clip)
            self.page.set_viewport_size({"width": 1280, "height": 900})
            return path
        high = self.page.evaluate(
            "Math.max(...[...document.querySelectorAll('.jp-WindowedPanel-outer')]"
            ".map(e => e.scrollHeight))"
        )
        self.page.set_viewport_size({"width": 1280, "height": min(high + 120, 16000)})
        self.page.evaluate(
            "document.querySelectorAll('.jp-WindowedPanel-outer').forEach(e => (e.scrollTop = 0))"
        )
        self.settle()
        self.page.screenshot(path=path)
        self.page.set_viewport_size({"width": 1280, "height": 900})
        return path

    def axe(self, selector: str = ".jp-OutputArea-output") -> list[str]:
        """Look for breaches of WCAG 2.0 to 2.2, A and AA, inside the elements of a selector.

        Returns
        -------
        list of str
            One line a breach: the rule, what it asks, the element. Empty when all is well.
        """
        if not self.page.evaluate("Boolean(window.axe)"):
            self.page.evaluate((HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "async ([include, values]) => (await axe.run({include: [include]},"
            "{runOnly: {type: 'tag', values}, resultTypes: ['violations']})).violations",
            [selector, list(WCAG)],
        )
        return [
            f"{breach['id']}: {breach['help']}: {node['html'][:200]} {node['failureSummary']}"
            for breach in found
            for node in breach["nodes"]
        ]

    def settle(self) -> None:
        """Wait until the page has painted twice: what was asked for is on the screen."""
        self.page.evaluate(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    # --- inside

    def _command(
        self, name: str, arguments: dict | None = None, *, seconds: float = PATIENCE
    ) -> None:
        """Carry out one of JupyterLab's commands and wait for its end, but not for ever."""
        self.page.evaluate("([name, args]) => { desk.run(name, args) }", [name, arguments or {}])
        self.page.wait_for_function("!desk.busy", timeout=seconds * 1000)

    def _wait_for_kernel(self) -> None:
        self.page.wait_for_function("desk.panel()?.context?.isReady && desk.session()")
        self.page.wait_for_function("desk.kernel()?.status === 'idle'")
        self.settle()

    def _note_outside(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.outside.append(url)

    def _hear(self, message: object) -> None:
        if message.type == "error":
            self.problems.append(message.text)
