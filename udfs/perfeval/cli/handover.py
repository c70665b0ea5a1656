"""``rollup`` · ``bundle``: what leaves the office."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import ModuleType

from perfeval.cli.common import Commands, say
from perfeval.errors import PerfEvalError


def declare(commands: Commands) -> None:
    """Declare these commands."""
    rollup = commands.add_parser("rollup", help="汇总一个文件夹里的全部自评表")
    rollup.add_argument("folder", type=Path, metavar="文件夹")
    rollup.add_argument("--out", type=Path, metavar="汇总.xlsx", help="汇总表，默认是文件夹里的 汇总.xlsx")
    rollup.add_argument("--standard", default="", metavar="标准", help="标准编号或名称，可加口径；不给则用各表自己的")
    rollup.add_argument("--scheduler", metavar="地址", help="用这个 Dask 集群读，例如 tcp://10.0.0.1:8786")
    rollup.add_argument("--parquet", type=Path, metavar="文件夹", help="另把全部明细写成 Parquet")
    rollup.set_defaults(run=_rollup)

    bundle = commands.add_parser("bundle", help="做给没有网络的电脑用的离线安装包，或核对它是否齐全")
    actions = bundle.add_subparsers(dest="action", required=True, metavar="windows|check")
    windows = actions.add_parser("windows", help="下载 Windows 所需的全部组件，做成文件夹或 .zip（这一步要联网）")
    windows.add_argument("--out", type=Path, default=Path("PerfEval-windows.zip"), metavar="文件夹或.zip")
    windows.add_argument("--python", action="append", metavar="3.12", help="只为这个版本的 Python，可写几次")
    windows.set_defaults(run=_bundle)
    check = actions.add_parser("check", help="核对离线安装包：缺什么，哪个文件被改过")
    check.add_argument("bundle", type=Path, metavar="文件夹或.zip")
    check.set_defaults(run=_check_bundle)


def _rollup(parsed: argparse.Namespace) -> int:
    from tqdm import tqdm

    from perfeval.commands import rollup

    with tqdm(desc="汇总", unit="个文件", disable=None, leave=False) as bar:

        def tell(read: int, of: int) -> None:
            bar.total = of
            bar.update(read - bar.n)

        rolled = rollup.rollup(
            parsed.folder,
            parsed.out,
            standard=parsed.standard,
            scheduler=parsed.scheduler,
            parquet_folder=parsed.parquet,
            tell=tell,
        )
    say(rollup.as_text(rolled))
    return 1 if rolled.passed else 0


def _bundling() -> ModuleType:
    try:
        from perfeval.commands import bundle
    except ModuleNotFoundError as error:
        raise PerfEvalError('做离线安装包要先安装：在 PerfEval 的目录里运行 pip install ".[bundle]"') from error
    return bundle


def _bundle(parsed: argparse.Namespace) -> int:
    bundle = _bundling()
    made = bundle.make(parsed.out, tuple(parsed.python or bundle.PYTHONS))
    print(f"已做成 {made}，已核对齐全：拿到没有网络的电脑上，解压后双击 install.bat")
    return 0


def _check_bundle(parsed: argparse.Namespace) -> int:
    bundle = _bundling()
    wrong = list(bundle.check(parsed.bundle))
    say(wrong or [f"{parsed.bundle} 是齐全的"])
    return 1 if wrong else 0
