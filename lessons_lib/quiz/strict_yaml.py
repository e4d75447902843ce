"""Reads YAML without its traps; every value knows the line it came from only through errors.

Used by `lessons_lib.quiz.bank`. It must not know what a question is.

Plain ``Yes``, ``12:30``, ``02`` and ``1_000`` stay text, and ``1e3`` is a number, as YAML 1.2 has it
(YAML 1.1, which most readers follow, makes them true, 750, 2, 1000 and text). Repeated keys, tabs
and text cut off by a ``#`` are errors; a comment behind a value has two spaces before its ``#``.
"""

import re
from pathlib import Path
from typing import Any

import yaml

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlError(ValueError):
    """A file that cannot be read; the message names the file and the line."""


def read(path: Path) -> Any:
    """The content of a YAML file as dicts, lists, strings, numbers, booleans and None."""
    return parse(path.read_text(encoding="utf-8"), path.name)


def parse(text: str, name: str) -> Any:
    """The content of YAML text; `name` stands for the file in messages.

    Examples
    --------
    >>> parse("{a: Yes, b: 12:30, c: 1e3, d: 02, e: true}", "example")
    {'a': 'Yes', 'b': '12:30', 'c': 1000.0, 'd': '02', 'e': True}
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(f"{_line(name, mark)}: {_way_out(text, error, mark)}") from None
    except yaml.YAMLError as error:
        raise YamlError(f"{name}: {error}") from None
    if node is None:
        raise YamlError(f"{name} is empty.")
    return _build(node, name, text.splitlines())


def _build(node: yaml.Node, name: str, lines: list[str]) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, name, lines) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        found: dict = {}
        for key_node, value_node in node.value:
            key = _build(key_node, name, lines)
            if not isinstance(key, str):
                where = _line(name, key_node.start_mark)
                raise YamlError(f"{where}: the key {key!r} is not text. Put it in quotes.")
            if key in found:
                where = _line(name, key_node.start_mark)
                raise YamlError(f"{where}: {key!r} stands here a second time. Remove one of them.")
            found[key] = _build(value_node, name, lines)
        return found
    if node.style is not None:  # quoted or a block
        return node.value
    end = node.end_mark
    rest = lines[end.line][end.column :] if end.line < len(lines) else ""
    cut = rest.lstrip().startswith("#") and not rest.startswith("  ")
    if cut or re.match(r"\s+#\S", rest):
        raise YamlError(
            f"{_line(name, end)}: a # cuts the text off. Quote it, or write '  # note'."
        )
    return _scalar(node.value)


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and not re.match(r"[-+]?0[0-9]", text):
        return float(text)
    return text


def _line(name: str, mark: yaml.Mark | None) -> str:
    return f"{name}, line {mark.line + 1}" if mark else name


def _way_out(text: str, error: yaml.MarkedYAMLError, mark: yaml.Mark | None) -> str:
    line = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
    if "\t" in line:
        return "a tab stands here. Indent with spaces."
    if "mapping values" in (error.problem or ""):
        return "a colon followed by a space is read as a new field. Put the text in quotes."
    return f"{error.problem}. Text that starts with a sign or holds ': ' needs quotes."
