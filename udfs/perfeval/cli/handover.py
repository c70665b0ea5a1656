"""``freeze`` · ``report``: what leaves the office."""

from __future__ import annotations

import argparse
from pathlib import Path

from perfeval.cli.common import Commands, say


def declare(commands: Commands) -> None:
    """Declare these commands."""
    freeze = commands.add_parser("freeze", help="生成报送版：只有值，没有宏，不装 PerfEval 也能看")
    freeze.add_argument("book", type=Path, metavar="工作簿")
    freeze.add_argument("--out", type=Path, metavar="报送版.xlsx", help="默认在原工作簿旁边，名为“原名-报送版.xlsx”")
    freeze.set_defaults(run=_freeze)


def _freeze(parsed: argparse.Namespace) -> int:
    from perfeval.commands import freeze

    frozen = freeze.freeze(parsed.book, parsed.out)
    say(freeze.as_text(frozen))
    return 0 if frozen.path else 1
