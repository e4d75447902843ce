"""Wrong answers to "turn a letter into a plan"."""

from exercises.variants import changes

but = changes("l11_plan")
RESULT = "return rows, servers"
ROWS = "rows = 0 if rows == inf else int(rows)"
LEFT = "left = arrive[rank > rows]"
LATENCY = "simulate.fifo(left, np.full(len(left), run), servers) + run - left"
P99 = 'np.percentile(latency, 99, method="inverted_cdf")'

WRONG = [
    ("rows alone", but(RESULT, "return rows"), "not_a_pair", "Give two numbers"),
    ("a text", but(RESULT, "return str(rows), 1"), "not_a_pair", "('"),
    ("no number", but(RESULT, "return rows, float('nan')"), "not_a_pair", "nan"),
    ("a share of the keys", but(ROWS, ROWS + "\nrows = round(share * len(table))"), "percent_of_keys", "Coverage is a share of the requests"),
    ("measured on yesterday", but(ROWS, "rows = int(np.argmax(yesterday.value_counts().cumsum().to_numpy() >= share * len(yesterday))) + 1"), "yesterday", "It will be asked today's"),
    ("a table of today", but("yesterday.value_counts()", "today.value_counts()"), "hindsight", "made yesterday"),
    ("all keys where none will do", but("0 if rows == inf", "len(table) if rows == inf"), "hopeless", "you take 40"),
    ("no table at all", but(ROWS, "rows = 0"), "gave_up", "yours takes no table"),
    ("one row short", but(ROWS, ROWS + "\nrows -= rows > 0"), "rows", "The fewest with which"),
    ("the rarest keys", but("value_counts()", "value_counts(ascending=True)"), "rows", "most frequent keys"),
    ("in order of the alphabet", but("yesterday.value_counts().index", "sorted(yesterday.unique())"), "rows", "most frequent keys"),
    ("drops what is new", but("rank = ", "arrive, today = arrive[today.isin(table)], today[today.isin(table)]\nrank = "), "rows", "of today's requests or more"),
    ("a server in any case", but(RESULT, "return rows, max(servers, 1)"), "nobody", "you take 1"),
    ("servers for everybody", but(LEFT, "left = arrive"), "all_traffic", "enough for *all* requests"),
    ("servers that keep up", but(RESULT, "return rows, ceil(len(left) * run / arrive[-1])"), "keeps_up", "the queue grows at random"),
    ("the wait only", but(LATENCY, LATENCY.replace(" + run", "")), "waiting_only", "through the run as well"),
    ("p95", but("99,", "95,"), "waiting_only", "it should be 7"),
    ("the slowest", but(P99, "latency.max()"), "p99", "another percentile"),
    ("one more to be safe", but(RESULT, "return rows, servers + (servers > 0)"), "servers", "requests are left"),
    ("always three", but(RESULT, "return rows, 3 if servers else 0"), "servers", "you take 3"),
    ("changes the log", but("table = ", "today.iloc[0] = 'key 1'\ntoday.iloc[1] = 'key 2'\ntable = "), "changed", "Work on a copy"),
]  # fmt: skip
