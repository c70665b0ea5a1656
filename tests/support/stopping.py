"""Runs a command as the shell does, and presses Ctrl-C when it opens a certain file: ``python stopping.py read 甲.xlsx check 甲.xlsx``.

``write`` and a folder stands for the first file below it that is opened to be written.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from perfeval.cli import main

_TO_WRITE = os.O_WRONLY | os.O_RDWR


def press_at(how: str, name: str) -> None:
    """Have this process get one Ctrl-C when it opens the file."""
    pressed = False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal pressed
        if event != "open" or pressed or not isinstance(arguments[0], str | bytes):
            return
        path, writes = os.fsdecode(arguments[0]), bool((arguments[2] or 0) & _TO_WRITE)
        if path.startswith(name) if how == "write" and writes else how == "read" and path.endswith(name):
            pressed = True
            os.kill(os.getpid(), signal.SIGINT)

    sys.addaudithook(hook)


if __name__ == "__main__":
    _, how, name, *arguments = sys.argv
    press_at(how, name)
    sys.exit(main(arguments))
