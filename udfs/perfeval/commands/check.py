"""复核: files and folders of any 自评表 reviewed one after another; each is read, reported and forgotten."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.checks.waivers import WaiverFile, waived
from perfeval.errors import FileRefused, PerfEvalError
from perfeval.findings import FILE_REFUSED, Finding, Level
from perfeval.standards import convention

MESSAGE = 400  # characters of a message that a report shows
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et"})  # the last two are refused, by name


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A file and what was found in it. A file that could not be reviewed has the one finding that says why."""

    path: Path
    findings: tuple[Finding, ...]

    @property
    def is_refused(self) -> bool:
        """Whether the file could not be reviewed."""
        return any(finding.kind is FILE_REFUSED for finding in self.findings)

    @property
    def counts(self) -> Counter[Level]:
        """How many findings of each level stand, those waived left out."""
        return Counter(finding.level for finding in self.findings if not finding.waived)


def workbooks(paths: Sequence[Path]) -> list[Path]:
    """The files to review: those named, and all workbooks below the folders named, each once, in their order.

    Raises FileRefused for a path that does not exist, or a folder without workbooks.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if not path.exists():
            raise FileRefused(path, "没有这个文件或文件夹")
        below = sorted(filter(_is_workbook, path.rglob("*"))) if path.is_dir() else [path]
        if not below:
            raise FileRefused(path, "文件夹里没有 .xlsx、.xlsm 工作簿")
        for one in below:
            found.setdefault(one.resolve(), one)
    return list(found.values())


def _is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, and not what a program keeps beside an open one (~$自评.xlsx)."""
    return path.suffix.lower() in _WORKBOOKS and not path.name.startswith(("~$", ".")) and path.is_file()


def review(paths: Iterable[Path], standard: str | None = None, waivers: Sequence[Path] = ()) -> Iterator[Reviewed]:
    """Each file reviewed, when it is asked for; a file that cannot be is reported and passed over.

    Raises FileRefused for a file of waivers that cannot be read, UnknownName or InvalidValue for the standard.
    """
    reasons = WaiverFile(waivers)
    if standard is not None:
        convention(standard)
    return (_reviewed(path, standard, reasons) for path in paths)


def _reviewed(path: Path, standard: str | None, reasons: WaiverFile) -> Reviewed:
    try:
        found = check(FileBook.open(path), standard)
    except PerfEvalError as error:
        return Reviewed(path, (FILE_REFUSED(str(error).removeprefix(f"{path}：")),))
    given = reasons.of(path)
    if given:
        own = [finding for finding in found if finding.waived]
        found = [one if one in own else renewed for one, renewed in zip(found, waived(found, given), strict=True)]
    return Reviewed(path, tuple(found))


def as_items(reviewed: Reviewed) -> Iterator[dict[str, str]]:
    """The findings of a file as plain data."""
    for finding in reviewed.findings:
        item = {
            "file": str(reviewed.path),
            "sheet": finding.sheet,
            "cell": finding.cell,
            "code": finding.kind.code,
            "level": str(finding.level),
            "title": finding.kind.title,
            "message": finding.message,
            "expected": finding.expected,
            "found": finding.found,
            "basis": finding.basis,
            "do": finding.kind.do,
        }
        yield item | ({"waived": finding.waived} if finding.waived else {})


def as_json(each: Iterable[Reviewed]) -> Iterator[str]:
    """The findings of all files as one JSON list, piece by piece."""
    waiting = "["
    for reviewed in each:
        for item in as_items(reviewed):
            yield waiting + ("," if waiting != "[" else "")
            waiting = " " + json.dumps(item, ensure_ascii=False)
    yield waiting
    yield "]"


def as_text(each: Iterable[Reviewed]) -> Iterator[str]:
    """The findings of all files for a person: a line each, with what to do."""
    for reviewed in each:
        yield f"■ {reviewed.path}：{in_words(reviewed.counts) or '没有发现问题'}"
        yield from map(_line, reviewed.findings)


def shortened(text: str, most: int = 80) -> str:
    """A text for a report: of a longer one the beginning."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _line(finding: Finding) -> str:
    place = f"{finding.sheet}!{finding.cell}　" if finding.cell else finding.sheet
    known = {name: shortened(value) for name, value in (("应为", finding.expected), ("表中", finding.found)) if value}
    figures = f"（{'，'.join(f'{name} {value}' for name, value in known.items())}）" if known else ""
    ending = f"已说明不改：{finding.waived}" if finding.waived else finding.kind.do
    return f"  {finding.level} {finding.kind.code} {place}{shortened(finding.message, MESSAGE)}{figures}。{ending}"


def in_words(counts: Counter[Level]) -> str:
    """``2 处错误，1 处提醒``; "" where there is none."""
    return "，".join(f"{counts[level]} 处{level}" for level in Level if counts[level])
