"""``new`` · ``template`` · ``import`` · ``fill`` · ``undo`` · ``repair`` · ``assist`` · ``demo``: what makes a workbook, fills and
mends it, computes beside its forms."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfeval.cli.common import Commands, add_break_signature, number_from, overwriting, say, standard
from perfeval.cli.paths import matched, new_path

MOST_PROJECTS = 1_000  # a workbook of more sheets opens in minutes
_UNITS = ("元", "万元")
EARLIER = "--earlier"
_DATA_UNIT = "数据里金额的单位；数据自己写明的不用写，写得不同则不读"
_COLUMN = (
    "财务系统的导出表看不出用哪一列时写明，例如 全年预算数=调整预算数；可写几次，记在工作簿的“导入对照”里，以后不用再写"
)


def declare(commands: Commands) -> None:
    """Declare these commands."""
    _declare_new(commands)
    _declare_data(commands)
    _declare_fill(commands)


def _declare_new(commands: Commands) -> None:
    new = commands.add_parser("new", help="新建一本自评工作簿")
    new.add_argument("book", type=new_path, metavar="工作簿.xlsm", help="带宏的 .xlsm；加 --native 则是 .xlsx")
    source = new.add_mutually_exclusive_group()
    source.add_argument(
        "--data",
        type=Path,
        metavar="数据.xlsx",
        help="按这份数据、财务系统的导出表、绩效目标表（表14、表15）或已有的自评表（工作簿或 Word）里的项目和指标定表数和行数",
    )
    source.add_argument("--from", type=Path, dest="last_year", metavar="去年.xlsm", help="接着去年的工作簿做下一年")
    new.add_argument("--body", default="", metavar="单位名称")
    new.add_argument("--year", type=number_from(1949, 2099, "年度"), metavar="年度")
    new.add_argument(
        "--standard",
        type=standard,
        default="",
        metavar="标准",
        help="标准编号、名称或标准文件，可加口径，默认国家标准",
    )
    new.add_argument(
        "--body-standard",
        type=standard,
        default="",
        metavar="标准",
        help="部门整体的标准，可加口径：另有基础数据、整体自评表和评分表",
    )
    new.add_argument("--unit", choices=_UNITS, default="", help="新工作簿的金额单位，默认与数据相同，没有数据时是元")
    new.add_argument("--data-unit", choices=_UNITS, default="", help=_DATA_UNIT)
    _add_column(new)
    new.add_argument(
        "--projects",
        type=number_from(0, MOST_PROJECTS, "项目个数"),
        metavar="个数",
        help="没有数据时，新建几张空白的项目自评表，默认 1；可以是 0",
    )
    new.add_argument(
        "--tables",
        default="",
        metavar="表",
        help="加上官方表格：目标、预算、决算、转移支付（自评表），或 表3 这样的表号，用逗号分开",
    )
    new.add_argument(
        "--native",
        action="store_true",
        help="原生公式版（.xlsx）：没有宏，只用表格软件自己的函数，WPS、Mac 和不装 PerfEval 的电脑上也能算",
    )
    overwriting(new)
    new.set_defaults(run=_new, wrong=new.error)


def _declare_data(commands: Commands) -> None:
    template = commands.add_parser("template", help="写一份数据模板：执行数据、绩效目标各一张表，每一列填什么都写明")
    template.add_argument("file", type=new_path, metavar="数据.xlsx")
    template.add_argument("--from", type=Path, dest="workbook", metavar="工作簿", help="列入这本工作簿的项目和指标")
    overwriting(template)
    template.set_defaults(run=_template)

    imports = commands.add_parser(
        "import", help="把绩效目标表（表14、表15）、数据文件或财务系统的导出表导入工作簿的数据表"
    )
    imports.add_argument("book", type=Path, metavar="工作簿")
    imports.add_argument("files", type=Path, nargs="+", metavar="文件")
    _add_column(imports)
    imports.add_argument(
        "--headings", action="store_true", help="什么也不导入，只把导出表的工作表和列标题列进“导入对照”，供选择"
    )
    imports.add_argument(
        "--body",
        action="append",
        default=[],
        metavar="单位名称",
        help="只导入这个单位的表，可写几次；默认按工作簿的单位名称",
    )
    imports.add_argument("--data-unit", "--unit", choices=_UNITS, default="", help=_DATA_UNIT)
    imports.add_argument("--dry-run", action="store_true", help="只列出要改的单元格，不写文件")
    imports.add_argument("--overwrite", action="store_true", help="人工改过的单元格也用文件里的覆盖")
    add_break_signature(imports)
    imports.set_defaults(run=_import)


def _declare_fill(commands: Commands) -> None:
    fill = commands.add_parser("fill", help="把绩效目标、执行数据和基础数据填进自评表和评分表，原地修改")
    fill.add_argument("book", type=Path, metavar="工作簿")
    fill.add_argument(
        "--data", type=Path, metavar="数据.xlsx", help="数据文件或财务系统的导出表；不给则用工作簿自己的数据表"
    )
    fill.add_argument("--data-unit", choices=_UNITS, default="", help=_DATA_UNIT)
    _add_column(fill)
    fill.add_argument("--dry-run", action="store_true", help="只列出要改的单元格，不写文件")
    fill.add_argument("--overwrite", action="store_true", help="人工改过的单元格也用数据覆盖")
    add_break_signature(fill)
    fill.set_defaults(run=_fill)

    assist = commands.add_parser(
        "assist", help="在任何自评表右侧加测算得分、完成率和提示：不打印，公式都是表格软件自带的，随时去掉"
    )
    assist.add_argument("book", type=Path, metavar="工作簿")
    assist.add_argument("--remove", action="store_true", help="去掉测算列；加上后没有再保存过的，各部件逐字节复原")
    assist.add_argument(
        "--out", type=new_path, metavar="结果.xlsx", help="写成另一个文件，默认原地修改，原来的留作备份"
    )
    assist.add_argument(
        "--standard", type=standard, metavar="标准", help="标准编号、名称或标准文件，可加口径；不给则用工作簿自己的"
    )
    overwriting(assist)
    add_break_signature(assist)
    assist.set_defaults(run=_assist)

    undo = commands.add_parser("undo", help="撤销填报：恢复上一次填报前的内容；再运行一次，又填回去")
    undo.add_argument("book", type=Path, metavar="工作簿")
    undo.add_argument("--dry-run", action="store_true", help="只说会恢复多少单元格，不写文件")
    undo.add_argument(EARLIER, action="store_true", help="数据在那次填报之后改过或导入过，也撤销")
    add_break_signature(undo)
    undo.set_defaults(run=_undo)

    repair = commands.add_parser(
        "repair", help="补齐公式：手工插入的行、清空的公式、复制或改名的表，补上公式并列进汇总"
    )
    repair.add_argument("book", type=Path, metavar="工作簿")
    repair.add_argument("--dry-run", action="store_true", help="只列出会做什么，不写文件")
    add_break_signature(repair)
    repair.set_defaults(run=_repair)

    demo = commands.add_parser("demo", help="用公开的十张自评表和三张部门整体的表走一遍：新建、填报、计分")
    demo.add_argument("--out", type=new_path, required=True, metavar="目录")
    overwriting(demo)
    demo.set_defaults(run=_demo)


def _add_column(command: argparse.ArgumentParser) -> None:
    command.add_argument("--column", action="append", default=[], metavar="栏=列标题", help=_COLUMN)


def _new(parsed: argparse.Namespace) -> int:
    from perfeval.commands import carrying, importing, new, tables
    from perfeval.records.correspondence import stated_choices
    from perfeval.workbook.tables import chosen

    if parsed.last_year and (parsed.body or parsed.standard or parsed.unit):
        return parsed.wrong("--from 已带来单位、标准和金额单位，不能再写 --body、--standard、--unit")
    official = chosen(parsed.tables)
    count = parsed.projects
    if count is None:
        count = 0 if any(table.is_form for table in official) else 1
    choices = stated_choices(parsed.column)
    wanted = new.Wanted(parsed.body, parsed.year, parsed.standard, parsed.unit, parsed.data_unit, count, choices)
    if parsed.last_year:
        start = carrying.next_year(parsed.last_year, parsed.year)
    elif parsed.data:
        start = new.from_file(parsed.data, wanted, any_file=bool(parsed.tables))
    else:
        start = new.Start(wanted.nothing_known())
    body = new.with_whole(start.body, parsed.body_standard) if parsed.body_standard else start.body
    stated = start.body.whole.standard
    if stated and stated != body.whole.standard:
        say([f"整体标准：数据写的是“{stated}”，按 --body-standard 用“{body.whole.standard}”；基础数据要按新标准重填"])
    planned = tables.plan(official, body, parsed.data)
    path = new.new(
        parsed.book,
        body,
        carried=start.carried,
        with_amount=start.with_amount,
        official=planned.sheets,
        choices={**start.choices, **choices},
        seen=start.seen,
        overwrite=parsed.overwrite,
        native=parsed.native,
        inputs=[path for path in (parsed.data, parsed.last_year) if path],
    )
    say((*start.notes, *planned.notes))
    say(importing.without_place(body.whole))
    whole = f"，部门整体 {body.whole.standard}" if body.whole.standard else ""
    added = f"，{len(planned.sheets)} 张官方表格" if planned.sheets else ""
    kind = "原生公式版 " if parsed.native else ""
    print(f"已新建 {kind}{path}：{len(body.projects)} 个项目{whole}{added}")
    return 0


def _template(parsed: argparse.Namespace) -> int:
    from perfeval.commands import template

    say(template.said(*template.template(parsed.file, parsed.workbook, overwrite=parsed.overwrite)))
    return 0


def _import(parsed: argparse.Namespace) -> int:
    from perfeval.commands import importing, overwriting
    from perfeval.records.correspondence import stated_choices

    if parsed.headings:
        say(importing.list_headings(parsed.book, matched(parsed.files), break_signature=parsed.break_signature))
        return 0
    planned, applied = importing.import_files(
        parsed.book,
        matched(parsed.files),
        bodies=parsed.body,
        unit=parsed.data_unit,
        choices=stated_choices(parsed.column),
        dry_run=parsed.dry_run,
        overwrite=parsed.overwrite,
        break_signature=parsed.break_signature,
    )
    say(overwriting.as_text(planned, applied, dry_run=parsed.dry_run))
    return 0


def _fill(parsed: argparse.Namespace) -> int:
    from perfeval.commands import fill, overwriting
    from perfeval.records.correspondence import stated_choices

    planned, applied = fill.fill(
        parsed.book,
        parsed.data,
        data_unit=parsed.data_unit,
        choices=stated_choices(parsed.column),
        dry_run=parsed.dry_run,
        overwrite=parsed.overwrite,
        break_signature=parsed.break_signature,
    )
    say(overwriting.as_text(planned, applied, dry_run=parsed.dry_run))
    return 0


def _assist(parsed: argparse.Namespace) -> int:
    from perfeval.commands import assist

    signed = {"overwrite": parsed.overwrite, "break_signature": parsed.break_signature}
    if parsed.remove:
        assisted = assist.remove(parsed.book, parsed.out, **signed)
    else:
        assisted = assist.add(parsed.book, parsed.out, standard=parsed.standard, **signed)
    say(assist.as_text(assisted))
    return 0


def _undo(parsed: argparse.Namespace) -> int:
    from perfeval.commands import undoing

    undone = undoing.undo(
        parsed.book, earlier=parsed.earlier, dry_run=parsed.dry_run, break_signature=parsed.break_signature
    )
    if parsed.dry_run:
        print("没有写文件；会做的是：")
    say(undone.said())
    return 0


def _repair(parsed: argparse.Namespace) -> int:
    from perfeval.commands import repair

    repaired = repair.repair(parsed.book, dry_run=parsed.dry_run, break_signature=parsed.break_signature)
    say(repair.as_text(repaired, dry_run=parsed.dry_run))
    return 0


def _demo(parsed: argparse.Namespace) -> int:
    from perfeval.commands import demo

    say(demo.demo(parsed.out, overwrite=parsed.overwrite))
    return 0
