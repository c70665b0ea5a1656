"""A text in a formula stays a text, whatever signs stand in it, and a sheet's name a name."""

from __future__ import annotations

import pytest

from perfeval import formulatext
from perfeval.books.formulas import Reference, parse
from perfeval.books.formulas.syntax import Literal
from support.plain_book import book

# Names as people write them, and as nobody should.
NAMES = {
    "quotes": '01 "雪亮"工程建设',
    "a function": '01 a",SUM(1))&"b',
    "an apostrophe": "01 小'区",
    "only apostrophes": "''",
    "and": "01 R&D",
    "equals": "=1+1",
    "plus, at": "+@A1",
    "an exclamation": "01 快!A1",
    "brackets": "01 SORT(1)",
    "thirty-one": "长" * 31,
    "a line break": "上\n下",
    "an error": "#REF!",
    "a reference": "A1",
}


@pytest.mark.parametrize("words", [*NAMES.values(), "", '"', '""', "很长" * 200, '"' * 300], ids=repr)
def test_a_text_is_read_back(words: str) -> None:
    made = book({"表": {"A1": f"={formulatext.text(words)}", "A2": f"=LEN({formulatext.text(words)})"}})
    assert list(made.recalculated().values.values()) == [words, float(len(words))]


def test_a_text_beyond_excels_limit_is_several() -> None:
    longest = formulatext.text("长" * formulatext.LONGEST_TEXT)
    assert isinstance(parse(longest), Literal)
    assert formulatext.text("长" * 256) == f'({longest}&"长")'


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_sheets_name_is_read_back(name: str) -> None:
    node = parse(formulatext.at(name, "B3"))
    assert isinstance(node, Reference)
    assert node.sheet == name


def test_apostrophes_are_doubled_and_hanzi_need_none() -> None:
    assert formulatext.at("小'区", "A1") == "'小''区'!A1"
    assert formulatext.at('01 "雪亮"工程', "A1") == "'01 \"雪亮\"工程'!A1"
    assert formulatext.at("汇总", "A1") == "汇总!A1"


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_link_leads_to_its_sheet(name: str) -> None:
    made = book({"汇总": {"A1": f"={formulatext.link(name, 'A1', formulatext.at(name, 'B3'))}"}, name: {"B3": "项目"}})
    assert list(made.recalculated().values.values()) == ["项目"]
    target = book({"汇总": {"A1": f"=HYPERLINK({formulatext.text(f'#{formulatext.at(name, chr(65) + chr(49))}')})"}})
    assert list(target.recalculated().values.values()) == [f"#{formulatext.sheet(name)}!A1"]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_copied_formula_names_the_new_sheet(name: str) -> None:
    formula = formulatext.link(name, "A1", f'IF({formulatext.at(name, "B3")}="","",汇总!A1)')
    new = formulatext.link("02 新", "A1", 'IF(\'02 新\'!B3="","",汇总!A1)')
    assert formulatext.renamed(formula, name, "02 新") == new
    assert formulatext.renamed(new, "02 新", name) == formula
    assert formulatext.names_sheet(formula, name)
    assert not formulatext.names_sheet(new, name)


RENAMED = {
    "quoted": ("'01 管网'!E6", "01 管网", "'02 新'!E6"),
    "bare": ("项目自评表!E6+1", "项目自评表", "'02 新'!E6+1"),
    "a link": ("HYPERLINK(\"#'01 管网'!A1\",'01 管网'!B3)", "01 管网", "HYPERLINK(\"#'02 新'!A1\",'02 新'!B3)"),
    "with a quote": ("'01 小''区'!E6", "01 小'区", "'02 新'!E6"),
    "another": ("'011 管网'!E6&'1 管网'!E6", "1 管网", "'011 管网'!E6&'02 新'!E6"),
    "another's end": ("大项目自评表!E6", "项目自评表", "大项目自评表!E6"),
    "a name like a pattern": ("'01 (a.b)'!E6", "01 (a.b)", "'02 新'!E6"),
    "a text": ("\"01 管网!\"&'01 管网'!E6", "01 管网", "\"01 管网!\"&'02 新'!E6"),
    "a quote in a name": ('\'01 "x\'!E6&"!"', '01 "x', "'02 新'!E6&\"!\""),
    "another book's": ("[1]项目自评表!E6", "项目自评表", "[1]项目自评表!E6"),
    "an error": ("#REF!+REF!A1", "REF", "#REF!+'02 新'!A1"),
    "another case": ("'01 abc'!E6", "01 ABC", "'02 新'!E6"),
}


@pytest.mark.parametrize(("formula", "old", "copied"), RENAMED.values(), ids=RENAMED.keys())
def test_a_copy_names_its_own_sheet(formula: str, old: str, copied: str) -> None:
    assert formulatext.renamed(formula, old, "02 新") == copied


@pytest.mark.parametrize("code", ["甲", "*", "2?8", "~208", ">1", "<>", "a~*b"])
def test_a_criterion_takes_a_text_as_it_is(code: str) -> None:
    cells: dict[str, object] = {"A1": code, "B1": code, "B2": "乙", "B3": "20801", "B4": "x", "B5": None}
    made = book({"表": {**cells, "C1": f"=COUNTIF(B1:B5,{formulatext.as_is('A1')})"}})
    assert list(made.recalculated().values.values()) == [1.0]
