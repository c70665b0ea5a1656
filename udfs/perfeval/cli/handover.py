"""``rollup`` · ``bundle``: what leaves the office."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfeval.cli.common import Commands, say


def declare(commands: Commands) -> None:
    """Declare these commands."""
    rollup = commands.add_parser("rollup", help="汇总一个文件夹里的全部自评表")
    rollup.add_argument("folder", type=Path, metavar="文件夹")
    rollup.add_argument("--out", type=Path, metavar="汇总.xlsx", help="汇总表，默认是文件夹里的 汇总.xlsx")
    rollup.add_argument("--standard", default="", metavar="标准", help="标准编号或名称，可加口径；不给则用各表自己的")
    rollup.add_argument("--scheduler", metavar="地址", help="用这个 Dask 集群读，例如 tcp://10.0.0.1:8786")
    rollup.add_argument("--parquet", type=Path, metavar="文件夹", help="另把全部明细写成 Parquet")
    rollup.set_defaults(run=_rollup)


def _rollup(parsed: argparse.Namespace) -> int:
    from perfeval.commands import rollup

    rolled = rollup.rollup(
        parsed.folder,
        parsed.out,
        standard=parsed.standard,
        scheduler=parsed.scheduler,
        parquet_folder=parsed.parquet,
    )
    say(rollup.as_text(rolled))
    return 1 if rolled.passed else 0
