"""What stands behind ``python3 -m lessons_lib``: the environment, the working copy, the commands.

Standard library only, because it runs before anything is installed. It knows no lesson's content.
"""

from lessons_lib.cli.environment import Problem
from lessons_lib.cli.run import certificate, lab, refresh, reset, scale, test, wheels

commands = {
    "certificate": certificate,
    "lab": lab,
    "refresh": refresh,
    "reset": reset,
    "scale": scale,
    "test": test,
    "wheels": wheels,
}

__all__ = ["Problem", "commands"]
