"""What can go wrong with a table of predictions, one class for each thing you would do about it.

Used by every file of `lessons_lib.static`. Knows nothing but words: each message names the table
or the file, and the way out.
"""


class TableError(RuntimeError):
    """Something is wrong with a table of predictions; the message says what to do next."""


class NotPublishedError(TableError):
    """There is no such version to serve: nothing was published, or it was pruned."""


class CorruptTableError(TableError):
    """A file is damaged or is not a table of predictions; the message names the file."""


class UnfinishedError(TableError):
    """A candidate is not complete: its job was killed, or is still running."""


class ResumeError(TableError):
    """A job would mix two tables: its keys, model or as_of are not those it began with."""


class GateRefusedError(TableError):
    """The verification before publishing did not pass.

    Attributes
    ----------
    report : lessons_lib.static.gate.Report
        What was found; ``report.failures`` names the rows.
    """

    def __init__(self, message: str, report=None):
        super().__init__(message)
        self.report = report


class UnavailableError(TableError):
    """The server that holds a shared table does not answer."""


class FallbackWarning(UserWarning):
    """A version could not be served, and an earlier one answers in its place."""


def not_published(table: str) -> NotPublishedError:
    """The error of a table of which no version exists."""
    return NotPublishedError(f"PredictionTable '{table}' is not published: run publish().")
