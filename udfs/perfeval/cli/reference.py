"""``call`` · ``functions`` · ``standards``: what can be looked up."""

from __future__ import annotations

import argparse
import json
import sys

from perfeval.cli.common import Commands, say
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

    standards = commands.add_parser("standards", help="列出标准，或显示一个标准的权重、等级和口径")
    standards.add_argument("action", nargs="?", choices=("show",), metavar="show")
    standards.add_argument("identifier", nargs="?", metavar="标准编号")
    standards.set_defaults(run=_standards, wrong=standards.error)


def _call(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue

    if parsed.from_json:
        try:
            calls = json.load(sys.stdin)
        except (ValueError, RecursionError) as error:  # ValueError: also figures of thousands of digits
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


def _standards(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue

    if parsed.action and not parsed.identifier:
        return parsed.wrong("请给出标准编号，例如 perfeval standards show cn-project-2020")
    say(catalogue.standard_as_text(parsed.identifier) if parsed.action else catalogue.standards_as_text())
    return 0
