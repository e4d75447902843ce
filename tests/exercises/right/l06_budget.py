"""Right answers to "spend a refresh budget better than evenly"."""

from exercises.wrong.l06_budget import plan

RIGHT = [
    (
        "one price for all, in closed form",
        """
import numpy as np
from scipy.special import gammaincinv

def spend(changes, popularity, budget):
    low, high = 0.0, (popularity / changes).max()
    for _ in range(80):
        price = (low + high) / 2
        with np.errstate(divide="ignore"):
            rates = changes / gammaincinv(2, np.minimum(price * changes / popularity, 1))
        low, high = (price, high) if rates.sum() > budget else (low, price)
    return rates * budget / rates.sum()
""",
    ),
    (
        "slice by slice",
        """
import heapq
import numpy as np

def spend(changes, popularity, budget):
    def fresh(key, rate):
        return rate / changes[key] * -np.expm1(-changes[key] / rate) if rate else 0.0

    step, rates = budget / (8 * len(changes)), [0.0] * len(changes)
    heap = [(-popularity[key] * fresh(key, step), key) for key in range(len(changes))]
    heapq.heapify(heap)
    for _ in range(8 * len(changes)):
        _, key = heap[0]
        rates[key] += step
        gain = fresh(key, rates[key] + step) - fresh(key, rates[key])
        heapq.heapreplace(heap, (-popularity[key] * gain, key))
    return [rate * (1 - 1e-12) for rate in rates]
""",
    ),
    (
        "a tuple",
        plan(
            "worth = popularity / (changes + budget / len(changes)) ** 1.0\nworth = np.sqrt(worth)\nreturn tuple(budget * worth / worth.sum())"
        ),
    ),
    (
        "a general optimiser on a formula",
        """
import numpy as np

def spend(changes, popularity, budget):
    rates = np.full(len(changes), budget / len(changes))
    for _ in range(300):
        r = changes / np.maximum(rates, 1e-12)
        gain = popularity / changes * (1 - (1 + r) * np.exp(-r))
        rates = rates * (gain / (gain @ rates / budget)) ** 0.3
        rates *= budget / rates.sum()
    return rates
""",
    ),
]
