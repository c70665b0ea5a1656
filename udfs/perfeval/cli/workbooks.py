"""``new`` · ``fill`` · ``demo``: what makes a workbook and fills it."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfeval.cli.common import Commands, say


def declare(commands: Commands) -> None:
    """Declare these commands."""
    new = commands.add_parser("new", help="新建一本自评工作簿")
    new.add_argument("book", type=Path, metavar="工作簿.xlsm")
    new.add_argument("--data", type=Path, metavar="数据.xlsx", help="按这份数据里的项目和指标定表数和行数")
    new.add_argument("--body", default="", metavar="单位名称")
    new.add_argument("--year", type=int, metavar="年度")
    new.add_argument("--standard", default="", metavar="标准", help="标准编号或名称，可加口径，默认国家标准")
    new.add_argument(
        "--body-standard", default="", metavar="标准", help="部门整体的标准，可加口径：另有基础数据、整体自评表和评分表"
    )
    new.add_argument("--unit", choices=("元", "万元"), default="元", help="金额单位")
    new.add_argument("--projects", type=int, default=1, metavar="个数", help="没有数据时，新建几张空白自评表；可以是 0")
    new.set_defaults(run=_new)

    fill = commands.add_parser("fill", help="把绩效目标、执行数据和基础数据填进自评表和评分表，原地修改")
    fill.add_argument("book", type=Path, metavar="工作簿")
    fill.add_argument("--data", type=Path, metavar="数据.xlsx", help="数据文件；不给则用工作簿自己的数据表")
    fill.add_argument("--dry-run", action="store_true", help="只列出要改的单元格，不写文件")
    fill.add_argument("--overwrite", action="store_true", help="人工改过的单元格也用数据覆盖")
    fill.set_defaults(run=_fill)

    demo = commands.add_parser("demo", help="用公开的十张自评表和三张部门整体的表走一遍：新建、填报、计分")
    demo.add_argument("--out", type=Path, required=True, metavar="目录")
    demo.set_defaults(run=_demo)


def _new(parsed: argparse.Namespace) -> int:
    from perfeval.commands import new

    if parsed.data:
        body = new.body_from(parsed.data)
    else:
        body = new.blank_body(parsed.body, parsed.year, parsed.standard, parsed.unit, parsed.projects)
    if parsed.body_standard:
        body = new.with_whole(body, parsed.body_standard)
    whole = f"，部门整体 {body.whole.standard}" if body.whole.standard else ""
    print(f"已新建 {new.new(parsed.book, body)}：{len(body.projects)} 个项目{whole}")
    return 0


def _fill(parsed: argparse.Namespace) -> int:
    from perfeval.commands import fill

    planned, applied = fill.fill(parsed.book, parsed.data, dry_run=parsed.dry_run, overwrite=parsed.overwrite)
    say(fill.as_text(planned, applied, dry_run=parsed.dry_run))
    return 0


def _demo(parsed: argparse.Namespace) -> int:
    from perfeval.commands import demo

    say(demo.demo(parsed.out))
    return 0
