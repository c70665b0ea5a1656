"""A workbook with a digital signature is not changed without a word: R-13."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.books.package import Package
from perfeval.cli import main
from perfeval.commands import buttons
from perfeval.errors import FileRefused
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import address
from support import fakeexcel, headless
from support.plain_form import form
from support.published import grids
from support.target_sheets import table, tables

_LINK = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
_MACROS_LINK = "http://schemas.microsoft.com/office/2006/relationships/vbaProjectSignature"
_SIGNATURE = "application/vnd.openxmlformats-package.digital-signature"
_ORIGIN = f'<Default Extension="sigs" ContentType="{_SIGNATURE}-origin"/>'
_TYPES = f'<Override PartName="/{{}}" ContentType="{_SIGNATURE}-xmlsignature+xml"/>'
_LINKS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


def _with(path: Path, added: dict[str, str], root: str = "") -> Path:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", f"{root}</Relationships>".encode())
    types = "".join(_TYPES.format(name) for name in added if name.endswith(".xml")) + _ORIGIN
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", f"{types}</Types>".encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**parts, **{name: text.encode() for name, text in added.items()}}.items():
            package.writestr(name, content)
    return path


def signed(path: Path) -> Path:
    """The workbook as Office signs it: an origin that the package links to, and a signature that the origin links to."""
    link = f'<Relationship Id="rId1" Type="{_LINK.replace("origin", "signature")}" Target="sig1.xml"/>'
    parts = {
        "_xmlsignatures/origin.sigs": "",
        "_xmlsignatures/sig1.xml": '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>',
        "_xmlsignatures/_rels/origin.sigs.rels": _LINKS.format(link),
    }
    return _with(path, parts, f'<Relationship Id="rId99" Type="{_LINK}" Target="_xmlsignatures/origin.sigs"/>')


def linked_only(path: Path) -> Path:
    """As other programs sign: the parts lie elsewhere, the link tells."""
    return _with(
        path, {"signatures/one.sigs": ""}, f'<Relationship Id="rId99" Type="{_LINK}" Target="/signatures/one.sigs"/>'
    )


def macros_signed(path: Path) -> Path:
    """Only the macros are signed: that covers nothing that an edit changes."""
    link = f'<Relationship Id="rId1" Type="{_MACROS_LINK}" Target="vbaProjectSignature.bin"/>'
    return _with(path, {"xl/vbaProjectSignature.bin": "x", "xl/_rels/vbaProject.bin.rels": _LINKS.format(link)})


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A new workbook of a form, to be filled."""
    grids(tmp_path / "原表.xlsx", {"自评表": form()})
    assert main(["new", str(tmp_path / "自评.xlsm"), "--data", str(tmp_path / "原表.xlsx")]) == 0
    return tmp_path / "自评.xlsm"


@pytest.mark.parametrize("sign", [signed, linked_only])
def test_a_fill_is_refused_until_the_signature_may_break(made: Path, sign, capsys: pytest.CaptureFixture[str]) -> None:
    before = sign(made).read_bytes()
    assert main(["fill", str(made), "--dry-run"]) == 0
    assert "数字签名" in capsys.readouterr().out
    assert main(["fill", str(made)]) == 1
    told = capsys.readouterr().err
    assert "--break-signature" in told
    assert told.count("\n") == 1
    assert made.read_bytes() == before
    assert [path.name for path in made.parent.glob("*.备份*")] == []
    assert main(["fill", str(made), "--break-signature"]) == 0
    assert "请签名人重新签名" in capsys.readouterr().out
    assert made.read_bytes() != before


@pytest.mark.parametrize("other", [lambda path: path, macros_signed], ids=["unsigned", "macros"])
def test_what_no_edit_breaks_is_not_asked_about(made: Path, other, capsys: pytest.CaptureFixture[str]) -> None:
    other(made)
    assert main(["fill", str(made)]) == 0
    assert "签名" not in capsys.readouterr().out


def test_a_fill_that_changes_nothing_breaks_nothing(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fill", str(made)]) == 0
    signed(made)
    capsys.readouterr()
    assert main(["fill", str(made)]) == 0
    assert "签名" not in capsys.readouterr().out


@pytest.mark.host
@pytest.mark.skipif(headless.SOFFICE is None, reason=headless.MISSING)
def test_calc_opens_what_was_filled_over_a_signature(tmp_path: Path, made: Path) -> None:
    """The parts of the signature stay, and show that it is broken: whoever gets the file sees that it was signed once."""
    signed(made)
    assert main(["fill", str(made), "--break-signature"]) == 0
    book = FileBook.open(made)
    assert "_xmlsignatures/sig1.xml" in book.package
    shown = headless.reopened(made, tmp_path)
    for sheet in book.user_sheets:
        texts = {
            str(place): cell.value for place, cell in book.grid(sheet).cells.items() if isinstance(cell.value, str)
        }
        assert {place: shown[sheet][place].value for place, text in texts.items() if text} == {
            place: text for place, text in texts.items() if text
        }


def test_columns_beside_a_signed_form_are_put_in_and_taken_out_to_the_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then the signature holds again, so its parts stay where they are."""
    path = tmp_path / "别处.xlsx"
    grids(path, {"自评表": form()})
    before = signed(path).read_bytes()
    assert main(["assist", str(path)]) == 1
    assert "--break-signature" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main(["assist", str(path), "--break-signature"]) == 0
    assert "请签名人重新签名" in capsys.readouterr().out
    assert main(["assist", str(path), "--remove"]) == 1
    assert main(["assist", str(path), "--remove", "--break-signature"]) == 0
    after = FileBook.open(path).package
    for name in (old := Package(before)).names:
        assert after.read(name) == old.read(name), name


def test_an_undo_is_refused_too(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fill", str(made)]) == 0
    signed(made)
    assert main(["undo", str(made)]) == 1
    assert "--break-signature" in capsys.readouterr().err
    assert main(["undo", str(made), "--break-signature"]) == 0


def test_last_year_s_workbook_may_be_signed(tmp_path: Path, made: Path) -> None:
    """It is only read; next year's has no signature to break."""
    assert main(["fill", str(made)]) == 0
    before = signed(made).read_bytes()
    assert main(["new", str(tmp_path / "明年.xlsm"), "--from", str(made)]) == 0
    assert made.read_bytes() == before
    assert not FileBook.open(tmp_path / "明年.xlsm").is_signed


def test_an_import_is_refused_too(tmp_path: Path, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = tables(tmp_path, table(name="培训"))
    signed(made)
    options = ["import", str(made), str(targets), "--body", "某中心"]
    assert main(options) == 1
    assert "--break-signature" in capsys.readouterr().err
    assert main([*options, "--break-signature"]) == 0


def test_a_copy_of_anothers_workbook_carries_a_broken_signature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "别处.xlsx"
    grids(path, {"自评表": form()})
    book = FileBook.open(path)
    place = next(place for place, cell in book.grid("自评表").cells.items() if cell.value == 60)
    book.apply([Edit("自评表", place, Formula("PE_TOTAL(60)"))])
    book.save(backup=False)
    signed(path)
    assert main(["freeze", str(path)]) == 1
    assert "--break-signature" in capsys.readouterr().err
    assert main(["freeze", str(path), "--break-signature"]) == 0
    assert "数字签名在报送版里已失效" in capsys.readouterr().out


def test_our_own_copy_is_made_anew_without_a_signature(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fill", str(made)]) == 0
    signed(made)
    assert main(["freeze", str(made)]) == 0, capsys.readouterr()
    copy = FileBook.open(made.with_name("自评-报送版.xlsx"))
    assert not copy.is_signed
    assert not any("signature" in name for name in copy.package.names)


def test_a_copy_under_another_name_is_refused_as_well(made: Path) -> None:
    book = FileBook.open(signed(made))
    book.apply([Edit(book.sheets[0], address("B2"), "别的单位")])
    with pytest.raises(FileRefused, match="数字签名"):
        book.save(made.with_name("另存.xlsm"))
    assert not made.with_name("另存.xlsm").exists()


@pytest.mark.parametrize("name", [name for name, button in buttons.BUTTONS.items() if button.writes])
def test_a_button_asks_and_does_nothing_without_consent(made: Path, name: str) -> None:
    book = fakeexcel.open_book(signed(made))
    before = {sheet.name: sheet.used_range.formula for sheet in book.sheets}
    book.impl.app.answers = ["cancel"]
    buttons.press(name, book)
    question, told = book.impl.app.alerts
    assert "签名随之失效" in question
    assert told == "没有改动任何单元格，数字签名仍然有效。"
    assert {sheet.name: sheet.used_range.formula for sheet in book.sheets} == before


def test_a_button_goes_on_with_consent(made: Path) -> None:
    book = fakeexcel.open_book(signed(made))
    book.impl.app.answers = ["ok"]
    buttons.press("fill", book)
    assert book.impl.app.alerts[-1].startswith("填写了")


def test_a_button_that_only_reads_asks_nothing(made: Path) -> None:
    book = fakeexcel.open_book(signed(made))
    buttons.press("recalculate", book)
    assert not any("签名" in alert for alert in book.impl.app.alerts)
    assert {button.name for button in buttons.BUTTONS.values() if not button.writes} == {
        "new", "recalculate", "compare", "review_folder", "freeze", "live_copy", "report", "rollup", "guide",
    }  # fmt: skip
