"""Prometheus on this machine: it scrapes a service, keeps its alert rules, and tests them.

Where there is no Prometheus the same rules are evaluated on the same text, by `monitor.rings`. It
knows an address and rules, not what is behind them.
"""

import contextlib
import datetime
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import weakref
from collections.abc import Mapping
from pathlib import Path

import httpx
import yaml

from lessons_lib import monitor
from lessons_lib.process import PREFIX, Child, free_port

EVERY = 0.25
"""Seconds from one scrape to the next, and from one look at the rules to the next."""
MISSING = "There is no Prometheus on this machine (Debian and Ubuntu: apt-get install prometheus): "
MISSING += "the same rules are evaluated here, on the same text."


def watch(url: str, rules: Mapping[str, str]) -> "Prometheus | TextWatch":
    """Watch the service at `url` with alert rules, PromQL by name: by Prometheus if it is here."""
    program = shutil.which("prometheus")
    return TextWatch(url, rules) if program is None else Prometheus(program, url, rules)


class Prometheus:
    """A Prometheus of our own, on a free port, with a temporary folder; it ends with this process."""

    def __init__(self, program: str, url: str, rules: Mapping[str, str]):
        # `process.sweep` finds the folder by its name, should this process be killed.
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        config = {
            "global": {"scrape_interval": "250ms", "evaluation_interval": "250ms"},
            "rule_files": ["rules.yml"],
            "scrape_configs": [
                {"job_name": "board", "static_configs": [{"targets": [_address(url)]}]}
            ],
        }
        (self.folder / "rules.yml").write_text(_rule_file(rules), encoding="utf-8")
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        self.url = f"http://127.0.0.1:{free_port()}"
        command = [program, f"--config.file={self.folder / 'prometheus.yml'}", "--log.level=warn"]
        command += [f"--storage.tsdb.path={self.folder / 'data'}"]
        command += [f"--web.listen-address={_address(self.url)}"]
        child = Child.program("Prometheus", command)
        self._end = weakref.finalize(self, _end, child, self.folder)
        child.wait(self._ready, 60)

    def __repr__(self) -> str:
        return f"<Prometheus at {self.url}, a look every {EVERY} s>"

    def alerts(self) -> dict[str, str]:
        """The state of each alert, ``firing`` or ``inactive``, once two scrapes more were looked at.

        After its start Prometheus takes some seconds before it scrapes for the first time.
        """
        after = time.time() + 2 * EVERY
        while (scraped := self._last_scrape()) < after:
            time.sleep(0.1)
        while True:
            groups = self._ask("rules")["groups"]
            rules = [rule for group in groups for rule in group["rules"]]
            if all(_moment(rule["lastEvaluation"]) > scraped for rule in rules):
                return {rule["name"]: rule["state"] for rule in rules}
            time.sleep(0.1)

    def stop(self) -> None:
        """End it and remove its folder."""
        self._end()

    def _ready(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/-/ready", trust_env=False).status_code == 200
        return False

    def _last_scrape(self) -> float:
        """When the last scrape was over, seconds since the epoch."""
        ends = [
            _moment(target["lastScrape"]) + target["lastScrapeDuration"]
            for target in self._ask("targets")["activeTargets"]
        ]
        return max(ends, default=0.0)

    def _ask(self, what: str) -> dict:
        return httpx.get(f"{self.url}/api/v1/{what}", trust_env=False).json()["data"]


class TextWatch:
    """The same without Prometheus: reads ``/metrics`` in a thread and evaluates the rules on it."""

    def __init__(self, url: str, rules: Mapping[str, str]):
        self.url, self.rules, self._scrapes = url, rules, []
        self._stopped = threading.Event()
        threading.Thread(target=self._scrape, daemon=True).start()

    def __repr__(self) -> str:
        return MISSING

    def alerts(self) -> dict[str, str]:
        """As `Prometheus.alerts`."""
        time.sleep(3 * EVERY)
        state = {True: "firing", False: "inactive"}
        seen = self._scrapes[:]
        return {name: state[monitor.rings(rule, seen)] for name, rule in self.rules.items()}

    def stop(self) -> None:
        """Scrape no more."""
        self._stopped.set()

    def _scrape(self) -> None:
        while not self._stopped.wait(EVERY):
            text = None
            with contextlib.suppress(httpx.HTTPError):
                text = httpx.get(f"{self.url}/metrics", trust_env=False).text
            self._scrapes = [*self._scrapes[-200:], monitor.read_scrape(time.time(), text)]


def unit_test(rules: Mapping[str, str], cases: Mapping[str, tuple[dict, int, set]]) -> str:
    """Unit-test rules with ``promtool test rules``, as teams do before a rule goes live.

    Each case has series, in promtool's own writing (``"5+60x90"``: 5 at first, then 60 more each
    minute, 90 times), the minute at which to look, and the names of the alerts that should ring
    then. Gives what the tool says, ``SUCCESS`` if each case is as it should be.
    """
    program = shutil.which("promtool")
    if program is None:
        return "There is no promtool on this machine: the check above has tried the rules already."
    firing = 'count by (alertname) (ALERTS{alertstate="firing"})'
    tests = []
    for name, (series, minute, ringing) in cases.items():
        wanted = [{"labels": f'{{alertname="{alert}"}}', "value": 1} for alert in sorted(ringing)]
        look = {"expr": firing, "eval_time": f"{minute}m", "exp_samples": wanted}
        given = [{"series": which, "values": values} for which, values in series.items()]
        test = {"name": name, "interval": "1m", "input_series": given, "promql_expr_test": [look]}
        tests.append(test)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "rules.yml").write_text(_rule_file(rules), encoding="utf-8")
        text = yaml.safe_dump({"rule_files": ["rules.yml"], "tests": tests})
        Path(folder, "tests.yml").write_text(text, encoding="utf-8")
        command = [program, "test", "rules", "tests.yml"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    return (done.stdout + done.stderr).strip()


def _rule_file(rules: Mapping[str, str]) -> str:
    """The rules as Prometheus reads them."""
    made = [{"alert": name, "expr": rule} for name, rule in rules.items()]
    return yaml.safe_dump({"groups": [{"name": "board", "rules": made}]}, sort_keys=False)


def _end(child: Child, folder: Path) -> None:
    child.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _address(url: str) -> str:
    return url.removeprefix("http://")


def _moment(text: str) -> float:
    """Seconds since the epoch of a moment as Prometheus writes it, to the nanosecond."""
    return datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d*", r"\1", text)).timestamp()
