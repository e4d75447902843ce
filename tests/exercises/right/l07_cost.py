"""Right answers to "price both modes from measured seconds"."""

from exercises.wrong.l07_cost import BOTH, JOB, but

RIGHT = [
    ("a list", but(BOTH, "return [job + requests * look_up, requests * run]")),
    (
        "NumPy",
        but(
            BOTH,
            "return np.array([job + requests * look_up, requests * run])",
            "def",
            "import numpy as np\ndef",
        ),
    ),
    (
        "in hours",
        but(
            JOB,
            'hours = rows * refreshes * seconds["row"] / 60 / 60\njob = hours * prices["batch"]',
        ),
    ),
    (
        "the package's bill",
        """
from lessons_lib import cost

def cost_of_a_day(requests, rows, refreshes, seconds, prices):
    ratio = prices["server"] / cost.price("server"), prices["batch"] / cost.price("batch")
    job = cost.bill(batch_seconds=rows * refreshes * seconds["row"]).total * ratio[1]
    asked = cost.bill(server_seconds=requests * seconds["look-up"]).total * ratio[0]
    return job + asked, cost.bill(server_seconds=requests * seconds["run"]).total * ratio[0]
""",
    ),
    (
        "a matrix product",
        """
import numpy as np

def cost_of_a_day(requests, rows, refreshes, seconds, prices):
    work = np.array([[rows * refreshes * seconds["row"], requests * seconds["look-up"]],
                     [0.0, requests * seconds["run"]]])
    return work @ np.array([prices["batch"], prices["server"]]) / 3600
""",
    ),
]
