"""Right answers to "name the part at fault"."""

from exercises.wrong.l11_fault import LOST, RETURN, but

RIGHT = [
    ("a list", but(RETURN, RETURN.replace("return attack, ", "return [attack, ") + "]")),
    ("the lowest value", but(LOST, 'lost = -(parts["value"] - parts["value"]["calm"])')),
    (
        "in plain Python",
        """
def part_at_fault(parts, design):
    rows = parts.to_dict("index")
    calm = rows.pop("calm")
    attack = min(rows, key=lambda name: rows[name]["value"])
    row = rows[attack]
    if row["value"] >= calm["value"]:
        return None
    worse = [
        (calm["coverage"] - row["coverage"], "servers" if design.mode != "static" else "table_size"),
        (row["staleness"] - calm["staleness"], "ttl" if design.mode == "dynamic" else "refresh"),
        (row["bad"] - calm["bad"], "alarms"),
    ]
    return attack, max(worse)[1]
""",
    ),
]
