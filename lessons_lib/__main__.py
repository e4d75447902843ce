"""The door of the course: ``python3 -m lessons_lib lab`` and ``python3 -m lessons_lib test``.

Standard library only. This file and the package's ``__init__`` use no syntax that a Python which is
too old cannot read: they have to tell such a Python what to do. The work is done in `lessons_lib.cli`.
"""

import sys

from lessons_lib import NEWEST, OLDEST, own_files_last

USAGE = """Ahead of Time, On Demand: a course on static and dynamic inference.

  {python} -m lessons_lib lab   [arguments for JupyterLab]   open the course
  {python} -m lessons_lib test  [arguments for pytest]       run the whole test-suite
  {python} -m lessons_lib reset 02                           a fresh copy of lesson 02; save first, yours is kept beside it
  {python} -m lessons_lib certificate FILE [...] [--again]   teachers: check certificates of the last lesson
  {python} -m lessons_lib scale                              add Ray, which lesson 10 can show (1 GB of memory)
  {python} -m lessons_lib wheels                             fetch the packages for a room without internet
  {python} -m lessons_lib refresh [02 ...]                   maintainers: run the notebooks, store their outputs

The first start makes the folder .venv and takes a minute or so; the next one takes seconds.
"""


def main(arguments):
    """Run one command; the exit code."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return complain(
            "This is Python {}.{}, and the course needs {}.{} to {}.{}: install one of them and start it by its name, for"
            " example python3.12 -m lessons_lib lab (Windows: py -3.12 -m lessons_lib lab).".format(
                *(tuple(sys.version_info[:2]) + OLDEST + NEWEST)
            )
        )
    from lessons_lib.cli import Problem, commands
    from lessons_lib.files import reason

    name = arguments[0] if arguments else "help"
    if name in ("help", "-h", "--help"):
        print(USAGE.format(python="py" if sys.platform == "win32" else "python3"))
        return 0
    if name not in commands:
        return complain(
            "There is no command {!r}: use one of {}.".format(name, ", ".join(sorted(commands)))
        )
    try:
        return commands[name](arguments[1:])
    except Problem as problem:
        return complain(str(problem))
    except OSError as error:
        where = "{}: ".format(error.filename) if error.filename else ""
        return complain("{}{}, then start again.".format(where, reason(error)))
    except KeyboardInterrupt:
        return 130


def complain(line):
    """Say in one line what is wrong and what to do; the exit code of a failure."""
    sys.stderr.write(line + "\n")
    return 1


if __name__ == "__main__":
    own_files_last(sys.path[0])
    sys.exit(main(sys.argv[1:]))
