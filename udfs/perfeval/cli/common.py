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


def say(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        print(line)


def standard(text: str) -> str:
    """A standard as an option names it: an id or name, or a file (``县.toml; steps=floor``), known by its id from then on."""
    if ".toml" not in text.lower():
        return text
    from perfeval.standards import adopted

    return adopted(text)
