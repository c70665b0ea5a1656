"""``freeze`` · ``report`` · ``rollup``: what leaves the office."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfeval.cli.common import Commands, add_break_signature, overwriting, say
from perfeval.cli.paths import new_path


def declare(commands: Commands) -> None:
    """Declare these commands."""
    freeze = commands.add_parser("freeze", help="生成报送版：只有值，没有宏，不装 PerfEval 也能看")
    freeze.add_argument("book", type=Path, metavar="工作簿")
    freeze.add_argument(
        "--out", type=new_path, metavar="报送版.xlsx", help="默认在原工作簿旁边，名为“原名-报送版.xlsx”"
    )
    freeze.add_argument(
        "--waive",
        type=Path,
        action="append",
        default=[],
        metavar="复核.json",
        help="check --json 的结果，其中写了 waived 理由的错误不再阻止报送",
    )
    freeze.add_argument(
        "--live",
        action="store_true",
        help="不做报送版，另存一份原生公式版：没有宏，只用表格软件自己的函数，换一台电脑也能接着填，随时重算",
    )
    freeze.add_argument("--pdf", action="store_true", help="旁边再打印一份同名的 PDF；要装有 LibreOffice")
    overwriting(freeze)
    add_break_signature(freeze)
    freeze.set_defaults(run=_freeze, wrong=freeze.error)

    report = commands.add_parser("report", help="由工作簿写出 Word 自评报告，数字都取自工作簿，只有人能写的留空标出")
    report.add_argument("book", type=Path, nargs="?", metavar="工作簿")
    report.add_argument(
        "--outline", metavar="提纲", help="cn-project、sz-department、hn-department 或 hn-expenditure，默认随标准"
    )
    report.add_argument("--out", type=new_path, metavar="报告.docx", help="默认在工作簿旁边，名为“原名-自评报告.docx”")
    report.add_argument("--template", type=Path, metavar="模板.docx", help="用自己的 Word 模板")
    report.add_argument(
        "--save-template", type=new_path, metavar="模板.docx", help="把 --outline 的提纲写成模板，供在 Word 里修改"
    )
    overwriting(report)
    report.set_defaults(run=_report, wrong=report.error)

    rollup = commands.add_parser("rollup", help="汇总一个文件夹里的全部自评表")
    rollup.add_argument("folder", type=Path, metavar="文件夹")
    rollup.add_argument("--out", type=new_path, metavar="汇总.xlsx", help="汇总表，默认是文件夹里的 汇总.xlsx")
    rollup.add_argument(
        "--standard",
        default="",
        metavar="标准",
        help="标准编号、名称或标准文件，可加口径；不给则用各表自己的",
    )
    rollup.add_argument("--scheduler", metavar="地址", help="用这个 Dask 集群读，例如 tcp://10.0.0.1:8786")
    rollup.add_argument("--parquet", type=new_path, metavar="文件夹", help="另把全部明细写成 Parquet")
    overwriting(rollup)
    rollup.set_defaults(run=_rollup)


def _freeze(parsed: argparse.Namespace) -> int:
    from perfeval.commands import freeze, livecopy, printing

    if parsed.live:
        if parsed.pdf:
            return parsed.wrong("--live 是工作副本，不打印；--pdf 用在报送版上")
        if parsed.waive:
            return parsed.wrong("--live 是工作副本，复核的错误不阻止它，不用 --waive")
        say(livecopy.as_text(livecopy.live(parsed.book, parsed.out, overwrite=parsed.overwrite)))
        return 0
    frozen = freeze.freeze(
        parsed.book,
        parsed.out,
        parsed.waive,
        overwrite=parsed.overwrite,
        break_signature=parsed.break_signature,
        print_with=printing.with_libreoffice if parsed.pdf else None,
    )
    say(freeze.as_text(frozen))
    return 0 if frozen.path and not frozen.no_pdf else 1


def _report(parsed: argparse.Namespace) -> int:
    from perfeval.commands import report

    if parsed.save_template:
        if not parsed.outline:
            return parsed.wrong("请用 --outline 写明要哪一个提纲的模板")
        made = report.write_template(parsed.outline, parsed.save_template, overwrite=parsed.overwrite)
        print(f"模板已写成 {made}：在 Word 里改好后用 --template 使用")
        return 0
    if parsed.book is None:
        return parsed.wrong("请给出工作簿，例如 perfeval report 自评.xlsm")
    if parsed.outline and parsed.template:
        return parsed.wrong("--outline 和 --template 只用一个")
    written = report.report(parsed.book, parsed.outline, parsed.out, parsed.template, overwrite=parsed.overwrite)
    say(report.as_text(written))
    return 0


def _rollup(parsed: argparse.Namespace) -> int:
    from tqdm import tqdm

    from perfeval.commands import rollup

    with tqdm(desc="汇总", unit="个文件", disable=None, leave=False) as bar:

        def tell(count: rollup.Count) -> None:
            bar.total = count.of
            bar.update(count.read - bar.n)

        rolled = rollup.rollup(
            parsed.folder,
            parsed.out,
            standard=parsed.standard,
            scheduler=parsed.scheduler,
            parquet_folder=parsed.parquet,
            overwrite=parsed.overwrite,
            tell=tell,
        )
    say(rollup.as_text(rolled))
    return 1 if rolled.passed else 0
