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


def add_break_signature(command: argparse.ArgumentParser) -> None:
    """The option of commands that change a workbook: its digital signature may break."""
    told = "工作簿有数字签名时也写：签名随之失效，要请签名人重新签名"
    command.add_argument("--break-signature", action="store_true", help=told)


def say(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        print(line)
