"""Numbers that a scanner or a hasty hand has spoilt: 工5% for ≥5%, ^80%, 到0次, 第O份, 290$. They are refused, never scored by
dropping what stands beside the number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from perfeval.errors import InvalidValue

if TYPE_CHECKING:
    from perfeval.quantities import Measure


class Misread(InvalidValue):
    """A text that is no number as it stands, and looks like one."""


# A letter in the place of a digit: 1O份, l00%, 第O份. O2O and words in letters are names.
_LETTER_FOR_DIGIT = re.compile(
    r"(?<![A-Za-z0-9])(?!O2O)[0-9,.]*[OoIl][0-9OoIl,.]*(?=\s*[%‰份次个人项场件套户期篇条元万亿天月年]|$)"
)
# Another sign of a number beside a digit: a power (10⁴), a fraction (5½), an exponent (1e-5), a sign too many (--5), the minus or the
# brackets of a ledger (5-, (5)). What it means is never the digit alone. (① may be the mark of a note.)
_PART_OF_A_NUMBER = re.compile(
    r"\d[²³¹⁰-⁾₀-₎¼-¾⅐-ↈ↉]|[¹⁰⁴-⁹₀-₉¼-¾⅐-ↈ↉]\d|(?<![A-Za-z\d.])[\d.]+[eE][+-]\d+(?![A-Za-z\d])"
    r"|^[<>≥≤=]*[+-]{2,}[\d.]|^[<>≥≤=]*[\d,.]+-$|^\([\d,.]+\)$"
)
_STRANGE = frozenset("^$#@&|\\*?!》《〉〈→←↑↓`_{}=+/%'\"′″")
_BETWEEN = frozenset("^$#@&|\\》《〉〈→←`_{}")  # strange also between words and a number
_OPENERS = frozenset(
    "从自由在至于约近超逾未没满达为是占共总计有均仅只可应需按已余前第各每年月周日增降升减涨少多长宽高深重"
)  # one character that may stand before a number
_OPERATORS = re.compile(r"<>|><|≥≤|≤≥|[<>]{2,}")


def refuse_letters(text: str, original: str) -> None:
    """Raises Misread for a text (already ``plain``) with a letter in the place of a digit, or a number that is only half read."""
    if _LETTER_FOR_DIGIT.search(text) or _PART_OF_A_NUMBER.search(text):
        raise _misread(original)


def refuse_misread(text: str, found: Sequence[Measure], original: str) -> None:
    """Raises Misread where what stands beside the measures of a text (already ``plain``) is no word, sign or unit."""
    refuse_letters(text, original)
    if _OPERATORS.search(text):
        raise _misread(original)
    if not found:
        return
    before, behind = text[: found[0].start].strip(), text[found[-1].end :].strip()
    if len(before) == 1 and before.isalpha() and before not in _OPENERS:
        raise _misread(original)
    if before[-1:] in _BETWEEN or (before and not _has_words(before) and _STRANGE & set(_without_signs(before))):
        raise _misread(original)
    if behind[:1] in _BETWEEN or (behind and not _has_words(behind) and _STRANGE & set(behind.removeprefix("+"))):
        raise _misread(original)


def _has_words(text: str) -> bool:
    return any(map(str.isalpha, text))


def _without_signs(text: str) -> str:
    """What stands before a number, without the sign of a comparison, of a rise, or of a tick."""
    return re.sub(r"^(?:[<>]?=|[<>≥≤]|\+|[√✓✔☑○●△]\s*)", "", text)


def _misread(original: str) -> Misread:
    return Misread(f"“{original}”里的数像是识别或录入有误，请对照原件改正")
