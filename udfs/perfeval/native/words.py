"""Pieces of formulas that work on texts. No wildcard ever decides: what a lookup finds is held to the text by EXACT."""

from __future__ import annotations

from collections.abc import Iterable

from perfeval import formulatext
from perfeval.native.tables import Places

YES, NO = "1=1", "1=0"  # what every program reads alike, where TRUE is a word of its language
_DIGITS = "0123456789.,"
_HANZI = "〇零一二两三四五六七八九十百千万亿半"
_SIGNS = (
    *zip("０１２３４５６７８９％＞＜＝，．－—–　", "0123456789%><=,.--- ", strict=True),
    ("\xa0", " "), (">=", "≥"), ("=>", "≥"), ("<=", "≤"), ("=<", "≤"), ("≧", "≥"), ("≦", "≤"),
)  # fmt: skip


def replaced(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    """SUBSTITUTE for each pair, one after the other."""
    for old, new in pairs:
        text = f"SUBSTITUTE({text},{formulatext.text(old)},{formulatext.text(new)})"
    return text


def plain(cell: str) -> str:
    """A cell's text with full-width signs brought to one form; "" for a number, and for a text with two blanks in a row."""
    text = replaced(f'{cell}&""', _SIGNS)
    return f'IF(ISNUMBER({cell}),"",IF(ISERROR(FIND("  ",{cell}&"")),TRIM({text}),{cell}&""))'


def without_digits(text: str) -> str:
    """What is left of a text without digits, dots and commas."""
    return replaced(text, ((digit, "") for digit in _DIGITS))


def has_number(text: str) -> str:
    """Whether digits, or numerals in words, stand in a text."""
    bare = replaced(text, ((sign, "") for sign in (*_DIGITS[:10], *_HANZI)))
    return f"LEN({bare})<LEN({text})"


def holds(text: str, *words: str) -> str:
    """Whether one of these words stands in a text."""
    found = ",".join(f"FIND({formulatext.text(word)},{text})" for word in words)
    return f"ISNUMBER({found})" if len(words) == 1 else f"COUNT({found})>0"


def among(text: str, words: str) -> str:
    """Whether a text that is not empty is one of the words in a range, in their case."""
    return f"IFERROR(EXACT(INDEX({words},MATCH({text},{words},0)),{text}),{NO})"


def longest(side: str, text: str, places: Places, table: str) -> str:
    """The longest word of a table with which a text begins (``LEFT``) or ends (``RIGHT``); "" where there is none."""
    words, formula = places[table, 0], '""'
    for length in reversed(places.lengths(table)):
        piece = f"{side}({text},{length})"
        formula = f"IF({among(piece, words)},{piece},{formula})"
    return f'IF({text}="","",{formula})'


def looked_up(word: str, places: Places, table: str, column: int) -> str:
    """What a table says of a word that is in it; "" for no word."""
    found = f"MATCH({word},{places[table, 0]},0)"
    exactly = f"EXACT(INDEX({places[table, 0]},{found}),{word})"
    return f'IF({word}="","",IF({exactly},INDEX({places[table, column]},{found})&"",""))'


def blank(cell: str) -> str:
    """Whether a cell holds nothing, or blanks only."""
    return f'TRIM({cell}&"")=""'
