"""A review as one HTML file that opens from a mail: no script, nothing from outside, every text escaped."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import escape
from types import TracebackType

from perfeval.books.outputs import Output, refusing
from perfeval.books.seals import seal_page
from perfeval.commands.check import MESSAGE, Reviewed, Total, shortened
from perfeval.findings import Finding, Level

_STYLE = """
body{font:14px/1.6 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif;
color:#1f2933;max-width:1080px;margin:2em auto;padding:0 1em}
h1{font-size:22px;margin:0}h2{font-size:16px;margin:2em 0 .4em;break-after:avoid}
p{margin:.3em 0}.quiet{color:#616e7c}
table{border-collapse:collapse;width:100%;margin:.6em 0}th,td{border:1px solid #cbd2d9;padding:5px 8px;text-align:left;vertical-align:top}
th{background:#f0f4f8;font-weight:600;white-space:nowrap}tr{break-inside:avoid}thead{display:table-header-group}
table.found{table-layout:fixed}td{overflow-wrap:anywhere}
col.level{width:4.5em}col.place{width:20%}col.figure{width:15%}td.level b{display:inline-block;padding:0 7px;border-radius:3px;color:#fff}
.e b{background:#c62828}.w b{background:#b26a00}.n b{background:#52606d}
.waived td{color:#7b8794;background:#fafbfc}.do{color:#334e68}
@media print{body{margin:0;max-width:none;font-size:11px}h2{margin-top:1.2em}td.level b{color:#000;background:none;border:1px solid #000}}
"""
_CLASSES = {Level.ERROR: "e", Level.WARNING: "w", Level.NOTE: "n"}


class Report:
    """The report being made: files are added as they come; for a ``with`` block, at whose end it is written.

    Raises FileRefused where the report cannot be written.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self._files: list[tuple[str, Counter[Level], str]] = []
        self._total = Total()
        with refusing(output.path):
            # What waits for the head stands where the report will: one disk is full or not. Closed at the end of the block.
            self._sections = tempfile.TemporaryFile(dir=output.real.parent)  # noqa: SIM115

    def __enter__(self) -> Report:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        with self._sections:
            if kind is None:
                self._write()

    def add(self, reviewed: Reviewed) -> None:
        """Add a file's findings."""
        self._files.append((reviewed.name, reviewed.counts, read_of(reviewed)))
        self._total.add(reviewed)
        if reviewed.findings:
            with refusing(self._output.path):
                self._sections.writelines(line.encode() for line in _section(len(self._files), reviewed))

    def _write(self) -> None:
        with self._output.writing(seal_page) as out:
            out.writelines(line.encode() for line in self._head())
            self._sections.seek(0)
            shutil.copyfileobj(self._sections, out)
            out.write(b"</body></html>\n")

    def _head(self) -> Iterator[str]:
        yield (
            '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            f"<title>绩效自评表复核结果</title><style>{_STYLE}</style></head><body>\n<h1>绩效自评表复核结果</h1>\n"
        )
        today = date.today()
        yield f'<p class="quiet">{today.year}年{today.month:02}月{today.day:02}日，PerfEval</p>\n'
        yield f"<p>{escape(str(self._total))}。</p>\n"
        if len(self._files) == 1 and self._files[0][2]:
            yield f'<p class="quiet">{escape(self._files[0][2])}。</p>\n'
        if len(self._files) > 1:
            yield "<table><thead><tr><th>文件</th><th>读到</th><th>错误</th><th>提醒</th><th>说明</th></tr></thead><tbody>\n"
            for place, (name, counts, read) in enumerate(self._files, 1):
                cells = "".join(f"<td>{counts[level] or ''}</td>" for level in Level)
                yield f'<tr><td><a href="#f{place}">{escape(name)}</a></td><td>{escape(read)}</td>{cells}</tr>\n'
            yield "</tbody></table>\n"


def read_of(reviewed: Reviewed) -> str:
    """What was read of a file; where nothing could be, that it was not reviewed."""
    if reviewed.unreadable:
        return f"{len(reviewed.unreadable)} 个没有复核"
    return reviewed.read or "没有复核"


def _section(place: int, reviewed: Reviewed) -> Iterator[str]:
    yield f'<h2 id="f{place}">{escape(reviewed.name)}</h2>\n'
    yield '<table class="found"><col class="level"><col class="place"><col><col class="figure"><col class="figure">'
    yield "<thead><tr><th>级别</th><th>位置</th><th>发现</th><th>应为</th><th>表中</th></tr></thead><tbody>\n"
    for finding in reviewed.findings:
        yield _row(finding)
    yield "</tbody></table>\n"


def _row(finding: Finding) -> str:
    place = "<br>".join(escape(text) for text in (finding.sheet, finding.cell) if text)
    said = f"已说明不改：{finding.waived}" if finding.waived else finding.kind.do
    basis = f'<br><span class="quiet">依据：{escape(finding.basis)}</span>' if finding.basis else ""
    row = _CLASSES[finding.level] + (" waived" if finding.waived else "")
    return (
        f'<tr class="{row}"><td class="level"><b>{finding.level}</b><br>{finding.kind.code}</td>'
        f"<td>{place}</td><td>{escape(shortened(finding.message, MESSAGE))}"
        f'<br><span class="do">{escape(said)}</span>{basis}</td>'
        f"<td>{escape(shortened(finding.expected))}</td><td>{escape(shortened(finding.found))}</td></tr>\n"
    )
