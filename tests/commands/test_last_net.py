"""A fault of ours is one sentence in the shell; what is no file, or too much to look at, is named by every command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from perfeval import cli
from perfeval.books import folders
from perfeval.cli import main
from perfeval.errors import unforeseen_in
from support.plain_form import form
from support.sheettext import write_sheets

SEVERAL = 40  # columns


@pytest.mark.parametrize("command", ["score", "explain", "fill", "freeze"])
@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), MemoryError()])
def test_a_fault_is_one_sentence(
    command: str, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_sheets(tmp_path / "表.xlsx", {"表": form()})

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("perfeval.books.file.FileBook.open", fail)
    with pytest.raises(type(error)):  # as a test sees it
        main([command, str(path), *(["H6"] if command == "explain" else [])])
    told: list[str] = []
    monkeypatch.setattr(cli, "_fault", lambda fault, files: told.append(unforeseen_in(str(files[0]), fault)) or 1)
    assert main([command, str(path), *(["H6"] if command == "explain" else [])]) == 1
    assert told[0].startswith(f"{path}：程序出错，没有做完（{type(error).__name__}")
    assert "test_last_net.py 第" in told[0]
    assert "\n" not in told[0]


def test_a_folder_that_does_not_open_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = tmp_path / "县局" / "锁着"
    closed.mkdir(parents=True)
    write_sheets(tmp_path / "表.xlsx", {"表": form()})
    real = os.scandir

    def scandir(place: Path) -> object:
        if Path(place) == closed:
            raise PermissionError(13, "Permission denied", str(place))
        return real(place)

    monkeypatch.setattr(folders.os, "scandir", scandir)
    main(["check", str(tmp_path)])
    assert "1 个文件夹打不开，里面的文件没有复核，请检查读取权限：县局" in capsys.readouterr().out
    (tmp_path / "表.xlsx").unlink()
    assert main(["check", str(tmp_path)]) == 1
    assert "1 个文件夹打不开" in capsys.readouterr().err


def _too_much() -> str:
    row = "|".join(["一句话"] * SEVERAL)
    return "\n".join([row] * (100_000 // SEVERAL + 1))


@pytest.mark.parametrize("command", ["score", "rollup", "fill", "new", "import"])
def test_a_sheet_that_is_too_much_is_named_by_every_command(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The form beside it is read."""
    path = write_sheets(tmp_path / "表.xlsx", {"明细": _too_much()})
    ours = tmp_path / "新.xlsm"
    arguments = {
        "score": ["score", str(path)],
        "rollup": ["rollup", str(tmp_path)],
        "fill": ["fill", str(path), "--data", str(ours)],
        "new": ["new", str(tmp_path / "又.xlsm"), "--data", str(path)],
        "import": ["import", str(ours), str(path)],
    }
    if command in {"fill", "import"}:
        assert main(["new", str(ours)]) == 0
    assert main(arguments[command]) == 1
    said = capsys.readouterr()
    assert ("“明细”没有读：有内容的单元格超过 100,000 个" in said.out + said.err) == (command != "fill")


def test_a_form_beside_a_sheet_that_is_too_much_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_sheets(tmp_path / "表.xlsx", {"明细": _too_much(), "表": form()})
    assert main(["score", str(path)]) == 0
    said = capsys.readouterr()
    assert "【表】" in said.out
    assert "“明细”没有读：有内容的单元格超过 100,000 个" in said.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are files on Unix")
@pytest.mark.parametrize("option", ["--waive", "--standard"])
def test_a_pipe_is_no_file_to_read(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_sheets(tmp_path / "表.xlsx", {"表": form()})
    pipe = tmp_path / "管.toml"
    os.mkfifo(pipe)
    assert main(["check", str(path), option, str(pipe)]) == 1
    assert "不是普通文件" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are files on Unix")
def test_what_a_folder_holds_by_the_name_of_a_workbook_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe, a link that leads nowhere: not reviewed, and told."""
    write_sheets(tmp_path / "表.xlsx", {"表": form()})
    os.mkfifo(tmp_path / "管.xlsx")
    (tmp_path / "断.xlsx").symlink_to(tmp_path / "没有.xlsx")
    assert main(["check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "这不是普通文件" in said
    assert "共 3 个文件，其中 2 个没有复核" in said
