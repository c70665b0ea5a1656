"""docs/faq.md has an answer to every worksheet error: each error value, and each reason that a function can give for a #VALUE!;
docs/data.md describes every column of the data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfeval import errors
from perfeval.records import names
from perfeval.workbook.datahelp import COLUMNS
from support import ROOT

FAQ = (ROOT / "docs" / "faq.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "udfs" / "perfeval"
OF_CELLS = (
    "functions",
    "scoring",
    "targets.py",
    "quantities.py",
    "periods.py",
    "misreadings.py",
    "conventions.py",
    "arithmetic.py",
)
REASONS = ("InvalidValue", "UnknownName", "Misread")


def reasons() -> Iterator[tuple[str, str]]:
    """Where a function's error is raised with a sentence of its own, and what of it is always the same."""
    for room in OF_CELLS:
        path = PACKAGE / room
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                    sentence = fixed(node.exc.args[0])
                    hands_on = "error.reason" in ast.unparse(
                        node.exc.args[0]
                    )  # a sentence that is told in front of another
                    if getattr(node.exc.func, "id", "") in REASONS and re.search("[一-鿿]", sentence) and not hands_on:
                        yield f"{file.relative_to(PACKAGE)}:{node.lineno}", sentence


def fixed(sentence: ast.expr) -> str:
    """The text of a sentence but for its values."""
    return "…".join(
        str(part.value) for part in ast.walk(sentence) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def answers() -> list[str]:
    """What the table of reasons quotes of hints."""
    table = FAQ.partition("| 提示里说 |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.count("|") > 2]
    return [words for cell in cells for words in re.findall(r"“((?:[^“”]|“[^”]*”)+)”", cell)]


def test_every_error_value_has_an_answer() -> None:
    own = {
        kind.cell_error
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.PerfEvalError)
    }
    for error in own | set(errors.CELL_ERRORS.values()):
        assert str(error) in FAQ, error


@pytest.mark.parametrize(("place", "sentence"), [pytest.param(*one, id=one[0]) for one in reasons()])
def test_every_reason_for_a_value_error_has_an_answer(place: str, sentence: str) -> None:
    parts = [[part.strip() for part in words.split("…")] for words in answers()]
    assert any(all(part in sentence for part in own) for own in parts), sentence


def test_the_questions_of_a_desk_are_answered() -> None:
    questions = re.findall(r"^## (.+)$", FAQ, re.MULTILINE)
    for word in ("#VALUE!", "20 分", "整数", "空白表", "WPS", "锁定", "宏", "杀毒", "退回"):
        assert any(word in question for question in questions), word


def test_the_links_lead_somewhere() -> None:
    for page in ("faq.md", "data.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#]+)", text):
            assert (ROOT / "docs" / Path(link)).exists(), link


def test_every_column_of_the_data_is_described() -> None:
    """On the template's own sheet, and alike in docs/data.md."""
    described = {(column.sheet, column.heading) for column in COLUMNS}
    for sheet, headings in (
        (names.EXECUTION, names.EXECUTION_COLUMNS),
        (names.TARGETS, names.TARGET_COLUMNS),
        (names.BASICS, names.PROJECT_COLUMNS[2:]),  # code and name are those of the other sheets
    ):
        assert {(sheet, heading) for heading in headings} <= described
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"| {column.heading} | {column.need} | {column.example} | {column.what} |" in page
