"""Wrong answers to "name the part at fault"."""

from exercises.variants import changes

but = changes("l11_fault")
LOST = 'lost = parts.loc["calm", "value"] - parts["value"]'
ATTACK = "attack = lost.idxmax()"
RETURN = 'return attack, part[worse[["coverage", "staleness", "bad"]].idxmax()]'
NONE = "if lost[attack] <= 0:\n        return None"

WRONG = [
    ("the attack alone", but(RETURN, "return attack"), "not_a_pair", "'fault'"),
    ("a text of both", but(RETURN, "return attack + ' alarms'"), "not_a_pair", "two texts"),
    ("numbers", but(RETURN, "return 1, 2"), "not_a_pair", "(1, 2)"),
    ("lowest coverage", but(ATTACK, 'attack = parts["coverage"].idxmin()'), "other_figure", "lowest coverage"),
    ("most outdated", but(ATTACK, 'attack = parts["staleness"].idxmax()'), "other_figure", "most outdated"),
    ("highest value", but(ATTACK, "attack = lost.idxmin()", "<= 0", "<= -99"), "other_figure", "highest value"),
    ("always the spike", but(ATTACK, 'attack = "spike"'), "other_figure", "lowest coverage"),
    ("always the calm", but(ATTACK, 'attack = "calm"', "<= 0", "<= -99"), "attack", "“calm”"),
    ("always the loss", but(ATTACK, 'attack = "loss"', "<= 0", "<= -99"), "attack", "“loss”"),
    ("always something", but("<= 0", "<= -99"), "nothing_lost", "give None"),
    ("something for nothing lost", but("lost[attack] <= 0", "lost[attack] < 0"), "nothing_lost", "give None"),
    ("gives up on a dime", but("lost[attack] <= 0", "lost[attack] <= 0.1"), "gave_up", "0.01 dollars"),
    ("the level", but('- parts.loc["calm"]\n', "\n", 'worse["coverage"] *= -1', 'worse["coverage"] = 1 - worse["coverage"]'), "level", "what *changed* most"),
    ("a fall is a gain", but('worse["coverage"] *= -1', 'worse["coverage"] *= 1'), "level", "what *changed* most"),
    ("size of the change", but('worse["coverage"] *= -1', "worse = worse.abs() * -1"), "part", "got worse by most"),
    ("for a hybrid only", but('"servers" if design.servers else "table_size"', '"servers"'), "not_there", "no server"),
    ("a table is always there", but('"refresh" if design.table_size else "ttl"', '"refresh"'), "not_there", "no table"),
    ("names the figure", but(RETURN, RETURN.replace("part[", "(").replace("()]", "())")), "part", "you name “bad”"),
    ("always the alarms", but(RETURN, 'return attack, "alarms"'), "part", "is the part"),
    ("changes the table", but('worse = parts', 'parts["value"] = 0\nworse = parts'), "changed", "Work on a copy"),
]  # fmt: skip
