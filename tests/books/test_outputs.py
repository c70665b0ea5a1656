"""The one way of an output: what may be replaced, what never is, what a fault leaves behind, and what the next run makes of it."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pytest

from perfeval.books import outputs, seals
from perfeval.books.locks import begin, hold, lock_of, saving
from perfeval.books.outputs import Output
from perfeval.books.package import Unreadable
from perfeval.errors import FileRefused, OutputIsInput
from support import ROOT, savers
from support.outputsets import NAMES, page, write_set

POSIX = pytest.mark.skipif(os.name == "nt", reason="a fault of POSIX systems")


def data(file: BinaryIO, text: str) -> None:
    file.write(json.dumps([{"file": text}], ensure_ascii=False).encode())


def package(file: BinaryIO, text: str) -> None:
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("数", text * 100)


KINDS = {"page": (page, seals.seal_page), "data": (data, seals.seal_data), "package": (package, seals.seal_package)}
Kind = tuple[Callable[[BinaryIO, str], None], Callable[[BinaryIO], None]]


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


def written(path: Path, kind: Kind, text: str, *, overwrite: bool = False) -> bytes:
    content, seal = kind
    with Output.to(path, overwrite=overwrite).writing(seal) as file:
        content(file, text)
    return path.read_bytes()


# --- what may be replaced ---


def test_what_is_ours_and_untouched_is_written_anew(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "结果"
    first = written(path, kind, "甲")
    assert written(path, kind, "乙") != first
    assert written(path, kind, "甲") == first
    assert [*tmp_path.iterdir()] == [path]


def test_it_is_known_under_another_name(tmp_path: Path, kind: Kind) -> None:
    written(tmp_path / "结果", kind, "甲")
    moved = (tmp_path / "结果").rename(tmp_path / "别名")
    written(moved, kind, "乙")


@pytest.mark.parametrize("seed", range(8))
def test_a_byte_that_differs_anywhere_is_a_persons_work(tmp_path: Path, kind: Kind, seed: int) -> None:
    path = tmp_path / "结果"
    content = bytearray(written(path, kind, "甲"))
    place = random.Random(seed).randrange(len(content))
    content[place] ^= 1 << (seed % 7)
    path.write_bytes(content)
    with pytest.raises(FileRefused, match="没有覆盖"):
        written(path, kind, "乙")
    assert path.read_bytes() == content
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("more", [b"\n", b" ", b"<p>perfeval:" + b"0" * 64 + b"</p>"])
def test_so_is_what_stands_behind_it(tmp_path: Path, kind: Kind, more: bytes) -> None:
    path = tmp_path / "结果"
    path.write_bytes(written(path, kind, "甲") + more)
    with pytest.raises(FileRefused, match="没有覆盖"):
        written(path, kind, "乙")


def test_json_is_read_as_without_its_seal(tmp_path: Path) -> None:
    assert json.loads(written(tmp_path / "读到.json", KINDS["data"], "甲")) == [{"file": "甲"}]


@pytest.mark.parametrize("content", [b"", b"my own work", b"perfeval:" + b"0" * 64, b" " * 256 + b"\n"])
def test_any_other_file_is_kept_unless_told_and_then_as_a_backup(tmp_path: Path, kind: Kind, content: bytes) -> None:
    path = tmp_path / "结果.txt"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match="--overwrite"):
        written(path, kind, "甲")
    assert path.read_bytes() == content
    written(path, kind, "甲", overwrite=True)
    (backup,) = tmp_path.glob("结果.备份-*.txt")
    assert backup.read_bytes() == content


# --- what is never written over ---


def _same(path: Path) -> Path:
    return path


def _through_dots(path: Path) -> Path:
    (path.parent / "下").mkdir()
    return path.parent / "下" / ".." / path.name


def _hard_link(path: Path) -> Path:
    other = path.with_name("又一个名字.xlsx")
    os.link(path, other)
    return other


def _through_a_linked_folder(path: Path) -> Path:
    folder = path.parent / "链接"
    folder.symlink_to(path.parent, target_is_directory=True)
    return folder / path.name


@pytest.mark.parametrize(
    "name", [_same, _through_dots, _hard_link, _through_a_linked_folder], ids=lambda one: one.__name__
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_no_input_under_any_name(tmp_path: Path, name: Callable[[Path], Path], overwrite: bool) -> None:
    source = tmp_path / "表.xlsx"
    source.write_bytes(b"input")
    out = name(source)
    with pytest.raises(OutputIsInput, match="另一个文件名"):
        Output.to(out, overwrite=overwrite, inputs=[source])
    assert source.read_bytes() == b"input"


def test_no_input_whose_name_differs_in_case_where_that_is_no_difference(tmp_path: Path) -> None:
    source = tmp_path / "A.xlsx"
    source.write_bytes(b"input")
    with suppress(
        FileExistsError
    ):  # which says that it is no difference here; elsewhere one file with both names stands for it
        os.link(source, tmp_path / "a.xlsx")
    with pytest.raises(OutputIsInput):
        Output.to(tmp_path / "a.xlsx", overwrite=True, inputs=[source])


def test_a_result_of_the_same_run_that_is_not_there_yet(tmp_path: Path) -> None:
    with pytest.raises(OutputIsInput):
        Output.to(tmp_path / "." / "复核.html", inputs=[tmp_path / "复核.html"])


def _link(path: Path) -> None:
    path.with_name("别处").write_bytes(b"kept")
    path.symlink_to("别处")


def _link_to_nothing(path: Path) -> None:
    path.symlink_to("没有")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


@POSIX
@pytest.mark.parametrize("make", [_link, _link_to_nothing, _loop, _folder, _pipe], ids=lambda one: one.__name__)
@pytest.mark.parametrize("overwrite", [False, True])
def test_nothing_but_a_file(tmp_path: Path, make: Callable[[Path], None], overwrite: bool) -> None:
    path = tmp_path / "结果"
    make(path)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FileRefused, match=r"链接|文件夹|普通文件"):
        Output.to(path, overwrite=overwrite)
    assert sorted(tmp_path.iterdir()) == before
    assert not (tmp_path / "没有").exists()


@POSIX
def test_a_folder_may_be_a_link_but_not_a_loop(tmp_path: Path) -> None:
    (tmp_path / "真").mkdir()
    (tmp_path / "链接").symlink_to("真")
    (tmp_path / "圈").symlink_to("圈")
    written(tmp_path / "链接" / "结果", KINDS["page"], "甲")
    assert (tmp_path / "真" / "结果").exists()
    with pytest.raises(FileRefused, match="绕成了圈"):
        Output.to(tmp_path / "圈" / "结果")


@pytest.mark.parametrize("mark", ["~${}", ".~lock.{}#"])
def test_a_file_that_is_open_is_refused_first(tmp_path: Path, kind: Kind, mark: str) -> None:
    path = tmp_path / "结果.xlsx"
    written(path, kind, "甲")
    (tmp_path / mark.format(path.name)).touch()
    with pytest.raises(FileRefused, match="里打开"):
        Output.to(path, overwrite=True)


def test_a_read_only_file_stays(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "结果"
    before = written(path, kind, "甲")
    path.chmod(0o444)
    with pytest.raises(FileRefused, match="只读"):
        written(path, kind, "乙", overwrite=True)
    path.chmod(0o644)
    assert path.read_bytes() == before


# --- what happens meanwhile ---


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("links", [True, False], ids=["with links", "where no file can be linked"])
def test_a_file_that_appeared_meanwhile_is_kept(
    tmp_path: Path, overwrite: bool, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", failing(errno.EPERM))
    path = tmp_path / "新.xlsm"
    output = Output.to(path, overwrite=overwrite)
    path.write_bytes(b"my own work")
    with pytest.raises(FileRefused, match="这期间"):
        output.write(b"new")
    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(path, b"my own work")]


@POSIX
def test_also_at_the_last_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, link = tmp_path / "新.xlsm", os.link

    def too_late(source: Path, name: Path) -> None:
        path.write_bytes(b"my own work")
        link(source, name)

    monkeypatch.setattr(os, "link", too_late)
    with pytest.raises(FileRefused, match="这期间"):
        Output.to(path).write(b"new")
    assert path.read_bytes() == b"my own work"


@POSIX
def test_where_no_file_can_be_linked_it_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", failing(errno.EOPNOTSUPP))
    Output.to(tmp_path / "新").write(b"new")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("新", b"new")]


def test_what_was_changed_or_removed_meanwhile_is_said(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "结果"
    written(path, kind, "甲")
    output = Output.to(path)
    other = written(path, kind, "别人的")
    with pytest.raises(FileRefused, match="请重试"):
        output.write(b"new")
    assert path.read_bytes() == other
    output = Output.to(path)
    path.unlink()
    with pytest.raises(FileRefused, match="不见了"):
        output.write(b"new")
    assert [*tmp_path.iterdir()] == []


# --- faults of a disk ---


def failing(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


FAULTS = {
    errno.ENOSPC: "磁盘空间已满",
    errno.EDQUOT: "配额",
    errno.EFBIG: "磁盘空间",
    errno.EACCES: "权限",
    errno.EROFS: "只读",
    errno.EIO: "磁盘空间",
}


@pytest.mark.parametrize("where", ["fsync", "replace"])
@pytest.mark.parametrize("number", FAULTS, ids=errno.errorcode.get)
def test_a_fault_is_one_sentence_and_the_old_file_stays(
    tmp_path: Path, kind: Kind, where: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "结果"
    before = written(path, kind, "甲")
    monkeypatch.setattr(os, where, failing(number))
    with pytest.raises(FileRefused, match=FAULTS[number]):
        written(path, kind, "乙")
    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(path, before)]


def test_a_fault_while_a_backup_is_kept_leaves_the_file_and_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", failing(errno.EACCES))
    with pytest.raises(FileRefused, match="权限"):
        Output.over(path, b"old", backup=True).write(b"new")
    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(path, b"old")]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, MemoryError, RecursionError])
def test_whatever_stops_the_writing_leaves_the_old_file(tmp_path: Path, kind: Kind, fault: type[BaseException]) -> None:
    path = tmp_path / "结果"
    before = written(path, kind, "甲")

    def stopped() -> None:
        with Output.to(path).writing(kind[1]) as file:
            file.write(b"half")
            raise fault

    with pytest.raises(fault):
        stopped()
    assert [(one, one.read_bytes()) for one in tmp_path.iterdir()] == [(path, before)]


@pytest.mark.parametrize("name", ["长" * 83 + ".xlsx", "x" * 250 + ".xlsx", "😀" * 62 + ".xlsx"])
def test_the_longest_name_gets_a_shorter_backup(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"old")
    backup = Output.over(path, b"old", backup=True).write(b"new")
    assert backup is not None
    assert (path.read_bytes(), backup.read_bytes()) == (b"new", b"old")
    assert ".备份-" in backup.name
    assert backup.suffix == ".xlsx"


@POSIX
@pytest.mark.parametrize("name", ["长" * 84 + ".xlsx", "x" * 252 + ".xlsx"])
def test_a_name_that_is_too_long_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused, match="文件名太长"):
        Output.to(tmp_path / name)


# --- what killed runs leave behind ---


def test_the_next_run_sweeps_what_nobody_holds(tmp_path: Path) -> None:
    left = [tmp_path / name for name in (".perfeval-00112233aabbccdd.tmp", ".perfeval-0123456789abcdef.lock")]
    others = [tmp_path / name for name in (".perfeval-set.json", ".perfeval-00.new", "~$表.xlsx", "a.tmp", ".别的.tmp")]
    for path in (*left, *others):
        path.write_bytes(b"left")
        os.utime(path, (1_000_000_000, 1_000_000_000))
    alive, file = tmp_path / ".perfeval-ffeeddccbbaa9988.tmp", begin(tmp_path / ".perfeval-ffeeddccbbaa9988.tmp")
    with file:
        os.utime(alive, (1_000_000_000, 1_000_000_000))
        Output.to(tmp_path / "结果").write(b"new")
        assert {*tmp_path.iterdir()} == {alive, tmp_path / "结果", *others}


@POSIX
def test_a_fresh_one_too_and_none_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / f".perfeval-{outputs._HERE}aabbccddee.tmp"
    elsewhere = tmp_path / ".perfeval-zzzzzzaabbccddee.tmp"  # another computer's, whose lock a share may not show
    left.touch()
    elsewhere.touch()
    monkeypatch.setattr(os, "getuid", lambda: left.stat().st_uid + 1)
    outputs.sweep(tmp_path)
    assert left.exists()
    monkeypatch.undo()
    outputs.sweep(tmp_path)
    assert [*tmp_path.iterdir()] == [elsewhere]


@POSIX
def test_where_there_are_no_locks_only_what_is_a_day_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl  # noqa: PLC0415 — not on Windows

    monkeypatch.setattr(fcntl, "flock", failing(errno.ENOLCK))
    fresh, old = (tmp_path / f".perfeval-{outputs._HERE}{number}.tmp" for number in (1, 2))
    fresh.touch()
    old.touch()
    os.utime(old, (1_000_000_000, 1_000_000_000))
    Output.to(tmp_path / "结果").write(b"new")
    assert {path.name for path in tmp_path.iterdir()} == {fresh.name, "结果"}


# --- two at once ---


def test_a_lock_that_was_left_behind_is_none(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    lock_of(path).touch()
    with saving(path):
        assert lock_of(path).exists()
    assert not lock_of(path).exists()


def test_while_one_saves_another_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.books.locks._PATIENCE", 0.05)
    path = tmp_path / "表.xlsx"
    with saving(path):
        with pytest.raises(Unreadable, match="请稍后重试"), saving(tmp_path / "表.XLSX"):
            pytest.fail("one file, whatever the case of its name")
        with saving(tmp_path / "别的.xlsx"):
            pass
    with saving(path):
        pass


@POSIX
def test_a_lock_whose_file_is_gone_is_not_taken_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between opening a lock and locking it its holder may remove it: then two would hold a lock of one name."""
    import fcntl  # noqa: PLC0415 — not on Windows

    lock, flock, gone = tmp_path / ".perfeval-1.lock", fcntl.flock, []

    def slow(descriptor: int, how: int) -> None:
        if not gone:
            gone.append(lock.unlink())
        flock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", slow)
    held = hold(lock)
    assert held is not None
    assert os.path.samestat(os.fstat(held.descriptor), lock.stat())
    assert hold(lock) is None
    held.remove()
    assert not lock.exists()


@POSIX
def test_a_link_laid_out_as_a_lock_is_not_followed(tmp_path: Path) -> None:
    path, victim = tmp_path / "表.xlsx", tmp_path / "别人的"
    lock_of(path).symlink_to(victim)
    with pytest.raises(FileRefused):
        Output.to(path).write(b"new")
    assert not victim.exists()


@POSIX
def test_where_a_share_refuses_locks_what_was_read_is_still_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl  # noqa: PLC0415 — not on Windows

    monkeypatch.setattr(fcntl, "flock", failing(errno.EOPNOTSUPP))
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"old")
    first, second = (Output.over(path, b"old", backup=False) for _ in range(2))
    first.write(b"first")
    with pytest.raises(FileRefused, match="请重试"):
        second.write(b"second")
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize("number", [2, 8])
def test_savers_at_once_lose_nothing(tmp_path: Path, number: int) -> None:
    """A small run of ``python tests/support/savers.py 200``."""
    rounds = 12
    came = savers.counts(tmp_path, rounds, number)
    assert (came["lost"], came["unsaid"], came["left"]) == (0, 0, 0)
    assert came["saved"] >= rounds
    assert came["saved"] + came["refused"] == rounds * number


# --- sets ---


def texts(folder: Path) -> list[str]:
    return [text for name in NAMES for text in ("旧", "新") if f"<p>{text}</p>" in (folder / name).read_text("utf-8")]


def rest(folder: Path) -> list[str]:
    """What is there beside the set."""
    paths = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [path for path in paths if path not in NAMES]


def test_one_that_cannot_be_replaced_keeps_them_all(tmp_path: Path) -> None:
    write_set(tmp_path, "旧")
    (tmp_path / NAMES[2]).write_text("<p>旧</p>，改过", encoding="utf-8")
    with pytest.raises(FileRefused, match="没有覆盖"):
        write_set(tmp_path, "新")
    assert texts(tmp_path) == ["旧"] * 3
    assert rest(tmp_path) == []


KILLED = """
import os, sys
sys.path[:0] = [sys.argv[3], sys.argv[4]]
from support.outputsets import write_set
from pathlib import Path

steps = 0
def step(what, *_):
    global steps
    if what in ("os.rename", "os.remove", "os.link", "open"):
        steps += 1
        if steps == int(sys.argv[2]):
            os._exit(9)

sys.addaudithook(step)
write_set(Path(sys.argv[1]), "新")
os._exit(0)
"""


@POSIX
def test_a_set_killed_anywhere_is_whole_after_the_next_run(tmp_path: Path) -> None:
    seen = set()
    for step in range(1, 90):
        folder = tmp_path / str(step)
        write_set(folder, "旧")
        kill = [sys.executable, "-c", KILLED, folder, str(step), str(ROOT / "tests"), str(ROOT / "udfs")]
        ended = subprocess.run(kill, check=False)
        if ended.returncode == 0:
            break
        assert ended.returncode == 9
        after_kill = texts(folder)
        assert len(after_kill) == 3
        finished = write_set(folder, "旧")
        if len(set(after_kill)) == 2:
            assert "补完了" in finished[0]
        seen.add((tuple(after_kill), bool(finished)))
        assert texts(folder) == ["旧"] * 3
        assert rest(folder) == []
    else:
        pytest.fail("the set never came through")
    assert {one for one, _ in seen} >= {("旧",) * 3, ("新", "旧", "旧"), ("新", "新", "旧"), ("新",) * 3}


def test_what_a_person_changed_after_the_kill_is_kept(tmp_path: Path) -> None:
    write_set(tmp_path, "旧")
    with begin(tmp_path / ".perfeval-00112233aabbccdd.new") as aside:
        aside.write(b"new")
    entry = [".perfeval-00112233aabbccdd.new", NAMES[0], "0" * 64]
    (tmp_path / ".perfeval-set.json").write_text(json.dumps([entry]), encoding="utf-8")
    assert "保留着：甲.html" in write_set(tmp_path, "旧")[0]
    assert rest(tmp_path) == []


@pytest.mark.parametrize("name", ["../外.html", "下/../../外.html", "/外.html", "..\\外.html"])
def test_a_planted_note_reaches_nothing_outside(tmp_path: Path, name: str) -> None:
    folder, victim = tmp_path / "里", tmp_path / "外.html"
    folder.mkdir()
    victim.write_text("kept", encoding="utf-8")
    (tmp_path / ".perfeval-00112233aabbccdd.new").write_text("planted", encoding="utf-8")
    aside = "../.perfeval-00112233aabbccdd.new"
    digest = outputs._digest_of(victim)
    (folder / ".perfeval-set.json").write_text(json.dumps([[aside, name, digest]]), encoding="utf-8")
    assert write_set(folder, "新") == ()
    assert victim.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("note", ["", "[[", "{}", "[[1, 2, 3]]", '["a"]', "[" * 100_000])
def test_a_note_that_is_none_says_nothing(tmp_path: Path, note: str) -> None:
    (tmp_path / ".perfeval-set.json").write_text(note, encoding="utf-8")
    assert write_set(tmp_path, "新") == ()
    assert rest(tmp_path) == []


def test_a_disk_that_fails_between_two_swaps_is_named_and_the_next_run_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path, "旧")
    replace, swaps = os.replace, []

    def full(source: Path, name: Path) -> None:
        swaps.append(name)
        if len(swaps) == 2:
            raise OSError(errno.ENOSPC, "")
        replace(source, name)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(FileRefused, match=r"乙.html、丙.html还没有换成新的"):
        write_set(tmp_path, "新")
    monkeypatch.undo()
    assert texts(tmp_path) == ["新", "旧", "旧"]
    assert write_set(tmp_path, "旧") == ("上次写到一半就停了，现在补完了：乙.html、下/丙.html",)
    assert rest(tmp_path) == []
