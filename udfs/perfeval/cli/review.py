"""``check`` · ``score`` · ``explain`` · ``findings``: what looks at a finished 自评表."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain
from pathlib import Path

from perfeval.cli.common import Commands, overwriting, say, standard
from perfeval.cli.paths import matched, new_path
from perfeval.findings import Level
from perfeval.records import names

_STAGES = {"targets": names.AT_YEAR_START, "assessment": names.AT_YEAR_END}


def declare(commands: Commands) -> None:
    """Declare these commands."""
    check = commands.add_parser(
        "check", help="复核：找出复核人会指出的问题；可以是工作簿、Word 文档、文件夹，连同自评报告（.docx .md .txt）"
    )
    check.add_argument("files", type=Path, nargs="+", metavar="文件")
    check.add_argument(
        "--standard",
        type=standard,
        metavar="标准",
        help="标准编号或名称，或标准文件.toml，可加口径；不给则用工作簿自己的，否则国家标准",
    )
    check.add_argument(
        "--stage",
        choices=tuple(_STAGES),
        help="targets：表里只有年初目标，没有填自评不算错误；assessment：自评。不给则用工作簿自己的阶段，别的文件算自评",
    )
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.add_argument("--html", type=new_path, metavar="报告.html", help="另写一份可以邮寄、打印的报告")
    check.add_argument(
        "--xlsx", type=new_path, metavar="复核结果.xlsx", help="另写一本工作簿：逐个文件、逐条发现，点位置就打开那一格"
    )
    check.add_argument(
        "--read",
        type=new_path,
        metavar="读到.json",
        help="另写一份数据：每张表读到了哪些行、在哪些单元格，哪些没有认出",
    )
    check.add_argument(
        "--waive",
        type=Path,
        action="append",
        default=[],
        metavar="复核.json",
        help="以前 --json 的结果，其中写了 waived 理由的问题不再计入",
    )
    overwriting(check)
    check.set_defaults(run=_check)

    findings = commands.add_parser("findings", help="列出复核的全部发现")
    findings.add_argument("--markdown", action="store_true", help="输出 docs/findings.md 的内容")
    findings.set_defaults(run=_findings)

    score = commands.add_parser("score", help="重算任何自评表（工作簿或 Word）的每一项得分，与表中的得分对照")
    score.add_argument("file", type=Path, metavar="文件")
    score.add_argument("--standard", type=standard, metavar="标准", help="标准编号或名称，或标准文件.toml，可加口径")
    score.add_argument("--json", action="store_true", help="输出 JSON")
    score.add_argument(
        "--xlsx", type=new_path, metavar="对照.xlsx", help="另写一本工作簿：每一项得分，表中与测算并排，怎样算的"
    )
    overwriting(score)
    score.set_defaults(run=_score)

    explain = commands.add_parser("explain", help="说明一个得分是怎样算的")
    explain.add_argument("file", type=Path, metavar="文件")
    explain.add_argument("cell", metavar="单元格", help="得分所在的单元格，例如 H12 或 工作表!H12")
    explain.add_argument("--standard", type=standard, metavar="标准")
    for command in (score, explain):
        command.add_argument("--data", type=Path, metavar="数据.xlsx", help="评分表所依据的基础数据，默认是文件自己的")
    explain.set_defaults(run=_explain)


def _check(parsed: argparse.Namespace) -> int:
    from tqdm import tqdm

    from perfeval.books.outputs import Output
    from perfeval.commands import check, check_report
    from perfeval.commands.check_book import ReviewBook
    from perfeval.commands.readings import Readings

    files = check.to_review(matched(parsed.files))
    bar = tqdm(files, unit="个文件", disable=None, leave=False)
    total = check.Total()

    def each() -> Iterator[check.Reviewed]:
        stage = _STAGES.get(parsed.stage, "")
        each_file = check.review(bar, parsed.standard, parsed.waive, stage)
        for reviewed in chain(each_file, check.not_readable(parsed.files)):
            total.add(reviewed)
            for out in (report, book, readings):
                if out is not None:
                    out.add(reviewed)
            yield reviewed

    taken = [*parsed.waive, *(path for workbook, reports in files for path in (workbook, *reports))]
    outputs: list[Output | None] = []
    for path in (parsed.html, parsed.xlsx, parsed.read):
        outputs.append(Output.to(path, overwrite=parsed.overwrite, inputs=taken) if path else None)
        taken += [path] if path else []
    page, table, data = outputs
    with (
        check_report.Report(page) if page else nullcontext() as report,
        ReviewBook(table) if table else nullcontext() as book,
        Readings(data) if data else nullcontext() as readings,
    ):
        for line in check.as_json(each()) if parsed.json else check.as_text(each()):
            with tqdm.external_write_mode():
                print(line)
    if not parsed.json:
        print(total)
    return 1 if total.counts[Level.ERROR] else 0


def _findings(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue

    if parsed.markdown:
        print(catalogue.findings_as_markdown(), end="")
    else:
        say(catalogue.findings_as_text())
    return 0


def _score(parsed: argparse.Namespace) -> int:
    from perfeval.commands import score

    forms, unread = scores = score.score(parsed.file, parsed.standard, parsed.data)
    if parsed.xlsx:
        from perfeval.commands import score_book

        score_book.write(scores, parsed.file, parsed.xlsx, overwrite=parsed.overwrite)
    if parsed.json:
        print(json.dumps(score.as_json(forms), ensure_ascii=False, indent=1))
    else:
        say(score.as_text(forms))
    for line in unread:
        print(line, file=sys.stderr)
    return 0


def _explain(parsed: argparse.Namespace) -> int:
    from perfeval.commands import score

    row = score.explain(parsed.file, parsed.cell, parsed.standard, parsed.data)
    print(f"{row.name}：{row.explanation}{row.basis}")
    return 0
