"""What the gate found, in a form that people can read and `publish` can obey.

It knows no check: those stand in `lessons_lib.static.gate`.
"""

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

    def require(self, candidate, checksum: str | None = None) -> None:
        """Raise GateRefusedError unless this report lets `candidate` be published.

        Parameters
        ----------
        candidate : path
            The file.
        checksum : str, optional
            That of what was read from it to be published; without it, the file is read. It is the
            content that counts, also where it stands in a write-ahead log, not the file's bytes.
        """
        if not self.passed:
            raise GateRefusedError(f"The gate refuses {candidate}.\n{self}", report=self)
        if (checksum or table.read_table(candidate).checksum) != self.checksum:
            raise GateRefusedError(
                f"{candidate} is not the file that was verified ({self.candidate}), or has changed "
                f"since: verify it again.",
                report=self,
            )

    def shown(self) -> pd.DataFrame:
        """The first few failures of each check."""
        return self.failures.groupby("check", sort=False).head(SHOWN)

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
        for check, found in self.shown().groupby("check", sort=False):
            lines.append(f"{check}:")
            lines += [f"  {key}: {text}, expected {wanted}" for key, text, wanted in _texts(found)]
            lines += self._rest(check, len(found), "  ")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "<tr><th>check</th><th>key</th><th>found</th><th>expected</th></tr>"
        rows = []
        for check, found in self.shown().groupby("check", sort=False):
            rows += [
                "".join(f"<td>{escape(str(cell))}</td>" for cell in (check, *texts))
                for texts in _texts(found)
            ]
            rows += [f'<td colspan="4">{more}</td>' for more in self._rest(check, len(found), "")]
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        failing = f"<table>{head}{body}</table>" if rows else ""
        checks = self.checks.to_html(index=False, border=0)
        return (
            f"<p><strong>{escape(self.headline())}</strong></p>{failing}"
            f"<details><summary>All checks</summary>{checks}</details>"
        )

    def _rest(self, check: str, shown: int, indent: str) -> list[str]:
        more = int((self.failures["check"] == check).sum()) - shown
        return [f"{indent}and {more:,} more"] if more > 0 else []


def _texts(found: pd.DataFrame):
    """The cells of failing rows as people read them; look-alike keys by their escapes too."""
    for row in found.itertuples():
        key, value = str(row.key), row.value
        if not key.isascii() or key != " ".join(key.split()):
            key = f"{key} ({key!a})"
        if isinstance(value, float):
            value = f"{value:.4g}" if abs(value) < 1e4 else f"{value:.15g}"
        yield key, repr(value) if isinstance(value, bytes) else str(value), row.expected
