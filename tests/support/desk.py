"""A virtual screen, and a Calc on it worked with real keys and clicks."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

from support.calc import everything

SECONDS = 30


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """A virtual screen; gives its display."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.kill()
        process.wait()


def press(display: str, *action: str) -> None:
    subprocess.run(["xdotool", *action], env={**os.environ, "DISPLAY": display}, check=True, timeout=SECONDS)


def until(question: Callable[[], Any]) -> Any:
    """The answer as soon as there is one."""
    end = time.monotonic() + SECONDS
    while not (answer := question()):
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)
    return answer


def brought_to_front(display: str, document: Any) -> Any:
    """A document's window with the keyboard's focus; there is no window manager to give it."""
    window = document.CurrentController.Frame.ContainerWindow
    window.setPosSize(0, 0, 1400, 900, 15)  # position and size
    press(display, "search", "--sync", "--onlyvisible", "--name", "LibreOffice Calc", "windowfocus", "--sync")
    return window


def found(window: Any, name: str, role: int) -> Iterator[Any]:
    contents = everything(window.getAccessibleContext())
    return (one for one in contents if (one.getAccessibleName(), one.getAccessibleRole()) == (name, role))


def click(display: str, found: Any) -> None:
    place, size = found.getLocationOnScreen(), found.getSize()
    press(display, "mousemove", str(place.X + size.Width // 2), str(place.Y + size.Height // 2), "click", "1")
