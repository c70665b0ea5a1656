"""LibreOffice Calc as a test's host: one process with a profile of its own, PerfEval installed, driven over UNO.

``with Calc(profile) as calc, calc.open(path) as document: calc.press(document, "review")``: a press runs in the
interpreter that LibreOffice loads, as a user's does. The process is ended by its own id, whatever happens.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

from perfeval.commands import buttons, install
from perfeval.errors import DIV0, NAME, NOT_AVAILABLE, NULL, NUM, REF, VALUE, PerfEvalError
from perfeval.libreoffice import program
from perfeval.libreoffice.names import INTERPRETER_SERVICE, command_url

ERRORS = {521: NULL, 532: DIV0, 519: VALUE, 524: REF, 525: NAME, 503: NUM, 32767: NOT_AVAILABLE}  # of Calc, by number
_SECONDS = 60
_RESTART = 81  # soffice.bin after its extensions have changed
_DEBIAN = "/usr/lib/python3/dist-packages"
# com.sun.star.accessibility.AccessibleRole: DIALOG, LIST, PUSH_BUTTON, TEXT, STATIC
DIALOG, LIST, PUSH_BUTTON, TEXT, MESSAGE = 12, 32, 44, 60, 86
_CLOSING = {"Cancel", "取消"}
_TAKING = {"Open", "Save", "Select", "OK", "确定", "打开", "保存", "选择"}

XLSX, XLSM = "Calc MS Excel 2007 XML", "Calc MS Excel 2007 VBA XML"


def missing() -> str:
    """Why tests cannot run Calc on this machine; empty if they can."""
    try:
        office = program.find()
    except PerfEvalError as error:
        return str(error)
    if not office.is_new_enough:
        return f"LibreOffice {office.version} 太旧，PE_ 函数要在 25.2 以上的 Calc 里验证"
    if sys.platform != "linux":
        return "只在 Linux 上驱动 Calc"
    try:
        _uno()
    except ImportError:
        return "这个 Python 没有 uno 模块（Debian: python3-uno，Python 3.11），不能驱动 Calc"
    return ""


def _uno() -> Any:
    """The module uno; Debian keeps it with the system's Python.

    The progress bar is imported before: it looks for a module that may be missing, and uno's import hook turns the
    ModuleNotFoundError that it expects into another error.
    """
    if _DEBIAN not in sys.path:
        sys.path.append(_DEBIAN)
    import tqdm  # noqa: F401, PLC0415
    import uno  # noqa: PLC0415  # pyright: ignore[reportMissingImports]

    return uno


class Calc:
    """A running LibreOffice. Without a display it draws in memory, and shows its message boxes all the same."""

    def __init__(self, profile: Path, *, display: str | None = None) -> None:
        self.uno = _uno()
        self._pipe = f"perfeval{os.getpid()}{time.monotonic_ns()}"
        office = program.find()
        self._command = [
            str(office.folder / "soffice.bin"),
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            "--norestore", "--nologo", "--nodefault", "--nolockcheck",
            f"--accept=pipe,name={self._pipe};urp;StarOffice.ComponentContext",
        ]  # fmt: skip
        screen = {"DISPLAY": display} if display else {"SAL_USE_VCLPLUGIN": "svp"}
        self._environment = {**office.environment, **screen}

    def __enter__(self) -> Calc:
        begun = time.perf_counter()
        self._start()
        try:
            self.context = self._connected()
        except BaseException:
            self._process.kill()
            raise
        self.started = time.perf_counter() - begun
        self.desktop = self.service("com.sun.star.frame.Desktop")
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with contextlib.suppress(Exception):
            self.desktop.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _connected(self) -> Any:
        local = self.uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + _SECONDS
        while True:
            try:
                return resolver.resolve(f"uno:pipe,name={self._pipe};urp;StarOffice.ComponentContext")
            except Exception:
                if self._process.poll() == _RESTART:
                    self._start()
                elif self._process.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.02)

    @property
    def pid(self) -> int:
        return self._process.pid

    def service(self, name: str) -> Any:
        """One of LibreOffice's services."""
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def properties(self, **named: Any) -> tuple[Any, ...]:
        """Named values as UNO takes them."""
        made = []
        for name, value in named.items():
            one = self.uno.createUnoStruct("com.sun.star.beans.PropertyValue")
            one.Name, one.Value = name, value
            made.append(one)
        return tuple(made)

    def open(self, path: Path | None = None, **options: Any) -> Opened:
        """A document in front, for a ``with`` block: a new one, or a file. ``options`` are LibreOffice's own."""
        url = path.resolve().as_uri() if path else "private:factory/scalc"
        return Opened(self.desktop, url, self.properties(**options))

    @property
    def interpreter(self) -> str:
        """What the Python inside LibreOffice tells of itself: its ``sys.version``."""
        return self.service(INTERPRETER_SERVICE).execute(())

    def press(self, document: Any, name: str, answers: Sequence[str] = ()) -> str:
        """Press a button of the menu by its command's name, answer its questions and read the message box; gives what that said, or "".

        An answer is a path, the number of a choice from 1, or "" to close the dialog.
        """
        frame = document.CurrentController.Frame
        frame.activate()
        url = self.uno.createUnoStruct("com.sun.star.util.URL")
        url.Complete = command_url(name)
        _, url = self.service("com.sun.star.util.URLTransformer").parseStrict(url)
        dispatch = frame.queryDispatch(url, "_self", 0)
        return self.answered(lambda: dispatch.dispatch(url, ()), answers)

    def answered(self, action: Callable[[], Any], answers: Sequence[str] = ()) -> str:
        """Do what may show questions and message boxes; answer those, read and close these; gives what they said."""
        said: list[str] = []
        left = list(answers)
        acting = ThreadPoolExecutor(1).submit(action)
        end = time.monotonic() + _SECONDS
        while not acting.done():
            assert time.monotonic() < end, "the button does not come to an end"
            for box in self.message_boxes():
                said += [one.getAccessibleName() for one in box if one.getAccessibleRole() == MESSAGE]
                next(one for one in box if one.getAccessibleRole() == PUSH_BUTTON).doAccessibleAction(0)
                while self.message_boxes():
                    assert time.monotonic() < end, "the message box stays"
            for question in self.questions():
                self._reply(question, left.pop(0))
                end = time.monotonic() + _SECONDS
            time.sleep(0.01)
        acting.result()
        assert not left, f"never asked for {left}"
        return "\n".join(said)

    def message_boxes(self) -> list[list[Any]]:
        """What stands in each message box of ours on the screen."""
        return [
            list(everything(context)) for context in self._windows() if context.getAccessibleName() == buttons.TITLE
        ]

    def questions(self) -> list[list[Any]]:
        """What stands in each dialog on the screen that asks something."""
        return [
            list(everything(context))
            for context in self._windows()
            if context.getAccessibleRole() == DIALOG and context.getAccessibleName() != buttons.TITLE
        ]

    def _windows(self) -> Iterator[Any]:
        toolkit = self.service("com.sun.star.awt.Toolkit")
        for number in range(toolkit.getTopWindowCount()):
            try:
                context = toolkit.getTopWindow(number).getAccessibleContext()
                context.getAccessibleName()
            except Exception:  # a window on its way out
                time.sleep(0.01)
            else:
                yield context

    def _reply(self, dialog: list[Any], answer: str) -> None:
        """Answer a question as a person does, and wait until its dialog is gone."""
        title = dialog[0].getAccessibleName()
        if answer.isdigit():
            choices = next(one for one in dialog if one.getAccessibleRole() == LIST)
            choices.selectAccessibleChild(int(answer) - 1)
        elif answer:
            next(one for one in dialog if one.getAccessibleRole() == TEXT and hasattr(one, "setText")).setText(answer)
        names = _TAKING if answer else _CLOSING
        button = next(
            one for one in dialog if one.getAccessibleRole() == PUSH_BUTTON and one.getAccessibleName() in names
        )
        button.doAccessibleAction(0)
        end = time.monotonic() + _SECONDS
        while any(one[0].getAccessibleName() == title for one in self.questions()):
            assert time.monotonic() < end, f"the dialog stays: {title}"
            time.sleep(0.02)

    def save(self, document: Any, path: Path) -> Path:
        """Save a copy as .xlsx or .xlsm."""
        kind = XLSM if path.suffix == ".xlsm" else XLSX
        document.storeToURL(path.resolve().as_uri(), self.properties(FilterName=kind, Overwrite=True))
        return path


def everything(context: Any) -> Iterator[Any]:
    """What stands in a window, as a screen reader finds it; but not the cells of a sheet."""
    waiting = [context]
    while waiting:
        one = waiting.pop()
        yield one
        if one.getAccessibleChildCount() < 500:
            children = map(one.getAccessibleChild, range(one.getAccessibleChildCount()))
            waiting += [child.getAccessibleContext() for child in children if hasattr(child, "getAccessibleContext")]


class Opened:
    """An open document, closed at the end. (``contextlib`` cannot carry UNO's exceptions.)"""

    def __init__(self, desktop: Any, url: str, arguments: tuple[Any, ...]) -> None:
        self._document = desktop.loadComponentFromURL(url, "_blank", 0, arguments)

    def __enter__(self) -> Any:
        return self._document

    def __exit__(self, kind: object, *_: object) -> None:
        with contextlib.suppress(*((Exception,) if kind else ())):  # an open dialog refuses; what failed says more
            self._document.close(True)


def content(cell: Any) -> Any:
    """What a cell shows: a float, a text, or an error value."""
    if cell.getError():
        return ERRORS.get(cell.getError(), VALUE)
    result = (
        cell.FormulaResultType2 if cell.Type.value == "FORMULA" else {"VALUE": 1, "TEXT": 4}.get(cell.Type.value, 0)
    )
    return cell.Value if result == 1 else cell.String


def prepare(profile: Path) -> Path:
    """A user profile with PerfEval installed."""
    install.install(profile)
    return profile
