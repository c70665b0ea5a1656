"""What is kept in the hidden sheet for taking the columns out: as data, bounded, and believed only where the file bears it out.

For each part that was spliced, what stood where now something else stands. A file with a false memory is one of which the parts
are cleaned by reading (``taking``), as after any other edit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from perfeval.books.beside.model import MARK
from perfeval.budget import KEPT_BESIDE
from perfeval.forms.grid import Address, Grid

Splice = tuple[int, int, str]
Undoing = Mapping[str, Sequence[Splice]]  # by part, the splices of its present text that give the former one
_CHUNK = 30_000  # characters of a cell; Excel takes 32,767
COLUMN = 20  # behind the tables that formulas look up


def inverse(text: str, splices: Iterable[Splice]) -> list[Splice]:
    """The splices that take back those of a text."""
    found, shift = [], 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        found.append((start + shift, start + shift + len(new), text[start:end]))
        shift += len(new) - (end - start)
    return found


def undone(text: str, splices: Sequence[Splice]) -> str | None:
    """The text with splices taken back; None where they do not lie in it one behind another."""
    parts, at = [], 0
    for start, end, new in splices:
        if not at <= start <= end <= len(text):
            return None
        parts += (text[at:start], new)
        at = end
    return "".join((*parts, text[at:]))


def cells(undoing: Undoing) -> Iterator[tuple[Address, str]]:
    """The cells of the hidden sheet that keep it."""
    yield Address(1, COLUMN), MARK
    text = json.dumps(undoing, separators=(",", ":"))
    for number, start in enumerate(range(0, len(text), _CHUNK)):
        yield Address(2 + number, COLUMN), text[start : start + _CHUNK]


def read(grid: Grid) -> Undoing | None:
    """What the hidden sheet keeps; None for a sheet that is not ours. What cannot be read keeps nothing."""
    if grid[1, COLUMN].value != MARK:
        return None
    chunks: list[str] = []
    while isinstance(chunk := grid[2 + len(chunks), COLUMN].value, str):
        chunks.append(chunk)
        if len(chunks) * _CHUNK > KEPT_BESIDE:
            return {}
    try:
        kept = json.loads("".join(chunks))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {part: [tuple(one) for one in splices] for part, splices in kept.items() if _are_splices(splices)}


def _are_splices(kept: object) -> bool:
    return isinstance(kept, list) and all(
        isinstance(one, list) and len(one) == 3 and type(one[0]) is type(one[1]) is int and isinstance(one[2], str)
        for one in kept
    )
