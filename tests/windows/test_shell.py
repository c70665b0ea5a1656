"""The command line as Windows' own shell runs it, on whatever code page this desk has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.forms_in_memory import CORRECT
from support.sheettext import write_sheets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two sound forms, and a mark as Excel leaves it."""
    made = tmp_path / "绩效 文件 & (1)"
    made.mkdir()
    for name in ("乙.xlsx", "甲.xlsx"):
        write_sheets(made / name, {"表": CORRECT})
    (made / "~$丙.xlsx").touch()
    return made


def run(folder: Path, line: str) -> tuple[int, str]:
    """A line typed into cmd.exe: its exit code, and all that was printed."""
    command = f'cmd.exe /d /s /c ""{sys.executable}" -m perfeval {line}"'
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode("utf-8")
    assert "Traceback" not in said
    return done.returncode, said


def test_the_shell_leaves_patterns_to_us(folder: Path) -> None:
    code, said = run(folder, "check *.xlsx")
    assert code == 0
    assert [line[2:] for line in said.splitlines() if line.startswith("■")] == [
        "乙.xlsx：没有发现问题",
        "甲.xlsx：没有发现问题",
    ]
    code, said = run(folder, "check *.xlsm")
    assert code == 1
    assert said.strip() == "*.xlsm：没有文件符合这个写法；请核对文件名和所在文件夹"


@pytest.mark.parametrize("name", ["CON.xlsm", "aux.xlsm", "nul .xlsm", "带?号.xlsm", r"C:\con\表.xlsm", "表.xlsm."])
def test_a_name_that_windows_cannot_have_is_one_sentence(folder: Path, name: str) -> None:
    code, said = run(folder, f'new "{name}"')
    assert code == 1
    assert len(said.strip().splitlines()) == 1
    assert "请换一个名字" in said


@pytest.mark.parametrize("name", ["*.xlsx", "带?号.xlsx"])
def test_a_pattern_where_one_file_is_meant_is_not_there(folder: Path, name: str) -> None:
    code, said = run(folder, f"score {name}")
    assert code == 1
    assert said.strip() == f"{name}：没有这个文件；请核对文件名和所在文件夹"


def test_the_whole_way(folder: Path) -> None:
    """New, fill, review with a report, freeze and a roll-up in a folder with a Chinese name, blanks and brackets."""
    assert run(folder, "demo --out 演示")[0] == 0
    assert run(folder, r"score 演示\PerfEval.xlsm")[0] == 0
    code, said = run(folder, r"check 演示\PerfEval.xlsm --html 复核.html")
    assert code == 1  # the published tables have their published errors
    assert "R0" in said
    assert "年" in (folder / "复核.html").read_text(encoding="utf-8")
    assert run(folder, r"report 演示\PerfEval.xlsm --out 报告.docx")[0] == 0
    assert run(folder, "rollup 演示 --out 汇总.xlsx")[0] in {0, 1}
    assert {"复核.html", "报告.docx", "汇总.xlsx"} <= {path.name for path in folder.iterdir()}


def test_doctor_looks_at_this_desk(folder: Path) -> None:
    code, said = run(folder, "doctor")
    assert code == 0
    assert "√ xlwings：" in said
