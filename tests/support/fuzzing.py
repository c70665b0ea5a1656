"""What a run of fuzzing counts: mutated packages reviewed, scored, edited; crafted values handed to functions.

Everything is read, or refused by an error of ours; anything else is kept with what brought it about.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from perfeval.books.file import FileBook
from perfeval.commands import check, score
from perfeval.errors import PerfEvalError
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address
from perfeval.functions.registry import FUNCTIONS
from support import costly
from support.mutations import crafted_calls, members, mutated

READ, REFUSED, UNTYPED = "read", "refused", "untyped errors"


@dataclass
class Outcomes:
    """How many went which way, and an example of each untyped error."""

    counts: Counter[str] = field(default_factory=Counter)
    untyped: dict[str, object] = field(default_factory=dict)

    def note(self, what: str, work: Callable[[], object], example: object) -> None:
        """Do one thing, and count how it went."""
        try:
            work()
        except PerfEvalError:
            self.counts[REFUSED] += 1
        except Exception as error:
            self.counts[UNTYPED] += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            self.untyped.setdefault(
                f"{what}: {type(error).__name__} at {Path(where.filename).name}:{where.lineno}", example
            )
        else:
            self.counts[READ] += 1

    def __str__(self) -> str:
        told = ", ".join(f"{self.counts[name]:,} {name}" for name in (READ, REFUSED, UNTYPED))
        return "\n".join([told, *(f"  {name}: {example!r:.300}" for name, example in self.untyped.items())])


def _sources() -> list[tuple[str, dict[str, bytes]]]:
    """Sound files to mutate: a form with formulas, a table of amounts, a report with a table."""
    kinds = ("formulas_chained", "forms_many", "numbers_many", "arrays_many", "report_paragraphs", "word_cells")
    made = (costly.KINDS[kind].make(20) for kind in kinds)
    return [(suffix, members(data)) for suffix, data in made]


def packages(
    count: int, seed: int, folder: Path, keep: Callable[[str, bytes], None] | None = None
) -> Iterator[Outcomes]:
    """Mutated packages, reviewed and scored, every third edited and read again; the outcomes so far, after each."""
    random, outcomes, sources = Random(seed), Outcomes(), _sources()
    for number in range(count):
        suffix, sound = random.choice(sources)
        data = mutated(sound, random)
        path = folder / f"表{suffix}"
        path.write_bytes(data)
        before = len(outcomes.untyped)
        outcomes.note("check", lambda path=path: _reviewed(path), number)
        outcomes.note("score", lambda path=path: list(score.as_text(score.score(path).forms)), number)
        if number % 3 == 0 and suffix == ".xlsx":
            outcomes.note("edit", lambda path=path: _edited(path), number)
        if keep is not None and len(outcomes.untyped) > before:
            keep(suffix, data)
        yield outcomes


def _reviewed(path: Path) -> None:
    for reviewed in check.review(check.to_review([path])):
        list(check.as_items(reviewed))
        if reviewed.refused:
            raise PerfEvalError(reviewed.findings[0].message)


def _edited(path: Path) -> None:
    book = FileBook.open(path)
    sheet = (*book.sheets, "")[0]
    book.grid(sheet) if sheet else None
    book.apply([Edit(sheet, Address(6, 6), 88.5), Edit(sheet, Address(40, 2), "新")])
    copy = path.with_name(f"改过{path.suffix}")
    copy.unlink(missing_ok=True)
    book.save(copy)
    FileBook.open(copy).grid(sheet)


def strings(count: int, seed: int) -> Iterator[Outcomes]:
    """Crafted values handed to the functions that read texts, every twentieth explained; the outcomes so far, after each pair."""
    random, outcomes = Random(seed), Outcomes()
    for number in range(count):
        for name, arguments in crafted_calls(random):
            function = FUNCTIONS[name]
            outcomes.note(name, lambda call=function.call, given=arguments: call(*given), arguments)
            if number % 20 == 0:
                outcomes.note(
                    f"{name} explained", lambda call=function.explain, given=arguments: call(*given), arguments
                )
        yield outcomes
