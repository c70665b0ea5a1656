"""Names of files that are no text, or that a console cannot show: each file is read, and named so that a person can find it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from perfeval.books import FileBook
from perfeval.cli import main
from perfeval.filenames import shown
from support.plain_form import form
from support.sheettext import write_sheets
from support.wordtables import write_word

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")

# A name on disk, and how it is shown.
NAMES: dict[bytes, str] = {
    "附件.xlsx".encode("gbk"): r"\xb8\xbd\xbc\xfe.xlsx",
    b"\xed\xa0\x80.xlsx": r"\xed\xa0\x80.xlsx",
    "半个字".encode()[:-1] + b".xlsx": r"半个\xe5\xad.xlsx",
    "换\n行.xlsx".encode(): r"换\n行.xlsx",
    b"\x1b[31m\x07.xlsx": r"\x1b[31m\x07.xlsx",
    "倒\u202excod.xlsx".encode(): r"倒\u202excod.xlsx",
    "段\u2029\x85.xlsx".encode(): r"段\u2029\u0085.xlsx",
    rb"\xb8\xbd\xbc\xfe.xlsx": r"\\xb8\\xbd\\xbc\\xfe.xlsx",
    "全　角 &'\"<b>.xlsx".encode(): "全　角 &'\"<b>.xlsx",
    "𠮷\U0001f600.xlsx".encode(): "𠮷\U0001f600.xlsx",
}
REPORT = "自评\n报告\udcff.docx"


@linux_only
def test_names_are_shown_each_in_its_own_way() -> None:
    assert {name: shown(os.fsdecode(name)) for name in NAMES} == NAMES
    assert shown("\ud83d.xlsx") == r"\ud83d.xlsx"  # of Windows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of forms with such names, in which each lacks a reason, and one that cannot be read; and a report beside a form."""
    made = tmp_path / "报送"
    made.mkdir()
    for number, name in enumerate(NAMES):
        text = form(name=f"项目{number}", score="29", total="99")
        write_sheets(made / "表.xlsx", {"表": text}).rename(made / os.fsdecode(name))
    (made / "坏\udcb8.xlsx").write_bytes(b"PK\3\4")
    (made / "旧\udcb8\n.pdf").write_bytes(b"%PDF")
    below = made / "下级\udcbc\n"
    below.mkdir()
    write_sheets(below / "甲.xlsx", {"表": form(name="甲", score="29", total="99")})
    write_word(below / REPORT, ["自评报告", "全年预算数100万元，全年执行数90万元，执行率95%。"])
    return made


SHOWN = {*NAMES.values(), r"坏\xb8.xlsx", r"下级\xbc\n/甲.xlsx"}


def perfeval(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "perfeval", *map(os.fsencode, map(str, arguments))]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, check=False)


@linux_only
def test_they_are_rolled_up(folder: Path, tmp_path: Path) -> None:
    ran = perfeval("rollup", folder, "--parquet", tmp_path / "明细")
    said = ran.stdout.decode()
    assert (ran.returncode, ran.stderr) == (1, b"")
    assert f"{len(NAMES) + 4} 个文件，{len(NAMES) + 1} 张项目自评表" in said
    for name in (r"坏\xb8.xlsx", r"旧\xb8\n.pdf"):
        assert f"  × [没有读] {name}：" in said
    grid = FileBook.open(folder / "汇总.xlsx").grid("按项目")
    (column,) = [column for column in range(1, grid.right + 1) if grid[4, column].value == "文件"]
    counted = {grid[row, column].value for row in range(5, grid.bottom + 1)}
    assert counted == SHOWN - {r"坏\xb8.xlsx"}
    assert set(parquet.read_table(tmp_path / "明细" / "自评表.parquet")["文件"].to_pylist()) == counted
    assert f"其中 {len(NAMES) + 2} 个上次已读" in perfeval("rollup", folder).stdout.decode()


@linux_only
def test_they_are_reviewed(folder: Path, tmp_path: Path) -> None:
    page, read = tmp_path / "报告.html", tmp_path / "读到.json"
    ran = perfeval("check", folder, "--html", page, "--read", read)
    said = ran.stdout.decode()
    assert (ran.returncode, ran.stderr) == (1, b"")
    for name in SHOWN:
        assert f"■ {shown(folder)}/{name}" in said
    assert r"下级\xbc\n/自评\n报告\xff.docx" in said
    assert r"R43 1 个文件读不了，没有复核：旧\xb8\n.pdf" in said
    html = page.read_text(encoding="utf-8")
    assert all(name in html for name in SHOWN if "<" not in name)
    assert "&lt;b&gt;.xlsx" in html
    files = {Path(one["file"]).name for one in json.loads(read.read_text(encoding="utf-8"))}
    assert files >= set(NAMES.values())
    items = json.loads(perfeval("check", folder, "--json").stdout)
    assert {item["file"].removeprefix(f"{folder}/") for item in items} >= SHOWN
    assert [item["sheet"] for item in items if item["file"].endswith(".docx")] == [r"自评\n报告\xff.docx"]


@linux_only
def test_reasons_are_found_again_by_such_names(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", str(folder), "--json"])
    items = json.loads(capsys.readouterr().out)
    reasons = tmp_path / "理由.json"
    reasons.write_text(json.dumps([item | {"waived": f"已核对{place}"} for place, item in enumerate(items)]), "utf-8")
    main(["check", str(folder), "--json", "--waive", str(reasons)])
    again = json.loads(capsys.readouterr().out)
    assert {item["file"] for item in again if "waived" in item} >= {f"{folder}/{name}" for name in NAMES.values()}


def test_a_reason_that_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sheets(tmp_path / "表.xlsx", {"表": form(score="29", total="99")})
    main(["check", str(tmp_path / "表.xlsx"), "--json"])
    items = json.loads(capsys.readouterr().out)
    (tmp_path / "理由.json").write_text(json.dumps([item | {"waived": "\ud83d"} for item in items]), "utf-8")
    page = tmp_path / "报告.html"
    assert main(["check", str(tmp_path), "--waive", str(tmp_path / "理由.json"), "--html", str(page)]) == 1
    assert "第 1 项应有" in capsys.readouterr().err


@linux_only
@pytest.mark.parametrize("name", [*NAMES, b"none\xff.xlsx"], ids=[*NAMES.values(), "none"])
def test_they_are_scored(name: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(folder / os.fsdecode(name))
    if name not in NAMES:
        assert main(["score", file]) == 1
        assert capsys.readouterr().err.endswith("none\\xff.xlsx：没有这个文件；请核对文件名和所在文件夹\n")
        return
    assert main(["score", file]) == 0
    assert "G9 知晓率：表中 29，测算 30" in capsys.readouterr().out
    assert main(["score", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["computed_total"] == 100
    assert main(["explain", file, "A1"]) == 1
    assert shown(file) in capsys.readouterr().err


# --- consoles ---

ENCODINGS = ("ascii", "cp936")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("command", [["check"], ["check", "--json"], ["rollup"]], ids=" ".join)
def test_whatever_a_console_can_show_nothing_fails(encoding: str, command: list[str], tmp_path: Path) -> None:
    """Into a pipe all is UTF-8, whatever the console's own encoding."""
    name = "表\U0001f600𠮷.xlsx"
    write_sheets(tmp_path / "表.xlsx", {"表": form(score="29", total="99")}).rename(tmp_path / name)
    ran = perfeval(*command, tmp_path, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert ran.stderr == b""
    assert (name if command != ["rollup"] else "汇总.xlsx") in ran.stdout.decode()


@linux_only
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("command", [["check"], ["rollup"], ["score"]], ids=" ".join)
def test_on_a_console_itself(encoding: str, command: list[str], folder: Path) -> None:
    """What the console cannot show is a question mark."""
    import pty  # noqa: PLC0415

    on = folder if command != ["score"] else folder / "坏\udcb8.xlsx"
    control, console = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "perfeval", *command, os.fsencode(on)],
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        stdin=console,
        stdout=console,
        stderr=console,
    )
    os.close(console)
    said = b""
    while True:
        try:
            said += os.read(control, 65536)
        except OSError:  # how Linux tells that nobody is left
            break
    os.close(control)
    assert process.wait() == 1
    assert b"Traceback" not in said
    assert rb"\xb8.xlsx" in said
