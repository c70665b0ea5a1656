"""``call`` · ``functions`` · ``standards``: what can be looked up."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from perfeval.cli.common import Commands, Parser, say, standard
from perfeval.errors import PerfEvalError


def declare(commands: Commands) -> None:
    """Declare these commands."""
    call = commands.add_parser("call", help="调用一个工作表函数")
    call.add_argument("--json", action="store_true", dest="from_json", help="从标准输入读 [[函数, 参数, …], …]")
    call.add_argument("function", nargs="?", metavar="函数")
    call.add_argument("arguments", nargs=argparse.REMAINDER, metavar="参数")
    call.set_defaults(run=_call, wrong=call.error)

    functions = commands.add_parser("functions", help="列出全部工作表函数")
    functions.add_argument("--json", action="store_true", help="输出 JSON")
    functions.add_argument("--markdown", action="store_true", help="输出 docs/functions.md 的内容")
    functions.set_defaults(run=_functions)

    standards = commands.add_parser(
        "standards", help="列出标准；显示一个标准；把公布的指标体系读成标准文件；加入自己的标准"
    )
    standards.set_defaults(run=_standards)
    actions = standards.add_subparsers(metavar="动作", parser_class=Parser)
    show = actions.add_parser("show", help="一个标准的权重或指标、等级和口径")
    show.add_argument("identifier", nargs="?", type=standard, metavar="标准")
    show.set_defaults(run=_show, wrong=show.error)
    reading = actions.add_parser("read", help="把公布的指标体系（.docx、.xlsx）读成一个标准文件")
    reading.add_argument("file", type=Path, metavar="文件")
    reading.add_argument("--id", default="", metavar="编号", help="标准的编号：小写英文字母、数字和 -；不给就用文件名")
    reading.add_argument("--out", type=Path, metavar="标准.toml", help="写到哪里；不给就写在当前目录，文件名是编号")
    reading.add_argument("--overwrite", action="store_true", help="已有的文件也覆盖")
    reading.set_defaults(run=_read, wrong=reading.error)
    adding = actions.add_parser("add", help="把标准文件加入这台电脑，工作表函数就能用")
    adding.add_argument("file", type=Path, metavar="标准.toml")
    adding.set_defaults(run=_add)


def _call(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue

    if parsed.from_json:
        try:
            calls = json.load(sys.stdin)
        except (ValueError, RecursionError) as error:  # ValueError: also a number of 5,000 digits
            raise PerfEvalError(f"标准输入不是有效的 JSON：{error}") from error
        print(json.dumps(catalogue.call_each(calls), ensure_ascii=False))
        return 0
    if not parsed.function:
        return parsed.wrong("请给出函数名，例如 perfeval call PE_EXEC_SCORE 100 95 10")
    try:
        print(catalogue.as_text(catalogue.call(parsed.function, parsed.arguments)))
    except PerfEvalError as error:
        print(error.cell_error)
        raise
    return 0


def _functions(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue

    if parsed.json:
        print(catalogue.functions_as_json())
    elif parsed.markdown:
        print(catalogue.functions_as_markdown(), end="")
    else:
        say(catalogue.functions_as_text())
    return 0


def _standards(_parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue

    say(catalogue.standards_as_text())
    return 0


def _show(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue

    if not parsed.identifier:
        return parsed.wrong("请给出标准编号，例如 perfeval standards show cn-project-2020")
    say(catalogue.standard_as_text(parsed.identifier))
    return 0


def _read(parsed: argparse.Namespace) -> int:
    from perfeval.commands import standards

    draft = standards.read_standard(parsed.file, parsed.id)
    out = parsed.out or Path(f"{draft.identifier}.toml")
    if out.stem != draft.identifier:
        return parsed.wrong(f"文件名应是编号：{draft.identifier}.toml")
    standards.write(draft, out, overwrite=parsed.overwrite)
    print(
        f"{out}：{draft.mechanical + draft.judged} 个三级指标，{draft.mechanical} 个按规则计分，{draft.judged} 个由人评定"
    )
    say(["请核对：", *(f"  {one}" for one in draft.look_at), f"核对后：perfeval standards add {out}"])
    return 0


def _add(parsed: argparse.Namespace) -> int:
    from perfeval.commands import standards

    print(standards.add_standard(parsed.file))
    return 0
