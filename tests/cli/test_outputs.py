"""Every command that writes, on the one way: over its own work without a question, over nobody else's, and one sentence for every fault."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perfeval.checks.context import Context
from perfeval.cli import main
from perfeval.commands import demo_data, fill, freeze, new
from perfeval.findings import Finding
from perfeval.stepwise import Steps
from perfeval.workbook.book import data_workbook
from support import ROOT
from support.forms_in_memory import CORRECT
from support.sheettext import write_sheets

# Each command, what it writes, and the files that it reads.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "html": ("check 表.xlsx --html {}", "复核.html", "表.xlsx"),
    "html of a folder": ("check 下 --html {}", "复核.html", "下/表.xlsx"),
    "read": ("check 表.xlsx --read {}", "读到.json", "表.xlsx"),
    "new": ("new {} --data 数据.xlsx", "新.xlsm", "数据.xlsx"),
    "next year": ("new {} --from 自评.xlsm", "明年.xlsm", "自评.xlsm"),
    "freeze": ("freeze 自评.xlsm --out {}", "报送.xlsx", "自评.xlsm"),
    "report": ("report 自评.xlsm --out {}", "报告.docx", "自评.xlsm"),
    "template": ("report --outline sz-department --save-template {}", "模板.docx", ""),
    "rollup": ("rollup 下 --out {}", "汇总.xlsx", ""),
    "extension": ("install libreoffice --file {}", "扩展.oxt", ""),
}
ALL = pytest.mark.parametrize("command", COMMANDS)
ONE_OF_EACH = pytest.mark.parametrize("command", ["html", "read", "new", "report", "rollup"])
Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("单位")
    (folder / "下").mkdir()
    write_sheets(folder / "表.xlsx", {"自评表": CORRECT})
    shutil.copy(folder / "表.xlsx", folder / "下" / "表.xlsx")
    (folder / "数据.xlsx").write_bytes(data_workbook(next(iter(demo_data.bodies().values()))))
    fill.fill(new.new(folder / "自评.xlsm", new.body_from(folder / "数据.xlsx")), folder / "数据.xlsx")
    for backup in folder.glob("*备份*"):
        backup.unlink()
    return folder


def no_findings(_: Context) -> Steps[str, list[Finding]]:
    yield "复核"
    return []


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path / "单位")
    monkeypatch.chdir(tmp_path / "单位")
    monkeypatch.setattr(freeze, "reviewing", no_findings)  # that errors stop a copy is tested elsewhere
    return tmp_path / "单位"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with its output; the exit code and what it says on standard error, at most one line."""

    def run(command: str, out: str | Path, *more: str) -> tuple[int, str]:
        code = main([*(part.format(out) for part in COMMANDS[command][0].split()), *more])
        said = capsys.readouterr().err
        assert "Traceback" not in said
        assert said.count("\n") <= 1
        return code, said

    return run


def state(folder: Path) -> dict[str, bytes]:
    """Every file but the roll-up's own journal."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "汇总进度" not in path.name)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@ALL
def test_over_its_own_without_a_question_over_another_only_when_told(folder: Path, run: Run, command: str) -> None:
    name, before = COMMANDS[command][1], state(folder)
    out = folder / name
    assert run(command, name)[1] == ""
    assert run(command, name)[1] == ""
    assert state(folder).keys() == before.keys() | {name}
    work = out.read_bytes() + b"\n"
    out.write_bytes(work)
    code, said = run(command, name)
    assert (code, out.read_bytes()) == (1, work)
    assert "没有覆盖" in said
    assert "--overwrite" in said
    assert state(folder) == before | {name: work}
    assert run(command, name, "--overwrite")[1] == ""
    (backup,) = folder.glob(f"{out.stem}.备份-*")
    assert backup.read_bytes() == work
    assert out.read_bytes() != work


@pytest.mark.parametrize("command", [name for name, (_, _, source) in COMMANDS.items() if source])
@pytest.mark.parametrize("spelling", ["{}", "./{}", "下/../{}", "链接/{}", "hard"])
def test_no_input_is_written_over(folder: Path, run: Run, command: str, spelling: str) -> None:
    source = COMMANDS[command][2]
    suffix = Path(COMMANDS[command][1]).suffix
    if command not in ("html", "html of a folder", "read") and Path(source).suffix != suffix:
        return  # refused for its ending
    (folder / "链接").symlink_to(folder, target_is_directory=True)
    name = spelling.format(source)
    if spelling == "hard":
        name = f"又一个{suffix}"
        os.link(folder / source, folder / name)
    before = (folder / source).read_bytes()
    for more in ([], ["--overwrite"]):
        code, said = run(command, name, *more)
        assert code == 2
        assert "另一个文件名" in said
        assert (folder / source).read_bytes() == before
    assert not list(folder.rglob(".perfeval-*"))


def test_the_two_results_of_a_review_are_two_files(folder: Path, run: Run) -> None:
    assert run("html", "一个.html", "--read", "./一个.html")[0] == 2
    assert not (folder / "一个.html").exists()


def test_reasons_are_an_input_too(folder: Path, run: Run) -> None:
    (folder / "理由.json").write_text("[]", encoding="utf-8")
    assert run("read", "理由.json", "--waive", "理由.json", "--overwrite")[0] == 2
    assert (folder / "理由.json").read_text(encoding="utf-8") == "[]"


def test_a_form_that_was_handed_in_is_no_place_for_the_summary(folder: Path, run: Run) -> None:
    before = (folder / "下" / "表.xlsx").read_bytes()
    os.link(folder / "下" / "表.xlsx", folder / "又一个.xlsx")
    for name in ("下/表.xlsx", "又一个.xlsx"):
        assert run("rollup", name)[0] == 1
        assert run("rollup", name, "--overwrite")[0] == 2
    assert (folder / "下" / "表.xlsx").read_bytes() == before


PLACES = {
    "a link": ("链接.{}", "链接"),
    "a loop": ("圈.{}", "链接"),
    "in a loop": ("绕/结果.{}", "绕成了圈"),
    "a folder": ("夹.{}", "文件夹"),
    "in no folder": ("没有/结果.{}", "没有这个文件夹"),
    "in a file": ("表.xlsx/结果.{}", "没有这个文件夹"),
    "a name that is too long": ("长" * 84 + ".{}", "文件名太长"),
}


@pytest.mark.skipif(os.name == "nt", reason="links, which need rights there")
@ALL
def test_where_nothing_can_be_written_is_said_before_anything_is_done(folder: Path, run: Run, command: str) -> None:
    suffix = COMMANDS[command][1].rpartition(".")[2]
    (folder / f"链接.{suffix}").symlink_to("别处")
    (folder / f"圈.{suffix}").symlink_to(f"圈.{suffix}")
    (folder / "绕").symlink_to("绕")
    (folder / f"夹.{suffix}").mkdir()
    before = state(folder)
    for name, reason in PLACES.values():
        for more in ([], ["--overwrite"]):
            code, said = run(command, name.format(suffix), *more)
            assert code == 1
            assert reason in said
    assert state(folder) == before


def test_a_device_is_no_file(run: Run) -> None:
    if os.path.exists("/dev/full"):  # noqa: PTH110
        code, said = run("html", "/dev/full")
        assert code == 1
        assert "不是普通文件" in said


@ALL
def test_a_full_disk_and_a_stop_leave_what_was(
    folder: Path, run: Run, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = COMMANDS[command][1]
    run(command, name)
    before = state(folder)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, said = run(command, name)
    assert code == 1
    assert "磁盘空间已满" in said
    assert state(folder) == before

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    code, said = run(command, name)
    assert code == 130
    assert "已停下" in said
    assert state(folder) == before


@pytest.mark.parametrize("command", ["fill 自评.xlsm --data 数据.xlsx --overwrite", "import 自评.xlsm 数据.xlsx"])
def test_a_stop_or_a_full_disk_leaves_the_workbook(
    folder: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(folder / "自评.xlsm", folder / "旧.xlsm")
    main(["new", "空.xlsm", "--projects", "8"])
    shutil.move(folder / "空.xlsm", folder / "自评.xlsm")
    if command.startswith("import"):
        main(["new", "目标.xlsm", "--data", "数据.xlsx", "--tables", "目标"])
        shutil.move(folder / "目标.xlsm", folder / "数据.xlsx")
    capsys.readouterr()
    before = state(folder)
    for fault, code in ((OSError(errno.ENOSPC, ""), 1), (KeyboardInterrupt(), 130)):

        def fail(_: int, fault: BaseException = fault) -> None:
            raise fault

        monkeypatch.setattr(os, "fsync", fail)
        assert main(command.split()) == code
        assert capsys.readouterr().err.count("\n") == 1
        assert state(folder) == before
    monkeypatch.undo()


@pytest.mark.parametrize("command", ["html", "rollup"])
def test_a_full_temporary_folder(folder: Path, run: Run, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(folder / "没有"))
    code, said = run(command, COMMANDS[command][1])
    if command == "html":
        assert said == ""  # what waits stands beside the page
    else:
        assert code == 1
        assert "写不进去" in said
    assert not list(folder.rglob(".perfeval-*"))


def test_a_file_that_appears_while_new_works_is_kept(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    calculate = new.calculate

    def meanwhile(book: object) -> None:
        (folder / "新.xlsm").write_bytes(b"my own work")
        calculate(book)  # type: ignore[arg-type]

    monkeypatch.setattr(new, "calculate", meanwhile)
    code, said = run("new", "新.xlsm")
    assert code == 1
    assert "这期间" in said
    assert (folder / "新.xlsm").read_bytes() == b"my own work"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize(
    "command", ["functions", "standards", "call PE_EXEC_RATE 100 95", "check 表.xlsx", "check 表.xlsx --json"]
)
def test_a_full_device_for_what_is_printed(folder: Path, command: str) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        ended = subprocess.run(
            [sys.executable, "-m", "perfeval", *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT / "udfs")},
            check=False,
        )
    said = ended.stderr.decode()
    assert ended.returncode == 1
    assert "磁盘空间已满" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["长" * 81, "x" * 245])
def test_the_longest_name_is_filled_and_its_outputs_are_refused(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    book = f"{name}.xlsm"
    assert main(["new", book, "--data", "数据.xlsx"]) == 0
    assert main(["fill", book, "--data", "数据.xlsx"]) == 0
    assert len(list(folder.glob("*备份*"))) == 1
    capsys.readouterr()
    for command in ("freeze", "report"):
        assert main([command, book]) == 1
        assert "文件名太长" in capsys.readouterr().err
    for command in (["check", f"{name}长长长长.xlsx"], ["score", f"{name}长长长长.xlsx"]):
        assert main(command) == 1
        assert capsys.readouterr().err.count("\n") == 1


LOOPS = (
    "check 圈.xlsx", "check .", "fill 圈.xlsx", "fill 自评.xlsm --data 圈.xlsx", "import 自评.xlsm 圈.xlsx", "freeze 圈.xlsx",
    "report 圈.xlsx", "report 自评.xlsm --template 圈.xlsx", "score 圈.xlsx", "explain 圈.xlsx H9", "rollup .", "rollup 圈.xlsx",
    "new 新.xlsm --data 圈.xlsx",
    "new 新.xlsm --from 圈.xlsx", "check 表.xlsx --waive 圈.xlsx", "demo --out 圈.xlsx", "rollup 下 --parquet 圈.xlsx",
)  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="links, which need rights there")
@pytest.mark.parametrize("command", LOOPS)
def test_a_loop_of_links_is_one_sentence(folder: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "圈.xlsx").symlink_to("另一个.xlsx")
    (folder / "另一个.xlsx").symlink_to("圈.xlsx")
    assert main(command.split()) == 1
    assert capsys.readouterr().err.count("\n") <= 1


# --- sets ---


@pytest.mark.parametrize(
    ("command", "out", "names"),
    [
        ("rollup 下 --parquet 明细", "明细", ("自评表", "指标", "复核", "预决算", "未汇总")),
        ("demo --out 演示", "演示", ("data", "PerfEval")),
    ],
    ids=["parquet", "demo"],
)
def test_a_set_is_replaced_whole_or_not_at_all(
    folder: Path, command: str, out: str, names: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(command.split()) == 0, capsys.readouterr()
    made = state(folder / out)
    assert {path.partition(".")[0] for path in made if "/" not in path} == set(names)
    last = next(path for path in made if path.startswith(names[-1]))
    (folder / out / last).write_bytes(made[last] + b"\n")
    assert main(command.split()) == 1
    assert last in capsys.readouterr().err
    assert state(folder / out) == made | {last: made[last] + b"\n"}
    assert main([*command.split(), "--overwrite"]) == 0
    assert len(list((folder / out).glob("*.备份-*"))) == 1


def test_parquet_says_that_it_was_stopped_between_two_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = "rollup 下 --out 汇总.xlsx --parquet 明细"
    assert main(command.split()) == 0
    replace = os.replace

    def fails_at_last(source: Path, name: Path) -> None:
        if Path(name).name == "未汇总.parquet":
            raise OSError(errno.ENOSPC, "")
        replace(source, name)

    monkeypatch.setattr(os, "replace", fails_at_last)
    capsys.readouterr()
    assert main(command.split()) == 1
    assert "未汇总.parquet还没有换成新的" in capsys.readouterr().err
    monkeypatch.setattr(os, "replace", replace)
    assert main(command.split()) == 0
    assert "上次写到一半就停了，现在补完了：未汇总.parquet" in capsys.readouterr().out
    assert not [path for path in state(folder) if ".perfeval-" in path]
