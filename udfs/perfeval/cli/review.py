"""``score`` · ``explain``: what looks at a finished 自评表."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from perfeval.cli.common import Commands, say


def declare(commands: Commands) -> None:
    """Declare these commands."""
    score = commands.add_parser("score", help="重算任何自评表的每一项得分，与表中的得分对照")
    score.add_argument("file", type=Path, metavar="文件")
    score.add_argument("--standard", metavar="标准", help="标准编号或名称，可加口径")
    score.add_argument("--json", action="store_true", help="输出 JSON")
    score.set_defaults(run=_score)

    explain = commands.add_parser("explain", help="说明一个得分是怎样算的")
    explain.add_argument("file", type=Path, metavar="文件")
    explain.add_argument("cell", metavar="单元格", help="得分所在的单元格，例如 H12 或 工作表!H12")
    explain.add_argument("--standard", metavar="标准")
    for command in (score, explain):
        command.add_argument("--data", type=Path, metavar="数据.xlsx", help="评分表所依据的基础数据，默认是文件自己的")
    explain.set_defaults(run=_explain)


def _score(parsed: argparse.Namespace) -> int:
    from perfeval.commands import score

    scored = score.score(parsed.file, parsed.standard, parsed.data)
    if parsed.json:
        print(json.dumps(score.as_json(scored), ensure_ascii=False, indent=1))
    else:
        say(score.as_text(scored))
    return 0


def _explain(parsed: argparse.Namespace) -> int:
    from perfeval.commands import score

    row = score.explain(parsed.file, parsed.cell, parsed.standard, parsed.data)
    print(f"{row.name}：{row.explanation}{row.basis}")
    return 0
