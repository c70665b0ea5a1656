"""A file is replaced at once or not at all, with a backup, and with every untouched member's very bytes."""

from __future__ import annotations

import io
import os
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import IO, Any

import pytest

from perfeval.books import FileBook
from perfeval.books.outputs import Output
from perfeval.books.seals import seal_package
from perfeval.errors import FileRefused
from perfeval.forms.edits import Edit
from perfeval.forms.grid import address
from support import hostile
from support.hostile import parts

A1 = address("A1")
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def filled(path: Path, value: object = 2) -> FileBook:
    book = FileBook.open(path)
    book.apply([Edit("表", A1, value)])  # type: ignore[arg-type]
    return book


def local_records(data: bytes) -> dict[str, bytes]:
    """Each member's header, data and data descriptor, as they stand in the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        infos = sorted(package.infolist(), key=lambda info: info.header_offset)
        ends = [*(info.header_offset for info in infos[1:]), package.start_dir]
    return {info.filename: data[info.header_offset : end] for info, end in zip(infos, ends, strict=True)}


EXTRA = {
    "xl/media/图 1.png": bytes(range(256)) * 40,
    "docProps/自定义.xml": "<x/>",
    "xl/vbaProject.bin": b"\xd0\xcf" * 999,
}
PACKAGES = {
    "packed": hostile.zipped(parts(ROW) | EXTRA),
    "stored": hostile.zipped(parts(ROW) | EXTRA, zipfile.ZIP_STORED),
    "streamed, with descriptors and zip64": hostile.streamed(parts(ROW) | EXTRA),
}


@pytest.mark.parametrize("data", PACKAGES.values(), ids=PACKAGES)
def test_untouched_members_keep_their_very_bytes(tmp_path, data):
    path = hostile.save(tmp_path, data)
    filled(path).save()
    before, after = local_records(data), local_records(path.read_bytes())
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert (
            package.getinfo("xl/worksheets/sheet1.xml").date_time
            == zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/worksheets/sheet1.xml").date_time
        )
    assert FileBook.open(path).grid("表")[A1].value == 2


def test_comments_and_what_stands_before_the_zip_are_kept(tmp_path):
    out = io.BytesIO(hostile.zipped(parts(ROW)))
    with zipfile.ZipFile(out, "a") as package:
        package.comment = "备注".encode()
    path = hostile.save(tmp_path, out.getvalue())
    filled(path).save()
    with zipfile.ZipFile(path) as package:
        assert package.comment == "备注".encode()


def test_sizes_in_zip64_fields_of_the_directory(tmp_path):
    """A directory that gives a small member's size in 64 bits, as some writers do."""
    data = hostile.zipped(parts(ROW))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        start, info = package.start_dir, package.infolist()[0]
    entry = bytearray(data[start : start + 46 + len(info.filename)])
    struct.pack_into("<LLHH", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF, len(info.filename), 20)
    entry += struct.pack("<HHQQ", 1, 16, info.file_size, info.compress_size)
    end = bytearray(data[data.rindex(b"PK\5\6") :])
    struct.pack_into("<L", end, 12, struct.unpack_from("<L", end, 12)[0] + 20)
    rest = data[start + 46 + len(info.filename) : data.rindex(b"PK\5\6")]
    path = hostile.save(tmp_path, data[:start] + bytes(entry) + rest + bytes(end))
    filled(path).save()
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        assert package.infolist()[0].file_size == info.file_size


def test_a_backup_is_kept_and_never_overwritten(tmp_path):
    path = hostile.save(tmp_path, parts(ROW), "自评表.xlsm")
    versions = [path.read_bytes()]
    backups = []
    for value in (2, 3, 4):
        backups.append(filled(path, value).save())
        versions.append(path.read_bytes())
    assert len(set(backups)) == 3
    assert [backup.read_bytes() for backup in backups if backup] == versions[:3]
    assert all(backup.name.startswith("自评表.备份-2") and backup.suffix == ".xlsm" for backup in backups if backup)
    assert len(list(tmp_path.iterdir())) == 4


def test_without_a_backup_only_the_file_remains(tmp_path):
    path = hostile.save(tmp_path, parts(ROW))
    assert filled(path).save(backup=False) is None
    assert list(tmp_path.iterdir()) == [path]


def test_a_book_can_be_saved_and_filled_again(tmp_path):
    book = filled(hostile.save(tmp_path, parts(ROW)))
    book.save()
    assert book.save() is None
    book.apply([Edit("表", A1, 3)])
    assert book.save() is not None
    assert FileBook.open(book.path).grid("表")[A1].value == 3


def test_saving_elsewhere_leaves_the_original(tmp_path):
    path = hostile.save(tmp_path, parts(ROW))
    before = path.read_bytes()
    book = filled(path)
    other = tmp_path / "报送版.xlsx"
    assert book.save(other) is None
    assert book.path == other
    assert path.read_bytes() == before
    assert FileBook.open(other).grid("表")[A1].value == 2
    again = FileBook.open(path)
    kept = again.save(other)  # unchanged, but the other file is to become it
    assert kept is not None
    assert FileBook.open(kept).grid("表")[A1].value == 2
    assert other.read_bytes() == before


def test_a_link_is_followed_and_stays_a_link(tmp_path):
    path = hostile.save(tmp_path, parts(ROW), "真.xlsx")
    link = tmp_path / "链接.xlsx"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("this system does not let us make links")
    filled(link).save(backup=False)
    assert link.is_symlink()
    assert FileBook.open(path).grid("表")[A1].value == 2


def test_the_mode_of_a_file_is_kept(tmp_path):
    path = hostile.save(tmp_path, parts(ROW))
    path.chmod(0o640)
    mode = path.stat().st_mode
    kept = filled(path).save()
    assert kept is not None
    assert path.stat().st_mode == kept.stat().st_mode == mode


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path):
    path = hostile.save(tmp_path, parts(ROW))
    path.chmod(0o600)
    other, any_new = tmp_path / "报送版.xlsx", tmp_path / "普通"
    any_new.touch()
    filled(path).save(other)
    assert other.stat().st_mode == any_new.stat().st_mode


def check_save_refused(book: FileBook, reason: str) -> None:
    before = book.path.read_bytes()
    files = sorted(book.path.parent.iterdir())
    with pytest.raises(FileRefused, match=reason):
        book.save()
    assert book.path.read_bytes() == before
    assert sorted(book.path.parent.iterdir()) == files


def test_a_file_changed_since_it_was_opened_is_refused(tmp_path):
    book = filled(hostile.save(tmp_path, parts(ROW)))
    filled(book.path, 9).save(backup=False)
    check_save_refused(book, "又被改动过")


def test_a_read_only_file_is_refused(tmp_path):
    book = filled(hostile.save(tmp_path, parts(ROW)))
    book.path.chmod(stat.S_IREAD)
    check_save_refused(book, "只读")
    book.path.chmod(stat.S_IREAD | stat.S_IWRITE)
    assert book.save() is not None


def test_a_file_opened_elsewhere_meanwhile_is_refused(tmp_path):
    book = filled(hostile.save(tmp_path, parts(ROW)))
    (tmp_path / "~$表.xlsx").write_bytes(b"")
    check_save_refused(book, "Excel 里打开")


def test_a_file_gone_meanwhile_is_refused(tmp_path):
    book = filled(hostile.save(tmp_path, parts(ROW)))
    book.path.unlink()
    with pytest.raises(FileRefused, match="不见了"):
        book.save()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_cannot_be_saved_to(tmp_path):
    book = filled(hostile.save(tmp_path, parts(ROW)))
    with pytest.raises(FileRefused, match="文件夹"):
        book.save(tmp_path)
    with pytest.raises(FileRefused, match="写不进去"):
        book.save(tmp_path / "无此文件夹" / "表.xlsx")


_open = Path.open


def torn(path: Path, mode: str = "r", **more: Any) -> IO[Any]:
    """Opens files as a disk does that loses the end of what was just written."""
    file = _open(path, mode, **more)
    return io.BytesIO(file.read()[:-9] + b"x" * 9) if (path.suffix, mode) == (".tmp", "rb") else file


def test_a_whole_package_alone_takes_the_place_of_another(tmp_path, monkeypatch):
    def written(number: int) -> None:
        with (
            Output.to(tmp_path / "表.zip").writing(seal_package) as file,
            zipfile.ZipFile(file, "w") as package,
        ):
            package.writestr("数", str(number) * 100)

    written(1)
    before = (tmp_path / "表.zip").read_bytes()
    monkeypatch.setattr(Path, "open", torn)
    with pytest.raises(FileRefused, match="核对不符"):
        written(2)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failing_disk_leaves_the_old_file(tmp_path, monkeypatch, failing):
    book = filled(hostile.save(tmp_path, parts(ROW)))

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(FileRefused, match="磁盘空间"):
        book.save(backup=False)
    assert FileBook.open(book.path).grid("表")[A1].value == 1
    assert list(tmp_path.iterdir()) == [book.path]


def test_what_came_to_disk_is_read_back(tmp_path, monkeypatch):
    book = filled(hostile.save(tmp_path, parts(ROW)))
    monkeypatch.setattr(Path, "open", torn)
    with pytest.raises(FileRefused):
        book.save(backup=False)
    assert FileBook.open(book.path).grid("表")[A1].value == 1


KILLED = """
import os, sys
sys.path.insert(0, sys.argv[3])
from perfeval.books import FileBook
from perfeval.forms.edits import Edit
from perfeval.forms.grid import address

steps = 0
def step(what, *_):
    global steps
    if what == "fsync" or what in ("open", "os.rename", "os.remove", "os.chmod"):
        steps += 1
        if steps == int(sys.argv[2]):
            os._exit(9)

book = FileBook.open(sys.argv[1])
book.apply([Edit("表", address("A1"), "新" * 20000)])
fsync, write = os.fsync, os.write
os.fsync = lambda number: (step("fsync"), fsync(number))
sys.addaudithook(step)
book.save()
os._exit(0)
"""


def test_a_killed_process_leaves_the_old_file_or_the_new_one(tmp_path):
    """Killed before each system call of a save, until one comes through; the file is whole every time."""
    seen = set()
    for step in range(1, 60):
        folder = tmp_path / str(step)
        folder.mkdir()
        path = hostile.save(folder, parts(ROW))
        old = path.read_bytes()
        ended = subprocess.run([sys.executable, "-c", KILLED, path, str(step), ""], check=False)
        if path.read_bytes() == old:
            seen.add("old")
        else:
            seen.add("new")
            assert FileBook.open(path).grid("表")[A1].value == "新" * 20000
        for backup in folder.glob("*备份*"):
            assert backup.read_bytes() == old
        if ended.returncode == 0:
            break
        assert ended.returncode == 9
    else:
        pytest.fail("the save never came through")
    assert step > 6
    assert seen == {"old", "new"}
