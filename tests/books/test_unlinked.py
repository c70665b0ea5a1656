"""What our functions leave in a workbook of others' besides their formulas: links by number and names, on the package's bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfeval.books import FileBook
from perfeval.books.package import Package, archive
from perfeval.books.unlinked import calls_ours, names_of_ours, unlinked
from perfeval.commands import freeze
from perfeval.errors import FormProblem

MAIN = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"
ADDIN = "file:///C:\\Users\\zhang\\AppData\\Roaming\\Microsoft\\Excel\\XLSTART\\PerfEval.xlam"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGES = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture(autouse=True)
def nothing_to_find(monkeypatch: pytest.MonkeyPatch) -> None:
    """What 复核 finds stops a copy; that is tested elsewhere."""

    def reviewing(_: object) -> Iterator[str]:
        yield "核对"
        return []  # type: ignore[return-value]

    monkeypatch.setattr(freeze, "reviewing", reviewing)


def part(package: Package, name: str) -> str:
    return package.read(name).decode()


def package(
    path: Path, cells: str, links: tuple[str, ...], names: dict[str, str] | None = None, below: str = "", **more: str
) -> Path:
    """A workbook of one sheet as Excel writes it: with links to these files as [1], [2] …, names, and more parts."""
    numbers = range(1, len(links) + 1)
    defined = "".join(f'<definedName name="{name}">{formula}</definedName>' for name, formula in (names or {}).items())
    references = "".join(f'<externalReference r:id="rId{10 + n}"/>' for n in numbers)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGES}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{MAIN}" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{TYPES}.worksheet+xml"/>'
        + "".join(
            f'<Override PartName="/xl/externalLinks/externalLink{n}.xml" ContentType="{TYPES}.externalLink+xml"/>'
            for n in numbers
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGES}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="{MAIN}"/></Relationships>',
        MAIN: f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets>'
        + (f"<externalReferences>{references}</externalReferences>" if links else "")
        + (f"<definedNames>{defined}</definedNames>" if defined else "")
        + "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGES}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        + "".join(
            f'<Relationship Id="rId{10 + n}" Type="{OFFICE}/externalLink" Target="externalLinks/externalLink{n}.xml"/>'
            for n in numbers
        )
        + "</Relationships>",
        SHEET: f'<worksheet xmlns="{SPREADSHEET}"><sheetData><row r="1">{cells}</row></sheetData>{below}</worksheet>',
    }
    for n, file in zip(numbers, links, strict=True):
        parts[f"xl/externalLinks/externalLink{n}.xml"] = (
            f'<externalLink xmlns="{SPREADSHEET}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"/></externalLink>'
        )
        parts[f"xl/externalLinks/_rels/externalLink{n}.xml.rels"] = (
            f'<Relationships xmlns="{PACKAGES}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/externalLinkPath" Target="{file}" TargetMode="External"/></Relationships>'
        )
    path.write_bytes(
        archive({name: (HEAD + text).encode() for name, text in (parts | more).items()}, zipfile.ZIP_DEFLATED)
    )
    return path


def cell(place: str, formula: str, value: float = 9) -> str:
    return f'<c r="{place}"><f>{formula}</f><v>{value}</v></c>'


def sent(path: Path) -> tuple[Package, str]:
    """The copy of a workbook that is sent, and what is said of it."""
    frozen = freeze.freeze(path)
    assert frozen.path is not None
    return FileBook.open(frozen.path).package, "\n".join(frozen.changes)


def of_links(package: Package) -> list[str]:
    return [name for name in package.names if "externalLink" in name]


OURS = cell("A1", "[1]!PE_EXEC_SCORE(100,90)")


def test_the_only_link_goes_with_all_that_told_of_it(tmp_path: Path) -> None:
    copy, said = sent(package(tmp_path / "外.xlsx", OURS + cell("B1", "SUM(A1,1)", 10), (ADDIN,)))
    assert of_links(copy) == []
    for name in (MAIN, "xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        assert "xternal" not in part(copy, name), name
    assert '<c r="A1"><v>9</v></c>' in part(copy, SHEET)
    assert "<f>SUM(A1,1)</f>" in part(copy, SHEET)
    assert "去掉了只为 PE_ 公式留着的外部链接（PerfEval.xlam）" in said


@pytest.mark.parametrize("first", [True, False], ids=["the add-in is [1]", "the add-in is [2]"])
def test_other_links_stay_under_their_new_number(tmp_path: Path, first: bool) -> None:
    """Wherever a formula of whatever kind names a link; what only looks like one is left alone."""
    own, other = (1, 2) if first else (2, 1)
    others = (
        cell("B1", f"[{other}]预算!$A$1+SUM('[{other}]本 级''s'!B1:B9)", 7)
        + cell("C1", f'IF(Z9=9,"见 [{other}]表!A1",[{other}]!合计)', 7)
        + '<c r="D1" t="inlineStr"><is><t>附注[2]!说明</t></is></c>'
        + cell("E1", "SUM(表一[2])", 7)
        + cell(
            "F1", f"[{other}]&#39044;&#31639;!A1+SUM(&#39;[{other}]&#x672C; &#32423;&apos;!B1)&amp;&#34;[2]!&#34;", 7
        )
    )
    below = (
        f'<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>A1&gt;[{other}]预算!B1</formula>'
        "</cfRule></conditionalFormatting>"
        f'<dataValidations count="1"><dataValidation type="list" sqref="C3" prompt="[2]!不动"><formula1>[{other}]!单位</formula1>'
        "</dataValidation></dataValidations>"
    )
    drawing = f'<wsDr><sp macro="[{other}]!按钮" textlink="[{other}]预算!$A$1"><t>[2]!不动</t></sp></wsDr>'
    files = (ADDIN, "预算.xlsx") if first else ("预算.xlsx", ADDIN)
    path = package(
        tmp_path / "外.xlsx",
        cell("A1", f"[{own}]!PE_EXEC_SCORE(100,90)") + others,
        files,
        {"合计": f"[{other}]预算!$C$1"},
        below,
        **{"xl/drawings/drawing1.xml": drawing},
    )
    before = FileBook.open(path).package
    copy, said = sent(path)
    assert FileBook.open(path.with_name("外-报送版.xlsx")).linked_files == ("预算.xlsx",)
    assert sorted(of_links(copy)) == [
        f"xl/externalLinks/_rels/externalLink{other}.xml.rels",
        f"xl/externalLinks/externalLink{other}.xml",
    ]
    assert "（PerfEval.xlam）" in said

    def renumbered(name: str) -> str:
        text = part(before, name).replace(f"<f>[{own}]!PE_EXEC_SCORE(100,90)</f>", "")
        for start in ("[{}]预算", "[{}]&#", "'[{}]本", ",[{}]!合计", "<formula1>[{}]!", 'macro="[{}]!'):
            text = text.replace(start.format(other), start.format(1))
        return text

    for name in (SHEET, "xl/drawings/drawing1.xml"):
        assert part(copy, name) == renumbered(name)
    assert '<definedName name="合计">[1]预算!$C$1</definedName>' in part(copy, MAIN)


def test_a_link_that_anything_else_uses_stays(tmp_path: Path) -> None:
    """A sheet was copied from 2021.xlsm, with functions and with references: the references are theirs."""
    path = package(tmp_path / "外.xlsx", OURS + cell("B1", "[1]表!A1", 3), ("2021.xlsm",))
    copy, said = sent(path)
    assert FileBook.open(path.with_name("外-报送版.xlsx")).linked_files == ("2021.xlsm",)
    assert "<f>[1]表!A1</f>" in part(copy, SHEET)
    assert "链接" not in said


def test_a_call_that_is_no_cells_is_told(tmp_path: Path) -> None:
    below = (
        '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>率&gt;1</formula></cfRule>'
        "</conditionalFormatting>"
    )
    path = package(tmp_path / "外.xlsx", OURS, (ADDIN,), {"率": "[1]!PE_EXEC_RATE(表!$B$1,表!$C$1)"}, below)
    copy, said = sent(path)
    assert len(of_links(copy)) == 2
    assert "率" in part(copy, MAIN)
    assert "指向“PerfEval.xlam”的外部链接留着" in said


def test_a_name_that_calls_is_a_call(tmp_path: Path) -> None:
    """A cell that reads such a name, also by another, is a value in the copy; the names mean nothing without the add-in."""
    names = {"率": "[1]!PE_EXEC_RATE(表!$B$1,表!$C$1)", "双率": "率*2", "率表": "表!$A$1"}
    path = package(tmp_path / "外.xlsx", cell("A1", "双率+1", 3) + cell("B1", "SUM(率表)", 3), (ADDIN,), names)
    copy, said = sent(path)
    assert of_links(copy) == []
    assert part(copy, MAIN).count("<definedName ") == 1
    assert '<definedName name="率表">' in part(copy, MAIN)
    assert '<c r="A1"><v>3</v></c>' in part(copy, SHEET)
    assert "<f>SUM(率表)</f>" in part(copy, SHEET)
    assert "1 个 PE_ 公式换成了算出的值" in said
    assert "名称（双率、率）" in said or "名称（率、双率）" in said


def test_a_link_that_nothing_uses_any_more_goes_too(tmp_path: Path) -> None:
    """Somebody has replaced the formulas by hand: Excel would still ask whether to update the link."""
    copy, said = sent(package(tmp_path / "外.xlsx", cell("A1", "1+1", 2), (ADDIN, "预算.xlsx")))
    assert len(of_links(copy)) == 2
    assert "PerfEval.xlam" in said


def test_a_file_without_ours_is_sent_as_it_is(tmp_path: Path) -> None:
    path = package(tmp_path / "外.xlsx", cell("A1", "'PE_表(1)'!A1&amp;\"PE_EXEC_SCORE(\"", 2), ("预算.xlsx",))
    with pytest.raises(FormProblem, match="本来就能原样报送"):
        freeze.freeze(path)


@pytest.mark.parametrize("formula", ["TODAY()", "INDIRECT(&quot;A1&quot;)", "SUM(表一[金额])", "GETPIVOTDATA(1,A1)"])
def test_what_nobody_here_can_compute_keeps_its_value(tmp_path: Path, formula: str) -> None:
    """It may read the cell, which shows what it showed before; programs that calculate nothing would show a blank."""
    copy, _ = sent(package(tmp_path / "外.xlsx", OURS + cell("B1", formula, 7), (ADDIN,)))
    assert cell("B1", formula, 7) in part(copy, SHEET)
    assert "fullCalcOnLoad" not in part(copy, MAIN)


CALLS = {
    "PE_EXEC_SCORE(A1,B1)": True,
    "IF(A1,[1]!pe_exec_score(A1,B1),0)": True,
    "_xlfn.SINGLE(PE_EXEC_RATE(A1:A3,B1:B3))": True,
    "_xll.PE_EXEC_RATE(A1,B1)": True,
    "'C:\\[it''s.xlsm]表'!A1+A.xlsm!PE_EXEC_RATE(A1,B1)": True,
    '"PE_EXEC_RATE("&A1': False,
    "'PE_(表)'!A1+PE_单位": False,
    "SCOPE_X(A1)": False,
}


@pytest.mark.parametrize(("formula", "ours"), CALLS.items())
def test_a_call_is_known(formula: str, ours: bool) -> None:
    assert calls_ours(formula) is ours


def test_what_xml_may_hide_keeps_its_link(tmp_path: Path) -> None:
    hidden = '<c r="B1"><f><![CDATA[[1]!PE_EXEC_RATE(1,1)]]></f><v>1</v></c>'
    book = FileBook.open(package(tmp_path / "外.xlsx", hidden, (ADDIN,)))
    rest = unlinked(book.package, book.main_part, ["[1]!PE_EXEC_SCORE(100,90)"])
    assert rest.files == ()
    assert names_of_ours(book.package, book.main_part) == frozenset()
