"""What a label of an official form means. The words stand in ``vocabulary.toml``; here is how they are compared.

A label is compared without blanks, line breaks and (notes). Headings of columns outside the lists are taken by what their
words say (``全年完成情况值`` holds an actual).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from perfeval import datafiles
from perfeval.errors import InvalidValue
from perfeval.quantities import plain

_PLACE = datafiles.Place(Path(__file__).with_name("vocabulary.toml"), "词汇表", InvalidValue)
_WORDS = datafiles.read(_PLACE)
_NOTE = re.compile(r"\([^()]*\)|\[[^][]*\]")
_BLANKS = re.compile(r"[\s:*]+")
_LETTER = re.compile(r"(?<=[一-鿿])[A-Z]$")  # 全年预算数A


def _by_word(section: str) -> dict[str, str]:
    """Each word of a section with its concept."""
    lists: Mapping[str, Any] = _WORDS[section]
    return {word: concept for concept, words in lists.items() if isinstance(words, str) for word in words.split()}


def _by_pattern(section: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((concept, re.compile(words)) for concept, words in _WORDS[section]["words"].items())


def _set(section: str, key: str) -> frozenset[str]:
    return frozenset(_WORDS[section][key].split())


_HEAD, _FUNDS, _SOURCES, _STATEMENTS = map(_by_word, ("head", "funds", "sources", "statements"))
_COLUMNS, _HALVES = map(_by_word, ("columns", "halves"))
_EXPORTS = _by_word("exports")
_NEUTRAL, _EXPORT_TOTALS, _EXPORT_FOOTERS = (
    re.compile(_WORDS["exports"]["around"][key]) for key in ("neutral", "totals", "footers")
)
_COLUMN_PATTERNS, _FUNDS_PATTERNS = map(_by_pattern, ("columns", "funds"))
_TITLES = {kind: re.compile(words) for kind, words in _WORDS["titles"].items()}
_SIGNS, _OTHERS = (
    tuple((name, re.compile(words.strip())) for name, words in _WORDS[key].items()) for key in ("signs", "others")
)
_PASSED_FIELDS, _PASSED_COLUMNS, _WORDS_AROUND = (_set("passed", key) for key in ("fields", "columns", "words"))
_ADJUSTED, _CHANGES = (_set("budgets", key) for key in ("adjusted", "change"))
_FOOTERS = tuple(_WORDS["rows"]["footers"].split())
BODY = _set("body", "names")
TOTALS, GRADES, REASONS = (_set("rows", key) for key in ("totals", "grades", "reasons"))
_EXECUTION = _set("rows", "execution")
_PERSONS = _set("persons", "names")
NOTES, NOTHING = _set("rows", "notes"), _set("values", "nothing")
VALUES = frozenset({"target", "actual", "weight", "score"})
LEVELS = ("level1", "level2", "level3")

TOTAL_FUNDS = "年度资金总额"
CENTRAL, GRANT, LOCAL = "中央财政资金", "当年财政拨款", "地方资金"
FUND_SOURCES = (TOTAL_FUNDS, GRANT, "上年结转资金", "其他资金")
TRANSFER_SOURCES = (TOTAL_FUNDS, CENTRAL, LOCAL, "其他资金")
LOCAL_GOVERNMENTS = frozenset({"省级资金", "省、地资金", "市级资金", "县级资金", "市县资金", "本级资金"})
GOVERNMENTS = LOCAL_GOVERNMENTS | {CENTRAL, LOCAL}
SPENDING = frozenset({"基本支出", "项目支出"})  # what money is for, which is printed beside where it comes from
BUDGET_KINDS = frozenset({"政府性基金", "国有资本经营预算资金", "专项债券资金"})

_REMEMBERED = 1 << 15  # texts: the same ones are asked for again by every reader of a sheet
_LONGEST = 14  # characters of a column header known by its words
_LONGEST_REASON = 40  # of one that asks for reasons
_UNIT_NAMES = "亿元|万元|千元|元"
_UNIT = re.compile(
    rf"(?:^|[(:,/【\[〔{{]|单位|金额|数额|预算|决算) ?(?:人民币|货币)?(?:金额)?(?:单位)?(?:[均都]?为)?:? ?"
    rf"(?:人民币|RMB|以|按)?({_UNIT_NAMES})"
    r"(?=[(),;、】\]〕}]|为单位|计| *$)"
)
_UNIT_IN_WORDS = re.compile(rf"以({_UNIT_NAMES})(?:人民币)?为(?:计量)?单位")
_SPACED_UNIT = re.compile(
    r"(?<=[亿万千(\[〔【:]) +(?=[十百千万亿美]*元| 元)|(?<=[亿万千]) +(?=元)|(?<=元) +(?=[)\]〕】])"
)
_ANY_UNIT = re.compile(
    r"(?:[(\[〔{【:]|单位[均都]?为?)(?:人民币|RMB|折合|以|按)?(?:单位)?:?((?:[十百千]?[万亿]|[百千])?[美港欧日]?元(?:、[万千亿]?元)?|[十百千]?[万亿]|[wW]|k)"
    r"(?:人民币)?(?:计|为单位)?(?=[()\]〕}】,;、]|$)"
)
_INLINE = re.compile(r"\s*([^:：\n]{2,20})[:：]\s*(\S.*?)\s*", re.DOTALL)
_LONGEST_LINE = 500  # characters of a line with labels and values
_PAIR = re.compile(r"([^\s:：;；,，]{2,20})\s*[:：]\s*([^\s:：;；,，]+)(?!\S*[:：])")
_POINTS = re.compile(r"[(,](?:满分|分值|权重)?:?(\d+(?:\.\d+)?)分")
_LEVEL_POINTS = re.compile(r"(?<=[^\d.])(\d{1,3}(?:\.\d+)?)分$")  # 项目管理13分
_BARE_POINTS = re.compile(r"\((\d{1,2}(?:\.\d+)?|100)\)")
_LEVEL = re.compile(r"(?<=.)(?:指标|目标)$")
_NUMBERED = re.compile(r"^(?:\d+[.、]|[一二三四五六七八九十]+[、.]|\([\d一二三四五]\))")
_TRAILING_POINTS = re.compile(r"(?<=[^\d.])\d+(?:\.\d+)?分$")
_CONTINUED = re.compile(r"续表?\)?$|[(]续|接上页|^续")


@lru_cache(maxsize=_REMEMBERED)
def key(text: str) -> str:
    """A label without blanks, colons, bracketed notes and its letter: ``得 分\\n（10分*执行率）`` → ``得分``."""
    bare = _LETTER.sub("", _BLANKS.sub("", plain(text)))
    if not ("(" in bare or "[" in bare):
        return bare
    return _NOTE.sub("", bare) or bare


@lru_cache(maxsize=_REMEMBERED)
def column(text: str) -> str | None:
    """The concept of a column header of an indicator block, a key of ``[columns]``; None if it is none."""
    words = key(text)
    concept = _COLUMNS.get(words)
    if concept is None and ("原因" in text or "改进措施" in text) and len(text) < _LONGEST_REASON:
        return "reason"
    return concept or _by_words(words, _COLUMN_PATTERNS)


def half(text: str) -> str | None:
    """What a column holds whose heading stands under 指标值 and says only 计划 or 实际; None where it says anything else."""
    return _HALVES.get(key(text))


def _by_words(words: str, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> str | None:
    if len(words) > _LONGEST:
        return None
    for concept, pattern in patterns:
        if pattern.search(words):
            return concept or None
    return None


@lru_cache(maxsize=4096)
def source(text: str) -> str | None:
    """The source of funds that a label names: ``其中：当年财政拨款`` → ``当年财政拨款``."""
    words = key(_NUMBERED.sub("", plain(text).strip()))
    return _SOURCES.get(words.removeprefix("其中").lstrip(",、:-"))


def is_source(name: str) -> bool:
    """Whether the name of a source of funds is one of ``[sources]``, not one that only a form prints."""
    return name in _WORDS["sources"]


def header(text: str) -> str | None:
    """The concept of a head field's label, a key of ``[head]``."""
    return _HEAD.get(key(text))


@lru_cache(maxsize=_REMEMBERED)
def funds(text: str) -> str | None:
    """The concept of a column header of the money of a form, a key of ``[funds]``."""
    words = key(text)
    return _FUNDS.get(words) or _by_words(words, _FUNDS_PATTERNS)


def is_adjusted(text: str) -> bool:
    """Whether a heading of money is 全年预算数 where another 预算数 stands beside it: 调整后预算数."""
    return key(text) in _ADJUSTED


def is_change(text: str) -> bool:
    """Whether a heading of money is what was added to 年初预算数, where a 预算数 stands beside it: 预算调整数."""
    return key(text) in _CHANGES


_AMOUNTS = frozenset({"initial", "budget", "executed"})
_SAYS_NOTHING = re.compile(r"\((?:[A-Z]|必填|选填|[-\d=+*/÷A-Z.%]{1,20})\)")
_BRACKETS = re.compile(r"[()\[\]【】]")
_UNIT_BEHIND = re.compile(rf"[-/_]?(?:{_UNIT_NAMES})$")


@lru_cache(maxsize=4096)
def heading(text: str) -> str:
    """A heading of an export as it is compared: without blanks, number, letter (A) and unit; what else stands in brackets stays, as
    预算数（年初） is another column than 预算数."""
    words = _SAYS_NOTHING.sub("", _BLANKS.sub("", plain(_NUMBERED.sub("", plain(text).strip()))))
    words = re.sub(r"\([^()]*\)|\[[^][]*\]|【[^】]*】", lambda note: "" if any_unit(note[0]) else note[0], words)
    return _LETTER.sub("", _BRACKETS.sub("", words)).rstrip("-_/:") or words


@lru_cache(maxsize=4096)
def export(text: str) -> str | None:
    """The concept of a heading of an export, a key of ``[exports]``; None if it is none, however like one it is."""
    words = heading(text)
    concept = _EXPORTS.get(words)
    if concept is None and _EXPORTS.get(_UNIT_BEHIND.sub("", words)) in _AMOUNTS:
        return _EXPORTS[_UNIT_BEHIND.sub("", words)]
    return concept


def is_neutral(text: str) -> bool:
    """Whether a heading over others leaves their meaning as it is: 预算执行情况."""
    return bool(_NEUTRAL.fullmatch(heading(text)))


def is_sum(text: str) -> bool:
    """Whether a label names a row of an export that sums others: 合  计, 民政局小计."""
    return bool(_EXPORT_TOTALS.fullmatch(key(text)))


def is_export_footer(text: str) -> bool:
    """Whether a text stands under an export's rows: 制表人：…, 打印时间：…"""
    return bool(_EXPORT_FOOTERS.fullmatch(key(text))) and not is_sum(text)


def statement(text: str) -> str | None:
    """The concept of a label over or beside what a transfer's form states in words, a key of ``[statements]``."""
    return _STATEMENTS.get(key(text))


def is_field(text: str) -> bool:
    """Whether a text is a label of the form's head or of its money, and so no value."""
    return key(text) in _HEAD or key(text) in _FUNDS


def is_execution(text: str) -> bool:
    """Whether a row among the indicators is called 预算执行率, with its points or without: 预算执行率（10分）."""
    return named(text) in _EXECUTION


def is_total(text: str) -> bool:
    """Whether a cell labels the row of the form's total."""
    return key(text) in TOTALS


def is_subtotal(text: str) -> bool:
    """Whether a cell labels a row that only sums the rows above or below it: 小计, 产出指标小计."""
    return key(text).endswith("小计")


def is_grade(text: str) -> bool:
    """Whether a cell labels the form's grade: 评分等级."""
    return key(text) in GRADES


def is_reason(text: str) -> bool:
    """Whether a cell labels the reasons below a block: 偏差大或目标未完成原因分析."""
    return key(text) in REASONS


def is_footer(text: str) -> bool:
    """Whether a text begins the signature line under a form."""
    return key(text).startswith(_FOOTERS)


def is_note(text: str) -> bool:
    """Whether a text is a note: 注：…"""
    return plain(text).partition(":")[0].strip() in NOTES


@lru_cache(maxsize=4096)
def sign(text: str) -> str | None:
    """What a heading holds if the table is of the kind of a 自评表, also in words that no reader takes, a key of ``[signs]``:
    全年目标, 全年完成, 满分; None where it is no such heading."""
    concept = column(text)
    if concept in {"forecast", "reason", "rule", "last_year", "source"} or funds(text) in {
        "budget",
        "initial",
        "executed",
    }:
        return None
    return concept if concept in VALUES else _by_words(key(text), _SIGNS)


@lru_cache(maxsize=4096)
def other(title: str) -> str:
    """What a sheet of this title holds if it is known to hold no 自评表, a key of ``[others]``: 填写说明, 预决算表; "" otherwise."""
    words = key(title)
    return "" if is_assessed(title) else next((kind for kind, pattern in _OTHERS if pattern.search(words)), "")


def is_person(text: str) -> bool:
    """Whether a heading is that of a table of persons: 姓名."""
    return key(text) in _PERSONS


def is_assessed(title: str) -> bool:
    """Whether a title promises scores or results: 项目支出绩效自评表, 评分表."""
    return is_title(title, "assessed")


def is_passed(text: str) -> bool:
    """Whether a text labels a field or a column of which no checker asks anything: 序号, 联系电话, 备注, 佐证材料."""
    words = key(text)
    return words in _PASSED_FIELDS or words in _PASSED_COLUMNS or words in _CHANGES


def is_passed_column(text: str) -> bool:
    """Whether a text heads a column of a block of indicators of which no checker asks anything: 备注, 复核, 完成率, 扣分."""
    return is_passed(text) or column(text) in {"other", "forecast", "deducted"}


def is_word(text: str) -> bool:
    """Whether a text is words that forms print around their fields, or labels a field of no concern: 年度总体目标, 附件3."""
    return is_passed(text) or key(text).rstrip("0123456789-") in _WORDS_AROUND


def is_whole_body(title: str) -> bool:
    """Whether a title is that of a form for a whole body (部门整体支出绩效自评表), not for a project."""
    return bool(_TITLES["whole"].search(key(title)))


def is_transfer(text: str) -> bool:
    """Whether a title or a label speaks of a transfer (转移支付), whose form prints no points."""
    return bool(_TITLES["transfer"].search(text))


@lru_cache(maxsize=4096)
def is_title(text: str, kind: str = "form") -> bool:
    """Whether a text is the title of a table of a kind of ``[titles]``."""
    return bool(_TITLES[kind].fullmatch(key(text)))


def is_continued(title: str) -> bool:
    """Whether a title is that of a further page: 项目支出绩效自评表（续表）."""
    return bool(_CONTINUED.search(re.sub(r"\s+", "", plain(title))))


@lru_cache(maxsize=4096)
def inline(text: str) -> tuple[str, str] | None:
    """A label and its value in one cell: ``项目名称：农村公路`` → ("项目名称", "农村公路"); None for anything else."""
    match = _INLINE.fullmatch(text)
    return (match[1], match[2]) if match else None


@lru_cache(maxsize=4096)
def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Labels and values that stand in one cell, blanks between them: ``总分：98分  等级：优``."""
    return tuple((match[1], match[2]) for match in _PAIR.finditer(text)) if len(text) <= _LONGEST_LINE else ()


@lru_cache(maxsize=4096)
def points_in(text: str, *, of_level: bool = False, bare: bool = False) -> str | None:
    """The points a label carries: ``产出指标（50分）`` → ``50``, ``得分（10分*执行率）`` → ``10``; None if it carries none.

    ``of_level``: the label is a level's, ``项目管理13分`` has 13; ``bare``: on a form of points alone ``资金投入（3）`` has 3.
    """
    words = re.sub(r"\s+", "", plain(text))
    patterns = (_POINTS, _LEVEL_POINTS if of_level else None, _BARE_POINTS if bare else None)
    matches = (pattern.search(words) for pattern in patterns if pattern is not None)
    return next((match[1] for match in matches if match), None)


@lru_cache(maxsize=4096)
def unit(text: str) -> str:
    """The unit of money that a label states: ``项目资金（万元）``, ``单位：元``, ``预算数（人民币万元）``; "" if it states none."""
    words = _SPACED_UNIT.sub("", plain(text))
    match = _UNIT.search(words) or _UNIT_IN_WORDS.search(words)
    return match[1] if match else ""


@lru_cache(maxsize=4096)
def any_unit(text: str) -> str:
    """What a label states of its unit of money, also where that is none that amounts are read in: 百万元, 万, 美元."""
    match = _ANY_UNIT.search(_SPACED_UNIT.sub("", plain(text)))
    other = match[1] if match else ""
    known = unit(text)
    return known if known and other in ("", known) else other


@lru_cache(maxsize=4096)
def named(text: str) -> str:
    """The name of a level or indicator without blanks, numbering and points: ``一、产出指标（50分）`` → ``产出指标``."""
    return _TRAILING_POINTS.sub("", re.sub(r"^[一二三四五六][、.]", "", key(text)))


@lru_cache(maxsize=1024)
def level(text: str) -> str:
    """A 一级 or 二级指标 as it is compared: 产出目标 and 产出指标 are 产出, 效果目标 is 效益."""
    return _LEVEL.sub("", key(text)).replace("效果", "效益")


def same_level(one: str, other: str) -> bool:
    """Whether two levels, as ``level`` gives them, are one: 满意度 is 服务对象满意度."""
    return one.endswith(other) or other.endswith(one)
