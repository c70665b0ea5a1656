"""What the commands of the shell have in common."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from perfeval.cli.wording import Help, in_chinese
from perfeval.digits import LONGEST, whole_or
from perfeval.errors import InvalidValue

_OF_ARGPARSE = re.compile(r"(?:argument|the following|one of the|unrecognized|ambiguous|unknown|unexpected|can't) ")


class Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese; wrong usage is exit code 2."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"formatter_class": Help, "add_help": False, **given})
        self._positionals.title, self._optionals.title = "要写的", "可以加的"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, a sentence of argparse or our own, and end."""
        told = in_chinese(message) if message.isascii() or _OF_ARGPARSE.match(message) else message
        self.exit(2, f"用法不对：{told}\n{self.format_usage()}查看说明：{self.prog} --help\n")


Commands = argparse._SubParsersAction  # what ``declare`` adds its commands to


def number_from(least: int, most: int, what: str) -> Callable[[str], int]:
    """An argument that is a whole number within bounds, for argparse's ``type``; it raises InvalidValue, which names the bounds."""

    def number(text: str) -> int:
        given = whole_or(text.strip(), -1)
        if not least <= given <= most:
            raise InvalidValue(f"{what}“{text[:LONGEST]}”不对，应是 {least} 到 {most} 之间的整数")
        return given

    return number


def overwriting(command: argparse.ArgumentParser) -> None:
    """The option ``--overwrite`` of a command that writes new files."""
    command.add_argument(
        "--overwrite",
        action="store_true",
        help="结果的位置上已有别的文件，也用结果换下它，原来的留作备份；PerfEval 写出后没有动过的，不加也会重写",
    )


def add_break_signature(command: argparse.ArgumentParser) -> None:
    """The option of commands that change a workbook: its digital signature may break."""
    told = "工作簿有数字签名时也写：签名随之失效，要请签名人重新签名"
    command.add_argument("--break-signature", action="store_true", help=told)


def say(lines: Iterable[str]) -> None:
    """Print lines as they come, also where nobody reads them until the end."""
    for line in lines:
        print(line, flush=True)


def standard(text: str) -> str:
    """A standard as an option names it: an id or name, or a file (``县.toml; steps=floor``), known by its id from then on."""
    if ".toml" not in text.lower():
        return text
    from perfeval.standards import adopted

    return adopted(text)
