"""What the gate found, in a form that people can read and `publish` can obey.

It knows no check: those stand in `lessons_lib.static.gate`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pandas as pd

from lessons_lib.static import table
from lessons_lib.static.errors import GateRefusedError

COLUMNS = ["check", "key", "value", "expected"]
SHOWN = 5
"""How many failing rows of each check a printed report names; the frame has them all."""


@dataclass(frozen=True)
class Report:
    """The outcome of a verification.

    Parameters
    ----------
    candidate : Path
        The file that was verified.
    checks : DataFrame
        One row per check: ``check``, ``failures`` (how many), ``status`` (passed, failed, not run).
    failures : DataFrame
        One row per failing thing: ``check``; ``key``, the key or the slice; ``value``, what was
        found; ``expected``, what would have passed.
    rows : int
        How many predictions the candidate held.
    checksum : str
        SHA-256 of what was verified (`Table.checksum`): nothing else is published in its name.
    """

    candidate: Path
    checks: pd.DataFrame
    failures: pd.DataFrame
    rows: int
    checksum: str

    @property
    def passed(self) -> bool:
        """True if no check failed."""
        return self.failures.empty

    def require(self, candidate) -> table.Table:
        """Read the file `candidate` to publish it; GateRefusedError unless this report allows that.

        It is the content that counts, also where it stands in a write-ahead log, not the file's
        bytes.
        """
        if not self.passed:
            raise GateRefusedError(f"The gate refuses {candidate}.\n{self}", report=self)
        whole = table.read_table(candidate)
        if whole.checksum != self.checksum:
            raise GateRefusedError(
                f"{candidate} is not the file that was verified ({self.candidate}), or has changed "
                f"since: verify it again.",
                report=self,
            )
        return whole

    def headline(self) -> str:
        """The verdict in one sentence."""
        ran = self.checks[self.checks["status"] != "not run"]
        failed = ran.loc[ran["status"] == "failed", "check"].tolist()
        if not failed:
            return f"Passed: {len(ran)} checks on {self.rows:,} predictions."
        return (
            f"Refused: {len(failed)} of {len(ran)} checks failed on {self.rows:,} predictions, with "
            f"{len(self.failures):,} failures ({', '.join(failed)})."
        )

    def __str__(self) -> str:
        lines = [self.headline()]
        for check, shown, more in self._shown():
            lines.append(f"{check}:")
            lines += [f"  {key}: {value}, expected {wanted}" for key, value, wanted in shown]
            lines += [f"  {more}"] if more else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = ["<th>check</th><th>key</th><th>found</th><th>expected</th>"]
        for check, shown, more in self._shown():
            rows += ["".join(f"<td>{escape(t)}</td>" for t in (check, *texts)) for texts in shown]
            rows += [f'<td colspan="4">{more}</td>'] if more else []
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        failing = "" if self.passed else f"<table>{body}</table>"
        checks = self.checks.to_html(index=False, border=0)
        return (
            f"<p><strong>{escape(self.headline())}</strong></p>{failing}"
            f"<details><summary>All checks</summary>{checks}</details>"
        )

    def _shown(self) -> Iterator[tuple[str, list[tuple[str, str, str]], str]]:
        """For each failed check its name, its first rows as texts, and how many more there are."""
        for check, found in self.failures.groupby("check", sort=False):
            rows = [_texts(row) for row in found.head(SHOWN).itertuples()]
            yield check, rows, f"and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""


def _texts(row) -> tuple[str, str, str]:
    """Key, value and expectation as people read them; look-alike keys by their escapes too."""
    key, value = str(row.key), row.value
    if not key.isascii() or key != " ".join(key.split()):
        key = f"{key} ({key!a})"
    if isinstance(value, float):
        value = f"{value:.4g}" if abs(value) < 1e4 else f"{value:.15g}"
    return key, repr(value) if isinstance(value, bytes) else str(value), str(row.expected)
