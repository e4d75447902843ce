"""Coverage: the share of requests that a table can answer.

Used through `board` in lessons 01, 02 and 05. It counts keys and knows nothing of flights but the
names of two columns.
"""

import pandas as pd


def coverage(table, requests) -> float:
    """The share of requests whose key is in the table.

    Parameters
    ----------
    table, requests : sequence of str
        Keys; a key asked for twice counts twice.

    Examples
    --------
    >>> coverage(["a", "b"], ["a", "a", "b", "c"])
    0.75
    """
    requests = pd.Series(requests)
    return float(requests.isin(pd.unique(pd.Series(table))).mean())


def head_share(requests, tops=(10, 100, 1000)) -> dict[int, float]:
    """The share of requests that the most frequent keys carry, for each number in `tops`.

    Examples
    --------
    >>> head_share(["a", "a", "b", "c"], tops=(1, 2))
    {1: 0.5, 2: 0.75}
    """
    counts = pd.Series(requests).value_counts().to_numpy()
    return {top: float(counts[:top].sum() / counts.sum()) for top in tops}


def trailing_coverage(board: pd.DataFrame, *, days: int = 7) -> float:
    """Coverage of a table remade each night from the keys of the last `days` days.

    The first `days` days of the year are not counted: their tables would not be complete.
    """
    if days < 1:
        raise ValueError(f"A table cannot be made from {days} days: give 1 or more.")
    seen = board[["key", "day"]].drop_duplicates().sort_values(["key", "day"])
    seen["gap"] = seen.groupby("key")["day"].diff()
    gaps = board[["key", "day"]].merge(seen, on=["key", "day"])
    return float((gaps.loc[gaps["day"] > days, "gap"] <= days).mean())
