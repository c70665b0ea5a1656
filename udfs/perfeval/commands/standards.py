"""``perfeval standards read`` and ``add``: a published scoring standard becomes a standard's file; a file becomes this desk's."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from perfeval.arithmetic import Scaled, add
from perfeval.books.documents import Document
from perfeval.books.opening import opened
from perfeval.books.outputs import Output, refusing
from perfeval.books.seals import seal_toml
from perfeval.conventions import OPEN, OPTION
from perfeval.digits import whole
from perfeval.errors import FileRefused
from perfeval.forms.grid import Book
from perfeval.records.from_standard import PrintedLeaf, read_printed
from perfeval.ruletext import NotUnderstood, Reading
from perfeval.ruletext.reading import parts_of, read
from perfeval.ruletext.scores import printed_convention
from perfeval.ruletext.tables import as_lines, text
from perfeval.scoring import options_of
from perfeval.standards import DETAILED, adopt, user_file, version_of
from perfeval.standards.files import IDENTIFIER
from perfeval.standards.rules import Judgement

_WHOLE_NUMBERS = re.compile(r"(?:得分|评分|分数|结果).{0,12}(?:取整数?|(?:保留|为|到|至)整数)|不保留小数")
_DECIMALS = re.compile(r"(?:得分|评分|分数|结果).{0,12}保留(?P<places>[一二两三1-3])位小数")
_PLACES = {"一": "1", "两": "2", "二": "2", "三": "3"}
_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_TITLE = re.compile(r"指标|评价|评分|绩效")
_COLUMN = re.compile(r"[一二三]级指标|.{0,4}指标(?:名称|解释|说明)|(?:评分|评价|计分)(?:标准|办法|方法|细则)")
_LONGEST_TITLE = 60
_PART = re.compile(r"[^\d%<>≤≥=(,;:]{1,40}?(?=得?满分|得|计|$|[\d%<>≤≥=(,;:])")  # what a 小项 is of
_REFUSED = "由人评定："
_JUDGED = ['rule = { kind = "judgement" }']


@dataclass(frozen=True, slots=True)
class Draft:
    """A standard's file as it was read: its text, how many leaves are scored by their rule, and what to look at."""

    identifier: str
    toml: str
    mechanical: int
    judged: int
    look_at: tuple[str, ...]


def read_standard(path: Path, identifier: str = "") -> Draft:
    """The standard that a document prints, as a file of ours. Raises FileRefused, FormProblem, StandardError."""
    book = opened(path)
    leaves = read_printed(book, path.name)
    identifier = identifier or _identifier(path)
    if not IDENTIFIER.fullmatch(identifier):
        raise FileRefused(path, f"标准的编号“{identifier}”应是小写英文字母、数字和 -，3 到 62 个字，用 --id 给出")
    words = list(_words(book))
    title = next(
        (one for one in words if _TITLE.search(one) and not _COLUMN.match(one) and len(one) <= _LONGEST_TITLE),
        path.stem,
    )
    look_at = [f"编号是 {identifier}；地区、适用范围、公布日期照下面核对，不对就在文件里改"]
    score, said = _decimals(words)
    look_at += said
    year = next((whole(match[1]) for one in words if (match := _YEAR.search(one))), None)
    if year is None:
        look_at.append("文件里没有找到年度，effective 先写今天")
    lines: list[str] = []
    counts = {True: 0, False: 0}
    for number, leaf in enumerate(leaves, start=1):
        written, is_mechanical, notes = _leaf(leaf, number, f"{title}（{path.name}）")
        counts[is_mechanical] += 1
        lines += written
        look_at += [f"{leaf.place}“{leaf.path[-1]}”：{note}" for note in notes]
    total = add([leaf.weight or Scaled(0, 0) for leaf in leaves])
    head = _head(identifier, title, path, date(year, 1, 1) if year else date.today(), score)
    if float(total) != 100:
        told = f"读出的三级指标分值合计 {total}，不是 100。"
        head += [f'total = "{total}"', f"contradiction = {text(told)}"]
        look_at.append(told.rstrip("。"))
    look_at.append("等级用国家办法的分界（90、80、60）；标准另有规定的，把 grades 改成自己的")
    remarks = [
        re.sub(r"[\x00-\x1f\x7f]+", " ", f"# {one}") for one in ("由 perfeval standards read 读出。请核对：", *look_at)
    ]
    body = [*remarks, "", *head, "", *_convention(score), *lines, ""]
    draft = Draft(identifier, "\n".join(body), counts[True], counts[False], tuple(look_at))
    _prove(draft.toml, identifier)
    return draft


def _identifier(path: Path) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    return stem if IDENTIFIER.fullmatch(stem) else "local-standard"


def _words(book: Book) -> Iterator[str]:
    """The paragraphs, and the cells of the first rows of every sheet."""
    if isinstance(book, Document):
        yield from (one.text.strip() for one in book.paragraphs if one.text.strip())
    for sheet in book.sheets:
        grid = book.grid(sheet)
        for place, cell in sorted(grid.cells.items()):
            if isinstance(cell.value, str) and (place.row <= 3 or place.row >= grid.bottom - 3):
                yield cell.value.strip()


def _decimals(words: Sequence[str]) -> tuple[str, list[str]]:
    """The decimals of a score as the document states them, and what is said of it."""
    for one in words:
        if _WHOLE_NUMBERS.search(one):
            return "0", [f"得分取整数，依据：{one[:60]}"]
        if match := _DECIMALS.search(one):
            return _PLACES.get(match["places"], match["places"]), [f"得分小数依据：{one[:60]}"]
    return "2", ["得分保留几位小数没有写明，先写 2 位（score）"]


def _head(identifier: str, title: str, path: Path, effective: date, score: str) -> list[str]:
    return [
        f"id = {text(identifier)}",
        f"title = {text(title)}",
        f"names = [{text(title)}]",
        'kind = "expenditure"' if "项目" in title else 'kind = "department"',
        'region = "（请填地区）"',
        'scope = "（请填适用范围）"',
        f"effective = {effective.isoformat()}",
        f"document = {text(f'{title}（{path.name}）')}",
        'grades = "cn-project-2020"',
    ]


def _convention(score: str) -> list[str]:
    """The 口径 that a file must state; those of printed rules stay open until somebody chooses."""
    stated = {"score": score, "grade_on": "raw", "three_public": "error", "quarter": "pace", "quarter_cap": "total"}
    stated |= {"zero_scope": "part", "reading": "printed"}
    return ["[convention]", *(f"{key} = {text(value)}" for key, value in stated.items())]


def _leaf(leaf: PrintedLeaf, number: int, document: str) -> tuple[list[str], bool, list[str]]:
    """The lines of a leaf, whether its rule is scored, and what a person has to look at."""
    notes: list[str] = []
    weight = leaf.weight
    if weight is None:
        weight = Scaled(0, 0)
        notes.append("没有读出分值，先写 0；评分标准等分值补上才能读，先由人评定")
    rule_lines, is_mechanical, why = _rule(leaf.rule, weight, leaf.explanation) if leaf.weight else (_JUDGED, False, [])
    part_lines: list[str] = []
    if why and (parts := parts_of(leaf.rule, weight)):
        rule_lines, is_mechanical, why = [], False, []
        for place, (words, worth) in enumerate(parts, start=1):
            lines, is_scored, said = _rule(words, worth, leaf.explanation)
            is_mechanical |= is_scored
            why += [f"第 {place} 小项（{worth} 分）{one}" for one in said]
            part_lines += [
                "",
                "[[leaf.part]]",
                f'code = "i{number:02d}p{place}"',
                f"name = {text(name[0] if (name := _PART.match(words)) else f'小项{place}')}",
            ]
            part_lines += [f'weight = "{worth}"', *lines]
    notes += why
    lines = ["", "[[leaf]]", f'code = "i{number:02d}"', f"path = [{', '.join(text(step) for step in leaf.path)}]"]
    lines += [
        f'weight = "{weight}"',
        *rule_lines,
        f"source = {{ document = {text(document)}, item = {text(leaf.path[-1])} }}",
    ]
    printed = re.sub(r"\s+", " ", leaf.rule)
    refused = [one for one in why if _REFUSED in one]
    note = "；".join(filter(None, (f"原文：{printed}" if printed else "", *refused)))
    return [*lines, *([f"note = {text(note)}"] if note else []), *part_lines], is_mechanical, notes


def _rule(words: str, weight: Scaled, explanation: str) -> tuple[list[str], bool, list[str]]:
    """The lines of a rule, whether it is scored, and what a person has to look at."""
    try:
        reading = read(words, weight, explanation) if words else Reading(Judgement(), ())
        lines = list(as_lines(reading))
    except NotUnderstood as refusal:
        return _JUDGED, False, [f"{_REFUSED}{refusal.reason}"]
    except ValueError:
        return _JUDGED, False, [f"{_REFUSED}标准文件写不下这样的规则"]
    if isinstance(reading.rule, Judgement):
        return lines, False, ["由人评定，没有可以计算的规则"]
    return lines, True, list(_left_open(reading, weight))


def _left_open(reading: Reading, weight: Scaled) -> Iterator[str]:
    """The 口径 that the rule's words leave open."""
    chosen = printed_convention()
    for key in options_of(reading.leaf(weight), chosen):
        if getattr(chosen, key) == OPEN and key not in reading.chosen:
            choices = "、".join(f"{key}={value}（{name}）" for value, name in OPTION[key].choices if value != OPEN)
            yield f"没有写明“{OPTION[key].title}”，读法不同得分就不同时不计分；选定就写在 [convention] 里：{choices}"


def _prove(toml: str, identifier: str) -> None:
    """Reads the file back: what is handed over is a standard. Raises StandardError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{identifier}.toml"
        path.write_text(toml, encoding="utf-8")
        DETAILED.load_file(path)


def write(draft: Draft, path: Path, *, overwrite: bool = False) -> None:
    """Writes a draft; a file that is not ours and untouched is replaced only if so asked. Raises FileRefused."""
    with Output.to(path, overwrite=overwrite).writing(seal_toml) as file:
        file.write(draft.toml.encode())


def add_standard(path: Path) -> str:
    """Copies a checked standard's file into the user's folder; what to tell. Raises StandardError or FileRefused."""
    standard = adopt(path)
    target = user_file(standard)
    with refusing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    Output.to(target, overwrite=True, inputs=[path]).write(path.read_bytes())
    return (
        f"已加入标准 {standard.id}（版本 {version_of(standard.id)}）：{target}\n"
        f"在这台电脑上可以用了：perfeval new 工作簿.xlsm --body-standard {standard.id}；已经打开的 Excel、Calc 重新打开后能用"
    )
