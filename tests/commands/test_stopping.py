"""Ctrl-C in every command: one sentence and exit code 130, no file lost or half written, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from handed_in import write_folder
from perfeval.cli import main
from perfeval.commands import rollup
from support import ROOT
from support.plain_form import form
from support.rolled import kept_in
from support.sheettext import write_sheets

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a console, not to a process")

STOPPED = 130
COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("check", "form.xlsx"),
    "check of a folder, as JSON, with a page": ("check", ".", "--json", "--html", "page.html"),
    "score": ("score", "form.xlsx"),
    "explain": ("explain", "form.xlsx", "G9"),
    "new from a form": ("new", "made.xlsm", "--data", "form.xlsx"),
    "rollup": ("rollup", ".", "--out", "rolled.xlsx"),
    "new from last year": ("new", "made.xlsm", "--from", "book.xlsm"),
    "import": ("import", "book.xlsm", "form.xlsx"),
    "fill": ("fill", "book.xlsm"),
    "freeze": ("freeze", "book.xlsm", "--out", "frozen.xlsx"),
    "report": ("report", "book.xlsm", "--out", "report.docx"),
}
WRITING: dict[str, tuple[str, ...]] = {
    "new": ("new", "made.xlsm", "--data", "form.xlsx"),
    "fill": ("fill", "book.xlsm"),
    "report": ("report", "book.xlsm", "--out", "report.docx"),
    "rollup": ("rollup", ".", "--out", "rolled.xlsx"),
    "check with a page": ("check", "form.xlsx", "--html", "page.html"),
    "check with what was read": ("check", "form.xlsx", "--read", "read.json"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A form, and the workbook that is made of it."""
    folder = tmp_path_factory.mktemp("原件")
    write_sheets(folder / "form.xlsx", {"表": form()})
    assert main(["new", str(folder / "book.xlsm"), "--data", str(folder / "form.xlsx")]) == 0
    return {name: (folder / name).read_bytes() for name in ("form.xlsx", "book.xlsm")}


@pytest.fixture
def folder(made: dict[str, bytes], tmp_path: Path) -> Path:
    place = tmp_path / "文件夹"
    place.mkdir()
    for name, data in made.items():
        (place / name).write_bytes(data)
    return place


def contents(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def stopped(folder: Path, how: str, name: str, *command: str) -> str:
    """What a command says that gets Ctrl-C there."""
    program = [sys.executable, str(ROOT / "tests" / "support" / "stopping.py"), how, name, *command]
    ran = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == STOPPED, ran.stderr
    return ran.stderr


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_while_it_reads(command: tuple[str, ...], folder: Path) -> None:
    before = contents(folder)
    name = "book.xlsm" if "book.xlsm" in command else "form.xlsx"
    told = stopped(folder, "read", name, *command)
    assert told.startswith("已停下")
    assert told.count("\n") == 1
    assert contents(folder) == before


@pytest.mark.parametrize("command", WRITING.values(), ids=WRITING)
def test_while_it_writes(command: tuple[str, ...], folder: Path) -> None:
    before = contents(folder)
    told = stopped_writing(folder, *command)
    assert told.startswith("已停下")
    assert told.count("\n") == 1
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert not [name for name in after if name.endswith(".tmp")]


def stopped_writing(folder: Path, *command: str) -> str:
    """The same where the command opens its first file of the folder to write it."""
    absolute = [str(folder / part) if "." in part else part for part in command]
    return stopped(folder, "write", str(folder), *absolute)


@pytest.mark.parametrize("part", [1, 6, 12])
def test_a_roll_up_that_stops_within_its_summary_says_one_sentence(tmp_path: Path, part: int) -> None:
    """XlsxWriter leaves the zip that it fills open: when that is forgotten it must not complain of its closed file."""
    folder = tmp_path / "报送"
    write_folder(folder, 3)
    program = f"""
import os, signal, sys, zipfile
from perfeval.cli import main
parts = 0
def stopping(add):
    def added(*arguments, **named):
        global parts
        parts += 1
        if parts == {part}:
            os.kill(os.getpid(), signal.SIGINT)
        return add(*arguments, **named)
    return added
zipfile.ZipFile.write, zipfile.ZipFile.writestr = stopping(zipfile.ZipFile.write), stopping(zipfile.ZipFile.writestr)
sys.exit(main(["rollup", sys.argv[1]]))
"""
    run = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (STOPPED, "已停下，读过的文件都记下了；再运行一次就接着做\n")


@pytest.mark.parametrize("room", [0, 3_000])
@pytest.mark.parametrize("name", list(WRITING))
def test_a_full_disk_is_one_sentence(folder: Path, name: str, room: int) -> None:
    """A disk that takes files of so many bytes only stands for a full one."""
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2); "
        "from perfeval.cli import main; sys.exit(main(sys.argv[2:]))"
    )
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    command = [sys.executable, "-B", "-c", program, str(room), *WRITING[name]]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode == 0:  # small enough
        assert name.startswith("check")
        return
    sentence, nothing = run.stderr.split("\n")
    assert ("磁盘" in sentence, nothing) == (True, "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def on_two_cores(folder: Path, first: str) -> subprocess.Popen[str]:
    """A roll-up with readers of its own, in a group of processes of its own, that does something first."""
    program = f"""
import sys
from perfeval.cli import main
from perfeval.rollup import workers
workers.cores = lambda: 2
{first}
sys.exit(main(["rollup", sys.argv[1]]))
"""
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_roll_up_on_all_cores_keeps_what_it_has_read(tmp_path: Path) -> None:
    """Ctrl-C goes to the readers too, as a console sends it: they say nothing."""
    folder, number = tmp_path / "报送", 400
    write_folder(folder, number)
    running = on_two_cores(folder, "from perfeval.commands import rollup; rollup._SECONDS = 0")
    kept = kept_in(folder)
    begun = kept.stat().st_size
    while running.poll() is None and kept.stat().st_size < begun + 50_000:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    out, told = running.communicate()
    assert (running.returncode, out) == (STOPPED, "")
    assert told == "已停下，读过的文件都记下了；再运行一次就接着做\n"
    again = rollup.rollup(folder)
    assert 0 < again.known < number
    assert again.projects == number


def test_a_roll_up_s_readers_that_only_start_say_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    write_folder(folder, 40)
    for delay in (0.3, 0.5, 0.7, 0.9):
        running = on_two_cores(folder, "print('!', flush=True)")
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(delay)
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate()
        assert told.removesuffix("\n") in {
            "",  # done already
            "已停下，读过的文件都记下了；再运行一次就接着做",
            "已停下；没有写完的文件都清掉了，原来的文件没有动，请再运行一次",  # not begun yet, on a slow machine
        }
        kept_in(folder).unlink()
