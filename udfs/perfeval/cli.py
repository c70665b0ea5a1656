"""The ``perfeval`` command. Exit codes: 0 good, 1 a refused input or errors found, 2 wrong usage."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from perfeval import __version__
from perfeval.errors import PerfEvalError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what went wrong is one Chinese sentence on standard error, never a traceback."""
    _speak_utf8()
    parsed = _parser().parse_args(arguments)
    try:
        return parsed.run(parsed)
    except PerfEvalError as error:
        print(error.reason if parsed.command == "call" else str(error), file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"用法不对：{message}\n{self.format_usage()}查看说明：{self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="perfeval", description="预算绩效自评：新建、填报、计分、说明。")
    parser.add_argument("--version", action="version", version=f"perfeval {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_Parser)

    new = commands.add_parser("new", help="新建一本自评工作簿")
    new.add_argument("book", type=Path, metavar="工作簿.xlsm")
    new.add_argument("--data", type=Path, metavar="数据.xlsx", help="按这份数据里的项目和指标定表数和行数")
    new.add_argument("--body", default="", metavar="单位名称")
    new.add_argument("--year", type=int, metavar="年度")
    new.add_argument("--standard", default="", metavar="标准", help="标准编号或名称，可加口径，默认国家标准")
    new.add_argument("--unit", choices=("元", "万元"), default="元", help="金额单位")
    new.add_argument("--projects", type=int, default=1, metavar="个数", help="没有数据时，新建几张空白自评表")
    new.set_defaults(run=_new)

    fill = commands.add_parser("fill", help="把绩效目标和执行数据填进自评表，原地修改")
    fill.add_argument("book", type=Path, metavar="工作簿")
    fill.add_argument("--data", type=Path, metavar="数据.xlsx", help="数据文件；不给则用工作簿自己的两张数据表")
    fill.add_argument("--dry-run", action="store_true", help="只列出要改的单元格，不写文件")
    fill.add_argument("--overwrite", action="store_true", help="人工改过的单元格也用数据覆盖")
    fill.set_defaults(run=_fill)

    score = commands.add_parser("score", help="重算任何自评表的每一项得分，与表中的得分对照")
    score.add_argument("file", type=Path, metavar="文件")
    score.add_argument("--standard", metavar="标准", help="标准编号或名称，可加口径")
    score.add_argument("--json", action="store_true", help="输出 JSON")
    score.set_defaults(run=_score)

    explain = commands.add_parser("explain", help="说明一个得分是怎样算的")
    explain.add_argument("file", type=Path, metavar="文件")
    explain.add_argument("cell", metavar="单元格", help="得分所在的单元格，例如 H12 或 工作表!H12")
    explain.add_argument("--standard", metavar="标准")
    explain.set_defaults(run=_explain)

    call = commands.add_parser("call", help="调用一个工作表函数")
    call.add_argument("--json", action="store_true", dest="from_json", help="从标准输入读 [[函数, 参数, …], …]")
    call.add_argument("function", nargs="?", metavar="函数")
    call.add_argument("arguments", nargs=argparse.REMAINDER, metavar="参数")
    call.set_defaults(run=_call)

    functions = commands.add_parser("functions", help="列出全部工作表函数")
    functions.add_argument("--json", action="store_true", help="输出 JSON")
    functions.add_argument("--markdown", action="store_true", help="输出 docs/functions.md 的内容")
    functions.set_defaults(run=_functions)

    standards = commands.add_parser("standards", help="列出标准，或显示一个标准的权重、等级和口径")
    standards.add_argument("action", nargs="?", choices=("show",), metavar="show")
    standards.add_argument("identifier", nargs="?", metavar="标准编号")
    standards.set_defaults(run=_standards)

    demo = commands.add_parser("demo", help="用公开的十张自评表走一遍：新建、填报、计分")
    demo.add_argument("--out", type=Path, required=True, metavar="目录")
    demo.set_defaults(run=_demo)

    _install_parsers(commands)

    doctor = commands.add_parser("doctor", help="检查这台电脑缺什么")
    doctor.set_defaults(run=_doctor)
    return parser


def _install_parsers(commands: argparse._SubParsersAction[_Parser]) -> None:
    install = commands.add_parser("install", help="把 PerfEval 装进 LibreOffice")
    install.add_argument("host", choices=("libreoffice",), metavar="libreoffice")
    install.add_argument("--profile", type=Path, metavar="目录", help="装进这个用户配置目录，默认是本用户的")
    install.add_argument(
        "--file", type=Path, metavar="PerfEval.oxt", help="只写成扩展文件，拿到没有 Python 的电脑上双击安装"
    )
    install.set_defaults(run=_install)

    uninstall = commands.add_parser("uninstall", help="从 LibreOffice 卸下 PerfEval")
    uninstall.add_argument("host", choices=("libreoffice",), metavar="libreoffice")
    uninstall.add_argument("--profile", type=Path, metavar="目录", help="从这个用户配置目录卸下，默认是本用户的")
    uninstall.set_defaults(run=_uninstall)


def _new(parsed: argparse.Namespace) -> int:
    from perfeval.commands import new  # noqa: PLC0415 — each command loads only what it needs

    if parsed.data:
        body = new.body_from(parsed.data)
    else:
        body = new.blank_body(parsed.body, parsed.year, parsed.standard, parsed.unit, parsed.projects)
    print(f"已新建 {new.new(parsed.book, body)}：{len(body.projects)} 个项目")
    return 0


def _fill(parsed: argparse.Namespace) -> int:
    from perfeval.commands import fill  # noqa: PLC0415

    planned, applied = fill.fill(parsed.book, parsed.data, dry_run=parsed.dry_run, overwrite=parsed.overwrite)
    _print(fill.as_text(planned, applied, dry_run=parsed.dry_run))
    return 0


def _score(parsed: argparse.Namespace) -> int:
    from perfeval.commands import score  # noqa: PLC0415

    scored = score.score(parsed.file, parsed.standard)
    if parsed.json:
        print(json.dumps(score.as_json(scored), ensure_ascii=False, indent=1))
    else:
        _print(score.as_text(scored))
    return 0


def _explain(parsed: argparse.Namespace) -> int:
    from perfeval.commands import score  # noqa: PLC0415

    row = score.explain(parsed.file, parsed.cell, parsed.standard)
    print(f"{row.name}：{row.explanation}")
    return 0


def _call(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue  # noqa: PLC0415

    if parsed.from_json:
        try:
            calls = json.load(sys.stdin)
        except (json.JSONDecodeError, RecursionError) as error:
            raise PerfEvalError(f"标准输入不是有效的 JSON：{error}") from error
        print(json.dumps(catalogue.call_each(calls), ensure_ascii=False))
        return 0
    if parsed.function is None:
        _parser().error("请给出函数名，例如 perfeval call PE_EXEC_SCORE 100 95 10")
    try:
        print(catalogue.as_text(catalogue.call(parsed.function, parsed.arguments)))
    except PerfEvalError as error:
        print(error.cell_error)
        raise
    return 0


def _functions(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue  # noqa: PLC0415

    if parsed.json:
        print(catalogue.functions_as_json())
    elif parsed.markdown:
        print(catalogue.functions_as_markdown(), end="")
    else:
        _print(catalogue.functions_as_text())
    return 0


def _standards(parsed: argparse.Namespace) -> int:
    from perfeval.commands import catalogue  # noqa: PLC0415

    if parsed.action and not parsed.identifier:
        _parser().error("请给出标准编号，例如 perfeval standards show cn-project-2020")
    _print(catalogue.standard_as_text(parsed.identifier) if parsed.action else catalogue.standards_as_text())
    return 0


def _demo(parsed: argparse.Namespace) -> int:
    from perfeval.commands import demo  # noqa: PLC0415

    _print(demo.demo(parsed.out))
    return 0


def _install(parsed: argparse.Namespace) -> int:
    from perfeval.commands import install  # noqa: PLC0415

    if parsed.file:
        print(f"已写成 {install.write_extension(parsed.file)}：双击它，或在 LibreOffice 的“扩展管理器”里添加")
    else:
        print(f"已装进 LibreOffice {install.install(parsed.profile)}，重新打开它就能用 PE_ 函数和“绩效评价”菜单")
    return 0


def _uninstall(parsed: argparse.Namespace) -> int:
    from perfeval.commands import install  # noqa: PLC0415

    install.uninstall(parsed.profile)
    print("已从 LibreOffice 卸下 PerfEval")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from perfeval.commands import doctor  # noqa: PLC0415

    checks = doctor.examine()
    _print(doctor.as_text(checks))
    return 0 if all(check.good or not check.needed for check in checks) else 1


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _speak_utf8() -> None:
    """Chinese and JSON are UTF-8 in pipes and files; a console that cannot show a sign shows a ? instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")  # type: ignore[union-attr]
    if hasattr(sys.stdin, "reconfigure") and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]


if __name__ == "__main__":
    sys.exit(main())
