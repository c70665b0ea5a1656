"""复核: files and folders of any 自评表, with their reports, reviewed one after another; each is read, reported, forgotten."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from perfeval.books.diskfile import OLD_TEXTS, is_aside
from perfeval.books.documents import SUFFIXES, Document, read_document
from perfeval.books.folders import below
from perfeval.books.opening import opened
from perfeval.books.results import is_result
from perfeval.books.selfcheck import prove_reading
from perfeval.budget import Leftover
from perfeval.checks import review as reviewed_by
from perfeval.checks.accounts import FILE_REFUSED, FOLDERS_CLOSED, NOT_READABLE
from perfeval.checks.context import Context
from perfeval.checks.waivers import Waiver, WaiverFile, waived
from perfeval.collecting import uncollected
from perfeval.errors import FileRefused, PerfEvalError, unforeseen
from perfeval.filenames import shown
from perfeval.findings import Finding, Level
from perfeval.forms.accounting import Account
from perfeval.forms.accounting import in_words as read_in_words
from perfeval.forms.headings import report_title
from perfeval.standards import convention

MESSAGE = 400  # characters of a message that a report shows
# Of a folder: workbooks and Word documents, old workbooks that are refused one by one, and what cannot be read and is named.
_LOOKED_AT = frozenset({".xlsx", ".xlsm", ".docx", ".xls"})
_NOT_READABLE = OLD_TEXTS | frozenset(
    ".pdf .ofd .ods .odt .et .ett .rtf .csv .xlsb .xltx .dps .zip .rar .7z .jpg .jpeg .png .tif .tiff .bmp".split()
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A file and what was found in it. A file that could not be reviewed has the one finding that says why.

    ``reports`` are those that were reviewed with it; what was found in one has its name as ``sheet``. ``accounts`` are what was
    read of its sheets, ``leftovers`` what was too much to look at. ``unreadable`` are the files and
    folders in a folder that nobody can read.
    """

    path: Path
    findings: tuple[Finding, ...]
    reports: tuple[Path, ...] = ()
    accounts: tuple[Account, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    unreadable: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        """The names of these files, as a person reads them."""
        return "、".join(map(shown, (self.path, *self.reports)))

    @property
    def files(self) -> int:
        """How many files these are."""
        return len(self.unreadable) or 1 + len(self.reports)

    @property
    def refused(self) -> int:
        """How many of them were not reviewed."""
        refused = any(finding.kind is FILE_REFUSED for finding in self.findings)
        return len(self.unreadable) or int(refused and not any(one.forms for one in self.accounts))

    @property
    def read(self) -> str:
        """What was read of it, for a person; "" where nothing could be."""
        return read_in_words(self.accounts) if self.accounts else ""

    def file_of(self, finding: Finding) -> Path:
        """The file that a finding is in: a report, or the workbook."""
        return next((path for path in self.reports if finding.sheet.startswith(shown(path.name))), self.path)

    @property
    def counts(self) -> Counter[Level]:
        """How many findings of each level stand, those waived left out."""
        return Counter(finding.level for finding in self.findings if not finding.waived)


@dataclass(slots=True)
class Total:
    """How many files there were, how many of them were not reviewed, and what was found in all."""

    files: int = 0
    refused: int = 0
    counts: Counter[Level] = field(default_factory=Counter)

    def add(self, reviewed: Reviewed) -> None:
        """Count a file."""
        self.files += reviewed.files
        self.refused += reviewed.refused
        self.counts.update(reviewed.counts)

    def __str__(self) -> str:
        refused = f"，其中 {self.refused} 个没有复核" if self.refused else ""
        clean = "没有复核任何文件" if self.files == self.refused else "没有发现问题"
        return f"共 {self.files} 个文件{refused}：{in_words(self.counts) or clean}"


def to_review(paths: Sequence[Path]) -> list[tuple[Path, tuple[Path, ...]]]:
    """The files to review: those named, and all workbooks and Word documents below the folders named; each with its reports.

    A report (.docx, .md, .txt) belongs to the only workbook of its folder, and one that is named, not found in a folder, to
    the only workbook of all; any other, and a Word document that is no report, is reviewed by itself.
    Raises FileRefused for a path that does not exist, or a folder without anything to review.
    """
    files, chosen = _looked_at(paths), set(paths)
    found: list[tuple[Path, list[Path]]] = [(path, []) for path in files if path.suffix.lower() not in SUFFIXES]
    workbooks = [(path, own) for path, own in found if path.suffix.lower() not in OLD_TEXTS]
    near: dict[Path, list[list[Path]]] = defaultdict(list)
    for book, own in workbooks:
        near[book.parent].append(own)
    alone: list[Path] = []
    for report in (path for path in files if path.suffix.lower() in SUFFIXES):
        owners = [own for _, own in workbooks] if report in chosen else []
        if len(owners) != 1:
            owners = near.get(report.parent, [])
        if len(owners) == 1 and report not in chosen and not _is_report(report):
            owners = []
        (owners[0] if len(owners) == 1 else alone).append(report)
    return [(book, tuple(own)) for book, own in found] + [(report, ()) for report in alone]


def _is_report(path: Path) -> bool:
    try:
        return report_title(paragraph.text for paragraph in read_document(path).paragraphs) is not None
    except Exception:  # what is wrong with it is told when it is reviewed
        return False


def _looked_at(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those of the folders named, each once, in their order."""
    found: dict[Path, Path] = {}
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110  (also of a name that is too long, or of a link that goes round)
            raise FileRefused(path, "没有这个文件或文件夹")
        own = (
            [one for one in below(path).files if _is_of(one, _LOOKED_AT) and not is_result(one)]
            if path.is_dir()
            else [path]
        )
        if not own:
            told = "".join(f"；{finding.message}" for finding, _ in _passed_over(path))
            raise FileRefused(path, f"文件夹里没有 .xlsx、.xlsm 工作簿，也没有 .docx 文档{told}")
        for one in own:
            found.setdefault(Path(os.path.realpath(one)), one)
    return list(found.values())


def _is_of(path: Path, kinds: frozenset[str]) -> bool:
    return path.suffix.lower() in kinds and not is_aside(path.name) and not path.is_dir()


def _passed_over(folder: Path) -> Iterator[tuple[Finding, tuple[Path, ...]]]:
    """What below a folder may hold 自评表 and cannot be read, and what is said of it: files of other kinds, folders that do not open."""
    inside = below(folder)
    files = tuple(path for path in inside.files if _is_of(path, _NOT_READABLE))
    if files:
        said = NOT_READABLE.of(count=len(files), names=_names(folder, files))
        yield said.at(found=f"{len(files)} 个"), files
    if inside.closed:
        said = FOLDERS_CLOSED.of(count=len(inside.closed), names=_names(folder, inside.closed))
        yield replace(said.at(found=f"{len(inside.closed)} 个"), level=Level.WARNING), inside.closed


def _names(folder: Path, files: Sequence[Path]) -> str:
    return "、".join(shown(path.relative_to(folder)) for path in files)


def not_readable(paths: Sequence[Path]) -> Iterator[Reviewed]:
    """For each folder named, what in it was passed over because it cannot be read: .pdf, .ods, .doc, .wps, .et, a closed folder …"""
    for folder in dict.fromkeys(path for path in paths if path.is_dir()):
        for finding, those in _passed_over(folder):
            yield Reviewed(folder, (finding,), unreadable=those)


def review(
    files: Iterable[tuple[Path, tuple[Path, ...]]],
    standard: str | None = None,
    waivers: Sequence[Path] = (),
    stage: str = "",
) -> Iterator[Reviewed]:
    """Each file with its reports reviewed, when it is asked for; one that cannot be is reported and passed over.

    ``standard`` and ``stage`` as in ``checks.check``.

    Raises UnfitInterpreter, FileRefused for a file of waivers that cannot be read, UnknownName or InvalidValue for the
    standard.
    """
    prove_reading()
    reasons = WaiverFile(waivers)
    if standard is not None:
        convention(standard)
    return (_reviewed(path, own, standard, stage, reasons) for path, own in files)


@uncollected()
def _reviewed(path: Path, reports: tuple[Path, ...], standard: str | None, stage: str, reasons: WaiverFile) -> Reviewed:
    """A file reviewed, with those of its reports that can be read; whatever fails is a finding of the file that it fails in."""
    documents: list[Document] = []
    refusals: list[Finding] = []
    for report in reports:
        try:
            documents.append(read_document(report))
        except Exception as error:
            refusals.append(_refusal(error, shown(report.name)))
    try:
        book = opened(path)
        if isinstance(book, Document):
            documents = [book]
        context = Context.of(book, standard, documents, stage)
        found = also_waived([*refusals, *reviewed_by(context)], reasons.of(path))
        return Reviewed(path, tuple(found), reports, context.accounts, tuple(context.leftovers))
    except Exception as error:
        return Reviewed(path, (_refusal(error, ""), *refusals), reports)


def _refusal(error: Exception, sheet: str) -> Finding:
    """That a file was not reviewed: why, or, where it is a fault of ours, what it was. It must not cost the others."""
    if isinstance(error, PerfEvalError):
        return FILE_REFUSED.of(reason=error.reason).at(error.place.sheet or sheet, error.place.cell)
    return FILE_REFUSED.of(reason=unforeseen(error)).at(sheet)


def also_waived(findings: Sequence[Finding], given: Sequence[Waiver]) -> list[Finding]:
    """The findings, those without a reason of the workbook's own carrying the one that is given."""
    return [one if one.waived else renewed for one, renewed in zip(findings, waived(findings, given), strict=True)]


def as_items(reviewed: Reviewed) -> Iterator[dict[str, str]]:
    """The findings of a file as plain data."""
    for finding in reviewed.findings:
        item = {
            "file": shown(reviewed.file_of(finding)),
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
        yield f"■ {reviewed.name}：{in_words(reviewed.counts) or '没有发现问题'}"
        if reviewed.read:
            yield f"  {reviewed.read}"
        yield from map(_line, reviewed.findings)


def shortened(text: str, most: int = 80) -> str:
    """A text for a report: of a longer one the beginning."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _line(finding: Finding) -> str:
    place = f"{finding.place}　" if finding.cell else finding.place
    known = {name: shortened(value) for name, value in (("应为", finding.expected), ("表中", finding.found)) if value}
    figures = f"（{'，'.join(f'{name} {value}' for name, value in known.items())}）" if known else ""
    ending = f"已说明不改：{finding.waived}" if finding.waived else finding.kind.do
    return f"  {finding.level} {finding.kind.code} {place}{shortened(finding.message, MESSAGE)}{figures}。{ending}"


def in_words(counts: Counter[Level]) -> str:
    """``2 处错误，1 处提醒``; "" where there is none."""
    return "，".join(f"{counts[level]} 处{level}" for level in Level if counts[level])
