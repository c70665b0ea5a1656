"""What a roll-up keeps between runs is its own or it is not used: planted, damaged, another user's, unwritable, out of date."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from perfeval.cli import main
from perfeval.commands import rollup
from perfeval.rollup import kept
from perfeval.rollup.cachefolder import NotOurs, own_folder
from support.plain_form import form
from support.rolled import keep_caches_in, kept_in
from support.sheettext import write_sheets

NAMES = ("甲", "乙", "丙")
posix_only = pytest.mark.skipif(os.name == "nt", reason="owners and modes of files are POSIX's")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three forms that have been rolled up once."""
    keep_caches_in(tmp_path / "缓存", monkeypatch)
    made = tmp_path / "报送"
    made.mkdir()
    for name in NAMES:
        write_sheets(made / f"{name}.xlsx", {"表": form(name=name)})
    rollup.rollup(made)
    return made


def again(folder: Path) -> tuple[int, tuple[str, ...], bytes]:
    """Roll up once more: how many files were known, what is noted, and the summary."""
    rolled = rollup.rollup(folder)
    assert (rolled.projects, rolled.passed) == (len(NAMES), ())
    return rolled.known, rolled.notes, rolled.summary.read_bytes()


def test_what_is_kept_changes_nothing_of_the_summary(folder: Path) -> None:
    first = (folder / "汇总.xlsx").read_bytes()
    assert again(folder) == (3, (), first)
    kept_in(folder).unlink()
    assert again(folder) == (0, (), first)


def test_only_its_owner_may_look_at_it(folder: Path) -> None:
    file = kept_in(folder)
    assert folder not in file.parents
    if os.name != "nt":
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


# --- rows are of a content, and of the code that has read it ---


def test_a_change_that_leaves_size_and_date_is_read(folder: Path) -> None:
    file = folder / "甲.xlsx"
    before = file.stat()
    content = write_sheets(folder.parent / "别的.xlsx", {"表": form(name="甲", budget="100.01")}).read_bytes()
    file.write_bytes(content[: before.st_size].ljust(before.st_size, b"\0"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    rolled = rollup.rollup(folder)
    assert rolled.known == 2


def test_a_copy_with_another_date_is_known(folder: Path) -> None:
    os.utime(folder / "甲.xlsx", (1, 1))
    assert again(folder)[0] == 3


def test_a_file_that_is_open_elsewhere_is_told_though_it_has_been_read(folder: Path) -> None:
    (folder / "~$甲.xlsx").write_bytes(b"")
    rolled = rollup.rollup(folder)
    assert [(path, why[:10]) for path, _, _, why in rolled.passed] == [("甲.xlsx", "文件正在 Excel")]
    (folder / "~$甲.xlsx").unlink()
    assert again(folder)[1] == ()


def test_another_code_reads_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_code", lambda: b"another")
    assert again(folder)[:2] == (0, ())


def test_what_is_gone_is_forgotten(folder: Path) -> None:
    write_sheets(folder / "甲.xlsx", {"表": form(name="甲", budget="700.00")})
    (folder / "乙.xlsx").unlink()
    rollup.rollup(folder)
    with closing(sqlite3.connect(kept_in(folder))) as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == (2,)


def test_what_nobody_has_used_for_long_is_swept(folder: Path) -> None:
    own = kept_in(folder)
    forgotten, recent = own.with_name("rollup-1.sqlite"), own.with_name("rollup-2.sqlite")
    for file in (forgotten, recent):
        file.write_bytes(b"")
    long_ago = time.time() - kept._AGE - 60
    for file in (own, forgotten):
        os.utime(file, (long_ago, long_ago))
    assert again(folder)[0] == 0
    assert not forgotten.exists()
    assert recent.exists()


# --- beside the summary: an older version's, or a stranger's ---


def planted_trigger(path: Path) -> None:
    """An older version's journal in which every amount is ten times what was read, and a trigger that undoes corrections."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE under (text TEXT)")
        database.execute("CREATE TABLE forms (path TEXT, executed INTEGER)")
        database.execute("INSERT INTO forms VALUES ('甲.xlsx', 100000)")
        database.execute("CREATE TABLE findings (path TEXT)")
        database.execute(
            "CREATE TRIGGER t AFTER INSERT ON forms BEGIN UPDATE forms SET executed = executed * 10; DELETE FROM findings; END"
        )


@pytest.mark.parametrize("name", [".汇总.汇总进度", ".2023汇总.汇总进度"])
@pytest.mark.parametrize(
    "plant",
    [
        planted_trigger,
        lambda path: path.write_text("不是数据库"),
        Path.mkdir,
        lambda path: path.symlink_to("/dev/zero"),
    ],
    ids=["trigger", "text", "folder", "link"],
)
def test_a_journal_beside_the_summary_is_named_and_never_opened(
    plant: Callable[[Path], object], name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "汇总.xlsx").read_bytes()
    plant(folder / name)
    stood = os.lstat(folder / name)
    assert main(["rollup", str(folder)]) == 0
    assert f"{folder / name} 是旧版本的汇总进度，没有用它，可以删除" in capsys.readouterr().out
    assert (folder / "汇总.xlsx").read_bytes() == before
    now = os.lstat(folder / name)
    assert (now.st_ino, now.st_size, now.st_mtime_ns) == (stood.st_ino, stood.st_size, stood.st_mtime_ns)


def test_another_program_s_database_that_a_link_leads_to_keeps_its_tables(folder: Path) -> None:
    other = folder.parent / "别人的.sqlite"
    planted_trigger(other)
    before = other.read_bytes()
    (folder / ".汇总.汇总进度").symlink_to(other)
    rollup.rollup(folder)
    assert other.read_bytes() == before


# --- in the cache: planted or damaged ---


def changed_by(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database, database:
            for statement in statements:
                database.execute(statement)

    return change


def torn(first: int, length: int) -> Callable[[Path], None]:
    """Overwrites some bytes."""

    def tear(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[first : first + length] = b"\xa5" * length
        path.write_bytes(data)

    return tear


FAULTS: dict[str, Callable[[Path], object]] = {
    "a trigger": changed_by(
        "CREATE TRIGGER t AFTER INSERT ON kept BEGIN UPDATE kept SET reading = replace(reading, '10000', '99999'); END"
    ),
    "a view": changed_by("ALTER TABLE kept RENAME TO other", "CREATE VIEW kept AS SELECT * FROM other"),
    "another column": changed_by("ALTER TABLE kept ADD COLUMN more TEXT"),
    "another table": changed_by("CREATE TABLE forms (path TEXT)"),
    "another index": changed_by("CREATE INDEX other ON kept (reading)"),
    "an older version's tables": planted_trigger,
    "ten times the money": changed_by("UPDATE kept SET reading = replace(reading, '10000', '100000')"),
    "rows of another file": changed_by(
        "UPDATE kept SET reading = (SELECT max(reading) FROM kept), seal = (SELECT seal FROM kept ORDER BY reading DESC LIMIT 1)"
    ),
    "a number for a text": changed_by("UPDATE kept SET reading = 7, seal = 7"),
    "bytes for a text": changed_by("UPDATE kept SET reading = CAST(x'ff00' AS TEXT)"),
    "no database": lambda path: path.write_text("不是数据库" * 1000, encoding="utf-8"),
    "a torn header": torn(0, 64),
    "a torn schema": torn(4096 - 100, 100),
    "a torn table": torn(4096, 64),
    "a torn index": torn(2 * 4096, 64),
    "torn rows": torn(3 * 4096, 3 * 4096),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_is_not_as_it_was_left_is_thrown_away_and_said(
    fault: Callable[[Path], object], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "汇总.xlsx").read_bytes()
    file = kept_in(folder)
    if fault is planted_trigger:
        file.unlink()
    fault(file)
    assert main(["rollup", str(folder)]) == 0
    said = capsys.readouterr()
    assert (said.err, said.out.count("\n")) == ("", 2)
    assert f"注意：以前记下的汇总进度已损坏或被改动过，没有用它，从头读起（{file}，已删除）" in said.out
    assert (folder / "汇总.xlsx").read_bytes() == before
    assert again(folder)[1:] == ((), before)


@pytest.mark.parametrize("seed", range(40))
def test_a_bit_that_has_fallen_over_changes_no_figure(seed: int, folder: Path) -> None:
    """Wherever it is: it is seen, or it was in no reading."""
    before = (folder / "汇总.xlsx").read_bytes()
    file = kept_in(folder)
    data = bytearray(file.read_bytes())
    data[(seed * 7919 + seed**3) % len(data)] ^= 1 << seed % 8
    file.write_bytes(data)
    assert again(folder)[2] == before


def test_another_s_run_begins_anew_while_this_one_reads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other has thrown away is only read again."""
    real = rollup._recall

    def recall(*arguments: object) -> Iterator[int]:
        kept_in(folder).unlink()
        return real(*arguments)  # type: ignore[arg-type]

    if os.name != "nt":  # where a file that is open cannot be removed
        monkeypatch.setattr(rollup, "_recall", recall)
    assert again(folder)[2] == (folder / "汇总.xlsx").read_bytes()


# --- where nothing can be kept ---


def without(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a run says that cannot keep anything, and does its work all the same."""
    before = (folder / "汇总.xlsx").read_bytes()
    assert main(["rollup", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert (folder / "汇总.xlsx").read_bytes() == before
    (line,) = [line for line in said.out.splitlines() if "没有记下进度" in line]
    assert line.startswith("注意：这次没有记下进度，停下后要从头读：")
    return line


def test_another_run_that_writes_for_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kept, "_WAIT", 0)
    with closing(sqlite3.connect(kept_in(folder))) as other:
        other.execute("BEGIN EXCLUSIVE")
        told = without(folder, capsys)
    assert "另一次汇总正在写它" in told
    assert "请删除" in told


def test_another_run_that_begins_to_write_in_between(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sheets(folder / "丙.xlsx", {"表": form(name="丙", body="三小")})
    expected = rollup.rollup(folder).summary.read_bytes()
    kept_in(folder).unlink()
    real = rollup._read
    monkeypatch.setattr(kept, "_WAIT", 0)
    with closing(sqlite3.connect(kept_in(folder), isolation_level=None)) as other:

        def read(*arguments: object) -> Generator[int, None, None]:
            other.execute("BEGIN EXCLUSIVE")
            return real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(rollup, "_read", read)
        told = without(folder, capsys)
    assert "另一次汇总正在写它" in told
    assert (folder / "汇总.xlsx").read_bytes() == expected


def test_a_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = kept._begin

    def begin(database: sqlite3.Connection) -> None:
        real(database)
        database.execute("PRAGMA max_page_count = 1")  # no more pages than there are

    kept_in(folder).unlink()
    monkeypatch.setattr(kept, "_begin", begin)
    file = kept_in(folder)
    assert "磁盘满了" in (told := without(folder, capsys))
    assert str(file) in told


def test_a_cache_that_may_not_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert "Permission denied" in without(folder, capsys)


def test_a_file_of_the_cache_that_may_only_be_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sheets(folder / "丙.xlsx", {"表": form(name="丙", body="三小")})
    real = sqlite3.connect

    def connect(file: object, **options: object) -> sqlite3.Connection:
        if file == "":
            return real("")
        return real(os.fsdecode(file).join(("file:", "?mode=ro")), uri=True)  # type: ignore[arg-type]

    monkeypatch.setattr(sqlite3, "connect", connect)
    expected = rollup.rollup(folder).summary.read_bytes()
    assert "写不进去" in without(folder, capsys)
    assert (folder / "汇总.xlsx").read_bytes() == expected


def test_a_cache_that_is_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = own_folder()
    shutil.rmtree(own)
    own.write_bytes(b"")
    without(folder, capsys)


@posix_only
def test_a_cache_that_is_a_link(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = own_folder()
    own.rename(tmp_path / "别处")
    own.symlink_to(tmp_path / "别处")
    assert "是链接" in without(folder, capsys)


@posix_only
def test_a_file_of_the_cache_that_is_a_link(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planted_trigger(tmp_path / "别人的.sqlite")
    before = (tmp_path / "别人的.sqlite").read_bytes()
    file = kept_in(folder)
    file.unlink()
    file.symlink_to(tmp_path / "别人的.sqlite")
    assert "是链接" in without(folder, capsys)
    assert (tmp_path / "别人的.sqlite").read_bytes() == before


@posix_only
def test_a_cache_of_another_user(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    assert "别的用户" in without(folder, capsys)


@posix_only
def test_a_user_without_a_home(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", none)
    assert "没有用户目录" in without(folder, capsys)


@pytest.mark.parametrize(
    ("system", "variables", "place"),
    [
        ("linux", {"XDG_CACHE_HOME": "{tmp}/x"}, "x"),
        ("linux", {}, "home/.cache"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "home/.cache"),
        ("darwin", {}, "home/Library/Caches"),
    ],
)
@posix_only
def test_where_a_system_keeps_caches(
    system: str, variables: dict[str, str], place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp=tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "platform", system)
    assert own_folder() == tmp_path / place / "perfeval"


@posix_only
def test_others_may_not_have_written_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_caches_in(tmp_path, monkeypatch)
    own_folder().chmod(0o777)
    with pytest.raises(NotOurs, match="别的用户也能写"):
        own_folder()


# --- the temporary tables ---


def test_a_full_temporary_folder_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "汇总.xlsx").read_bytes()

    def full(*_: object) -> Iterator[str]:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("perfeval.rollup.journal.Journal.settle", full)
    assert main(["rollup", str(folder)]) == 1
    assert capsys.readouterr().err.startswith("汇总的临时数据写不下；请清理临时文件夹所在的磁盘")
    assert (folder / "汇总.xlsx").read_bytes() == before
