"""What goes wrong within one file, however odd, is a finding or a line of that file: the others are reviewed and counted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from perfeval.cli import main
from perfeval.commands import check
from perfeval.errors import unforeseen
from perfeval.rollup import reading
from support.plain_form import form
from support.sheettext import write_sheets
from support.wordtables import write_word

ODD: tuple[Exception, ...] = (
    OverflowError("cannot convert float infinity to integer"),
    RecursionError("maximum recursion depth exceeded"),
    MemoryError(),
    ZeroDivisionError("division by zero"),
    KeyError("xl/worksheets/sheet9.xml"),
    ValueError("invalid literal for int() with base 10: '²'"),
    UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"),
    AssertionError("\x1b[31m一行\n又一行" + "长" * 1000),
    sqlite3.DatabaseError("file is not a database"),
    OSError(5, "Input/output error"),
    StopIteration(),
)
WHERE = {"while it is opened": "opened", "while it is read": "Context.of", "while it is reviewed": "reviewed_by"}


def failing(real: Callable[..., Any], error: Exception, name: str) -> Callable[..., Any]:
    """The same, but for the file of this name, of which it raises."""

    def fail(one: Any, *rest: Any) -> Any:
        if name in str(getattr(getattr(one, "book", one), "path", one)):
            raise error
        return real(one, *rest)

    return fail


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three forms, each with a score that is not the computed one."""
    for name in ("a", "b", "c"):
        write_sheets(tmp_path / f"{name}.xlsx", {"表": form(name=name, score="29", total="99")})
    return tmp_path


def reviewed(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, list[str]]:
    """The codes of what ``check --json`` finds, by file; the page and the readings are whole too."""
    page, read = folder / "报告.html", folder / "读到.json"
    assert main(["check", str(folder), "--json", "--html", str(page), "--read", str(read)]) == 1
    said = capsys.readouterr()
    assert said.err == ""
    found: dict[str, list[str]] = {}
    for item in json.loads(said.out):
        found.setdefault(Path(item["file"]).name, []).append(item["code"])
    assert "</body></html>\n" in page.read_text(encoding="utf-8")
    assert len(json.loads(read.read_text(encoding="utf-8"))) == len([name for name in found if name.endswith(".xlsx")])
    return found


@pytest.mark.parametrize("error", ODD, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", WHERE.values(), ids=WHERE)
def test_check_tells_it_of_the_file_and_goes_on(
    where: str, error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = reviewed(folder, capsys)
    owner, _, name = where.rpartition(".")
    real = getattr(check.Context if owner else check, name)
    monkeypatch.setattr(check.Context if owner else check, name, failing(real, error, "b.xlsx"))
    found = reviewed(folder, capsys)
    assert found == before | {"b.xlsx": ["R00"]}
    assert "R09" in found["c.xlsx"]
    main(["check", str(folder)])
    told = [line for line in capsys.readouterr().out.splitlines() if "R00" in line]
    assert len(told) == 1
    assert f"程序读不了这个文件（{type(error).__name__}" in told[0]


@pytest.mark.parametrize("error", ODD, ids=lambda error: type(error).__name__)
def test_rollup_tells_it_and_reads_the_file_again_next_time(
    error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of ours does not follow from the content alone: nothing of it is kept."""
    with monkeypatch.context() as patched:
        patched.setattr(reading, "review", failing(reading.review, error, "b.xlsx"))
        assert main(["rollup", str(folder)]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "没有读" in line]
    assert line.startswith("  × [没有读] b.xlsx：")
    assert main(["rollup", str(folder)]) == 0
    assert "（其中 2 个上次已读），3 张项目自评表" in capsys.readouterr().out


def test_what_it_was_is_said_in_one_short_line() -> None:
    told = [unforeseen(error) for error in ODD]
    assert all(one.isprintable() and len(one) < 300 for one in told)
    assert unforeseen(MemoryError()) == "程序读不了这个文件（MemoryError），请把它交给 PerfEval 的维护者"


@pytest.mark.parametrize("error", [OverflowError("too large"), RecursionError(), MemoryError()])
def test_a_report_that_fails_costs_its_workbook_nothing(
    error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b", "c"):
        (folder / f"{name}.xlsx").unlink()
    write_word(folder / "报告.docx", ["自评报告", "全年预算数100万元，全年执行数90万元，执行率95%。"])
    before = reviewed(folder, capsys)
    assert len(before.pop("报告.docx")) == 1
    monkeypatch.setattr(check, "read_document", failing(check.read_document, error, "报告.docx"))
    main(["check", str(folder / "a.xlsx"), str(folder / "报告.docx"), "--json"])
    items = json.loads(capsys.readouterr().out)
    assert [item["code"] for item in items if item["file"].endswith("a.xlsx")] == before["a.xlsx"]
    (told,) = [item for item in items if item["file"].endswith("报告.docx")]
    assert (told["code"], told["sheet"]) == ("R00", "报告.docx")
    assert type(error).__name__ in told["message"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_the_net_lets_through_what_ends_the_program(
    stop: type[BaseException], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise stop

    monkeypatch.setattr(check, "opened", end)
    with pytest.raises(stop):
        list(check.review([(folder / "a.xlsx", ())]))
    monkeypatch.setattr(reading, "opened", end)
    with pytest.raises(stop):
        reading.read_file(folder, "a.xlsx", "")
