"""What the commands of the shell have in common."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese; wrong usage is exit code 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"用法不对：{message}\n{self.format_usage()}查看说明：{self.prog} --help\n")


Commands = argparse._SubParsersAction  # what ``declare`` adds its commands to


def overwriting(command: argparse.ArgumentParser) -> None:
    """The option ``--overwrite`` of a command that writes new files."""
    command.add_argument(
        "--overwrite",
        action="store_true",
        help="结果的位置上已有别的文件，也用结果换下它，原来的留作备份；PerfEval 写出后没有动过的，不加也会重写",
    )


def say(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        print(line)
