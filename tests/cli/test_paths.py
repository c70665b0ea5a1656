"""Names and patterns that a shell hands over: what no Windows can have is refused, what Windows' shell leaves is done here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

import pytest

from perfeval.cli import main, paths
from perfeval.errors import FileRefused
from support.forms_in_memory import CORRECT
from support.sheettext import write_sheets

# Every argument that names something to write, its name as {}; the rest need not be there, as the name is looked at first.
OUTPUTS = {
    "new": "new {}.xlsm",
    "demo": "demo --out {}",
    "freeze": "freeze 表.xlsm --out {}.xlsx",
    "report": "report 表.xlsm --out {}.docx",
    "template": "report --outline sz-department --save-template {}.docx",
    "rollup": "rollup . --out {}.xlsx",
    "parquet": "rollup . --parquet {}",
    "check": "check 表.xlsm --html {}.html",
    "install excel": "install excel --workbook {}.xlsm",
    "install libreoffice": "install libreoffice --file {}.oxt",
    "bundle": "bundle windows --out {}.zip",
}


@pytest.mark.parametrize("command", OUTPUTS.values(), ids=OUTPUTS.keys())
@pytest.mark.parametrize(
    ("name", "reason"), [("带?号", "不能有 ?"), ("CON", "“CON”是 Windows 给设备保留的名字")], ids=["sign", "device"]
)
def test_no_command_writes_what_windows_cannot_have(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    name: str,
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([part.format(name) for part in command.split()]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert reason in told.err
    assert told.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


REFUSED = {
    "a device": "con.xlsm",
    "a device with a blank": "NUL .xlsm",
    "a device with two endings": "aux.tar.xlsm",
    "a port": "COM1.xlsm",
    "a port with a raised digit": "lpt³.xlsx",
    "a console": "CONIN$.xlsm",
    "a device alone": "Prn",
    "a question mark": "带?号.xlsm",
    "a star": "*.xlsm",
    "a colon": "县局：a:b.xlsm",
    "a quote": '"雪亮".xlsm',
    "a pipe": "a|b.xlsm",
    "a tab": "a\tb.xlsm",
    "a dot at the end": "表.xlsm.",
    "a blank at the end": "表.xlsm ",
}


@pytest.mark.skipif(os.name == "nt", reason="there a path is split at some of these")
@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED.keys())
def test_a_name_that_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused, match="请换一个名字"):
        paths.new_path(str(tmp_path / name))


@pytest.mark.parametrize(
    "name", ["表.xlsm", "CONTROL.xlsm", "com10.xlsm", "a.con", "绩效 (1)&%^'.xlsm", ".", "..", "../表.xlsm"]
)
def test_a_name_that_is_taken(name: str) -> None:
    assert paths.new_path(name) == Path(name)


@pytest.mark.skipif(os.name == "nt", reason="there folders count")
def test_folders_of_other_systems_may_have_any_name() -> None:
    assert paths.new_path("aux/表?/x.xlsm") == Path("aux/表?/x.xlsm")


def test_on_windows_its_folders_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths.os, "name", "nt")
    monkeypatch.setattr(paths, "Path", PureWindowsPath)
    for taken in (r"C:\绩效\表.xlsm", r"C:表.xlsm", r"\\server\share\表.xlsm", r"..\表.xlsm"):
        assert paths.new_path(taken) == PureWindowsPath(taken)
    for refused in (r"C:\nul\表.xlsm", r"表?\x.xlsm", r"C:\绩效.\表.xlsm"):
        with pytest.raises(FileRefused):
            paths.new_path(refused)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in (
        "乙.xlsx",
        "甲.xlsx",
        "a[1].xlsx",
        "~$甲.xlsx",
        ".藏.xlsx",
        "甲.备份-20250101-101010.xlsx",
        "说明.csv",
    ):
        (tmp_path / name).touch()
    (tmp_path / "县").mkdir()
    (tmp_path / "县" / "丙.xlsx").touch()
    return tmp_path


PATTERNS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "all": (["*.xlsx"], ["a[1].xlsx", "乙.xlsx", "甲.xlsx"]),
    "one sign": (["?.xlsx"], ["乙.xlsx", "甲.xlsx"]),
    "in a folder": (["县/*"], ["县/丙.xlsx"]),
    "folders too": (["*"], ["a[1].xlsx", "乙.xlsx", "县", "甲.xlsx", "说明.csv"]),
    "brackets are no wildcard": (["a[1]*"], ["a[1].xlsx"]),
    "names stay as they are, in their order": (["甲.xlsx", "没有.xlsx", "乙*"], ["甲.xlsx", "没有.xlsx", "乙.xlsx"]),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("arguments", "files"), PATTERNS.values(), ids=PATTERNS.keys())
def test_a_pattern(arguments: Sequence[str], files: Sequence[str]) -> None:
    assert paths.matched(map(Path, arguments)) == list(map(Path, files))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file")
def test_a_file_whose_name_is_a_pattern_is_meant_itself(folder: Path) -> None:
    (folder / "*.xlsx").touch()
    assert paths.matched([Path("*.xlsx")]) == [Path("*.xlsx")]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [["check", "*.xlsm"], ["import", "甲.xlsx", "表*.xlsx"]])
def test_a_pattern_without_a_file_is_one_sentence(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 1
    assert capsys.readouterr().err == f"{command[-1]}：没有文件符合这个写法；请核对文件名和所在文件夹\n"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "gbk"])
def test_chinese_in_a_pipe_is_utf8_whatever_the_code_page(tmp_path: Path, encoding: str) -> None:
    write_sheets(tmp_path / "甲.xlsx", {"表": CORRECT})
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    for arguments in (["check", "甲.xlsx"], ["check", "--help"], ["score", "没有.xlsx"]):
        done = subprocess.run(
            [sys.executable, "-m", "perfeval", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=False,
        )
        said = (done.stdout + done.stderr).decode("utf-8")
        assert "Traceback" not in said
        assert any("一" <= sign <= "鿿" for sign in said)


@pytest.mark.skipif(os.name == "nt", reason="a console of Windows shows every sign")
def test_a_console_that_cannot_show_chinese_shows_a_mark_instead(tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 — not on Windows

    own, console = pty.openpty()
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-m", "perfeval", "check", "没有.xlsx"],
        cwd=tmp_path, env=environment, stdin=console, stdout=console, stderr=console, check=False,
    )  # fmt: skip
    os.close(console)
    said = os.read(own, 10_000).decode("cp1252")
    os.close(own)
    assert done.returncode == 1
    assert "Traceback" not in said
    assert "??.xlsx" in said
