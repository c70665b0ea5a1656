"""The text of formulas: a text, a sheet's name, a link as a formula takes them, whatever signs stand in them.

Nothing else puts words into a formula (``tests/house`` looks), so no name of a project or a body becomes part of one.
"""

from __future__ import annotations

import re

LONGEST_TEXT = 255  # characters of a text within a formula, Excel's limit
_HANZI = re.compile("[\u4e00-\u9fff]+")


def text(words: str) -> str:
    """A text as a formula holds it, in quotes; one that is too long as several that are joined."""
    parts = [words[start : start + LONGEST_TEXT] for start in range(0, len(words), LONGEST_TEXT)]
    quoted = "&".join(_in_quotes(part) for part in parts or [""])
    return f"({quoted})" if len(parts) > 1 else quoted


def _in_quotes(part: str) -> str:
    return '"' + part.replace('"', '""') + '"'


def sheet(name: str) -> str:
    """A sheet's name as a formula takes it: in apostrophes, its own ones doubled; as it is where it is of hanzi alone."""
    if _HANZI.fullmatch(name):
        return name
    return "'" + name.replace("'", "''") + "'"


def at(name: str, cells: object) -> str:
    """Cells (``A1``, ``$B$4:$B$9``) of a sheet: ``'01 管网'!A1``."""
    return f"{sheet(name)}!{cells}"


def link(name: str, cell: object, shown: str) -> str:
    """HYPERLINK to a cell of a sheet of the same book; ``shown`` is the expression of what the cell says."""
    return f"HYPERLINK({text('#' + at(name, cell))},{shown})"


def link_into(path: str, name: str, cell: object, words: str) -> str:
    """HYPERLINK to a cell of a sheet of another file, to the file alone where ``name`` is ""; ``path``, with "/", from where the
    formula's file lies, ``words`` are what the cell says."""
    return f"HYPERLINK({text(f'{path}#{at(name, cell)}' if name else path)},{text(words)})"


def can_lead_to(path: str) -> bool:
    """Whether programs find a file of this path by a link: # begins a place in it, % a sign's number, and the whole has a limit."""
    return not set("#%") & set(path) and len(path) <= LONGEST_TEXT - 60


def as_is(expression: str) -> str:
    """A criterion of SUMIF, as an expression: equal to a text in which * ? ~ and a leading sign mean themselves."""
    for sign in "~*?":
        expression = f'SUBSTITUTE({expression},"{sign}","~{sign}")'
    return f'"="&{expression}'


def renamed(formula: str, old: str, new: str) -> str:
    """The formula with another sheet's name for ``old``, in its references and in the targets of its links."""
    return _SHEETS.sub(lambda token: _renamed(token[0], old, new), formula)


def names_sheet(formula: str, name: str) -> bool:
    """Whether a formula refers to a sheet, or holds a link to it."""
    return renamed(formula, name, "") != formula


# A text; the name of a sheet in apostrophes (quotes may stand in it); one without, perhaps of another book.
_SHEETS = re.compile(r"""\"(?:[^"]|"")*"|'(?:[^']|'')*'!|(?<![#\w.])(?:\[[^\]]*\])?[\w.]+!""")


def _renamed(token: str, old: str, new: str) -> str:
    if token.startswith('"'):
        target = token[1:-1].replace('""', '"')
        return text("#" + renamed(target[1:], old, new)) if target.startswith("#") else token
    name = token[1:-2].replace("''", "'") if token.startswith("'") else token[:-1]
    return sheet(new) + "!" if name.casefold() == old.casefold() else token
