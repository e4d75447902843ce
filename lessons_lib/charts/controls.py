"""The two controls of a live panel: a slider over a fixed row of values, and a choice.

They know numbers, labels and units, and nothing of a browser: what can be chosen is worked out here
once, so that the kernel, the page and the tests share it.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field

MANTISSAS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
"""The positions of a logarithmic slider in each decade: round numbers, ten to the decade."""


@dataclass(frozen=True)
class Slider:
    """A labelled slider over a row of values, its `options`; it stands at `value` at first.

    `name` is its key in the settings, and `label` what the learner reads. The row goes from `start`
    to `stop`, in equal steps of `step` or (`log`) over round numbers, ten to the decade; or it is
    `values`, which rise. `format` writes a value for people; without it `unit` follows the number.

    >>> Slider("servers", "Servers", value=2, start=1, stop=4, step=1).options
    (1, 2, 3, 4)
    >>> Slider("latency", "Latency", "s", value=0.002, start=0.001, stop=0.01, log=True).options
    (0.001, 0.0012, 0.0015, 0.002, 0.0025, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01)
    """

    name: str
    label: str
    unit: str = ""
    _: KW_ONLY
    value: float
    start: float = math.nan
    stop: float = math.nan
    step: float | None = None
    log: bool = False
    values: Sequence[float] | None = None
    format: Callable[[float], str] | None = None
    options: tuple = field(init=False, repr=False)

    def __post_init__(self) -> None:
        options = self._row()
        if len(options) < 2 or list(options) != sorted(set(options)):
            raise ValueError(f"Slider {self.name!r} has no rising row of values: {options}.")
        object.__setattr__(self, "options", options)
        position(self, self.value)

    def text(self, value: float) -> str:
        """One of its values for people, with the unit."""
        return self.format(value) if self.format else f"{value:,.12g} {self.unit}".strip()

    def _row(self) -> tuple:
        if self.values is not None:
            return tuple(self.values)
        if not self.start < self.stop or (self.log and self.start <= 0):
            raise ValueError(
                f"Slider {self.name!r} cannot go from {self.start} to {self.stop}"
                f"{' in decades' if self.log else ''}: give start < stop, or values=[...]."
            )
        if self.log:
            return _decades(self.start, self.stop, self.value)
        if not self.step or self.step <= 0:
            raise ValueError(f"Slider {self.name!r} needs step=..., log=True or values=[...].")
        count = math.floor((self.stop - self.start) / self.step + 1e-9) + 1
        return tuple(_clean(self.start + i * self.step) for i in range(count))


@dataclass(frozen=True)
class Choice:
    """A labelled list of which one entry is chosen, the first unless `value` says another.

    `options` that are a mapping give the words that the learner reads for each value.

    >>> Choice("input", "Input", {"words of a film review": "words"}).options
    ('words',)
    """

    name: str
    label: str
    options: Sequence | Mapping[str, object]
    value: object = None
    texts: tuple = field(init=False, repr=False)

    def __post_init__(self) -> None:
        given = self.options
        pairs = given if isinstance(given, Mapping) else {str(option): option for option in given}
        if not pairs:
            raise ValueError(f"Choice {self.name!r} has nothing to choose from.")
        object.__setattr__(self, "texts", tuple(pairs))
        object.__setattr__(self, "options", tuple(pairs.values()))
        if self.value is None:
            object.__setattr__(self, "value", self.options[0])
        position(self, self.value)

    def text(self, value: object) -> str:
        """The words for one of its values."""
        return self.texts[self.options.index(value)]


def position(control: Slider | Choice, value: object) -> int:
    """A value's place among a control's options; the ValueError names what it can take."""
    if value in control.options:
        return control.options.index(value)
    near = list(control.options)
    if isinstance(control, Slider) and isinstance(value, (int, float)):
        near = sorted(sorted(near, key=lambda option: abs(option - value))[:2])
    raise ValueError(
        f"{control.name}={value!r} is not a position of the control {control.label!r}: "
        f"take {' or '.join(map(repr, near))}."
    )


def _decades(start: float, stop: float, value: float) -> tuple:
    first, last = math.floor(math.log10(start)), math.ceil(math.log10(stop))
    row = {_clean(m * 10.0**exponent) for exponent in range(first, last + 1) for m in MANTISSAS}
    return tuple(sorted({v for v in row if start <= v <= stop} | {start, value, stop}))


def _clean(number: float) -> float:
    """Take off what binary arithmetic adds (0.30000000000000004), and the point of whole numbers."""
    number = float(f"{number:.12g}")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
