"""The audit of published figures, and everything published that was read: shared by the tests of its items."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from perfeval.arithmetic import Scaled, decimal
from perfeval.checks.figures.footing import footing
from perfeval.forms.amount_tables import AmountTable, Line, figure, read_tables
from perfeval.forms.model import Entry, Form
from support import DATA
from support.published import BODY_FORMS, BUDGET_TABLES, body_forms, grids, texts
from support.seed004 import BODIES, DEPARTMENT, body_sheet

Item = dict[str, Any]
Foot = tuple[Entry, list[Entry]]

AUDIT: list[Item] = json.loads((DATA / "seed_audit.json").read_text(encoding="utf-8"))
# The items of whole bodies; those of the project tables (003, and 001 but for these two) are in test_seed_audit.
CASES = [
    item
    for item in AUDIT
    if item["seed"] in {"000", "002", "004"} or (item["seed"] == "001" and item["table"] in {"附件1", "附件4-1"})
]


@dataclass(frozen=True)
class Published:
    """Everything read: tables of amounts by sheet, forms by sheet, the bodies' tasks (表14)."""

    tables: dict[str, list[AmountTable]]
    forms: dict[str, Form]
    tasks: dict[str, AmountTable]

    def table(self, name: str) -> AmountTable:
        """A budget table by its number, 表1 the expenditure side of it."""
        return self.tables[name.replace("表", "table")][-1]


@cache
def published() -> Published:
    """The published tables, read once."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        budget, forms = (
            grids(folder / "预算.xlsx", texts(BUDGET_TABLES)),
            grids(folder / "自评.xlsx", texts(BODY_FORMS)),
        )
        tasks = grids(folder / "目标.xlsx", {short(body.name): body_sheet(body) for body in BODIES})
    return Published(
        {name: read_tables(grid) for name, grid in (budget | forms).items()},
        {name: form for name, grid in forms.items() for form in body_forms(grid)},
        {name: read_tables(grid)[0] for name, grid in tasks.items()},
    )


def short(body: str) -> str:
    return body.removeprefix(DEPARTMENT) or "系统"


def first(line: Line) -> str:
    return next(iter(line.labels.values())).text


def amount(line: Line, column: str) -> Entry:
    """The amount of a line in the column whose header ends like this."""
    (found,) = [entry for header, entry in line.amounts.items() if re.sub(r"\s", "", header).endswith(column)]
    return found


def of(table: AmountTable, name: str) -> Line:
    """The line whose last label is this."""
    return next(line for line in table.lines if line.label.split(" ")[-1] == name or line.label == name)


def unit(table: AmountTable, name: str) -> Line:
    return next(line for line in table.lines if short(first(line)) == name)


def below(table: AmountTable, name: str) -> tuple[Line, ...]:
    """The lines of one body."""
    return next(lines for head, lines in table.groups() if short(first(head)) == name)


def units(table: AmountTable) -> list[Line]:
    """A line for each body, the whole department's first."""
    return [head for head, _ in table.groups()]


def exact(text: object) -> Decimal:
    return Decimal(str(text).replace(",", "").rstrip("%分"))


def rounded(value: Decimal | Fraction, places: int) -> Decimal:
    """Half-up, by integers alone."""
    value = Fraction(value)
    sign = -1 if value < 0 else 1
    return sign * Decimal((abs(value) * 10**places * 2 + 1) // 2).scaleb(-places)


def places(text: str) -> int:
    return len(text.rstrip("%").partition(".")[2])


def significant(values: Iterable[object]) -> Counter[Decimal]:
    """The figures that are not zero, in any order."""
    return Counter(number for value in values if (number := exact(value)))


def numbers(entries: Iterable[Entry]) -> list[Scaled]:
    return [found for entry in entries if (found := figure(entry)) is not None]


def scaled(text: object) -> Scaled:
    return decimal(str(text).replace(",", ""))


def sum_verdict(total: str | None, parts: Sequence[Scaled], table_unit: str) -> str:
    if total is None:
        return "derived"
    foot = footing(scaled(total), parts, table_unit)
    if foot.is_exact:
        return "agree"
    return "agree_within_unit_rounding" if foot.holds else "disagree"


def table_unit(item: Item) -> str:
    """万元 in the budget document (and 000's prose); points and 元 are not rounded."""
    return "万元" if item["seed"] == "004" or item["table"] == "正文" else "元"


@dataclass(frozen=True)
class Finder:
    """Finds, for the items of a seed, a table and a name (patterns), the total and its parts in what was read."""

    seed: str
    table: str
    item: str
    find: Callable[[Published, Item], Foot]

    def takes(self, item: Item) -> bool:
        """Whether an item is one of these."""
        pairs = ((self.seed, item["seed"]), (self.table, item["table"]), (self.item, item["item"]))
        return all(re.fullmatch(pattern, text) for pattern, text in pairs)


def found_by(finders: Sequence[Finder]) -> list[tuple[Item, Finder]]:
    """The items whose figures stand in a table, each with its finder."""
    tabled = (item for item in CASES if "parts" in item["inputs"] or re.fullmatch("表(7|11)↔表3", item["table"]))
    return [(item, finder) for item in tabled for finder in finders if finder.takes(item)]


def foots(item: Item, total: Entry, parts: Sequence[Entry]) -> None:
    """Hold a total and its parts, as read from a table, against an item: inputs, both figures, verdict."""
    found = numbers(parts)
    inputs = item["inputs"]
    if "parts" in inputs:
        assert significant(found) == significant(inputs["parts"])
    else:
        assert [exact(inputs[table]) for table in item["table"].split("↔")] == [
            exact(entry.text or 0) for entry in (total, *parts)
        ]
    printed = None if item["published"] is None else total.text or "0"
    assert printed is None or exact(printed) == exact(item["published"])
    assert exact(footing(Scaled(0, 0), found, "元").sum) == exact(item["recomputed"])
    assert sum_verdict(printed, found, table_unit(item)) == item["verdict"]
