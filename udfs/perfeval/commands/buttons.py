"""The commands of an open workbook, in one registry, and how a press of a button runs one.

Excel's ribbon, Calc's menu and toolbar, and the tests that hold them together all follow ``BUTTONS``. To add a command:
one function in ``commands.live``, one line here, one button in ``addin/excel/customUI14.xml`` whose id is its name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perfeval.commands.live import (
    assisting,
    beginning,
    comparing,
    filling,
    folders,
    handing,
    importing,
    indicators,
    projects,
    reviewing,
    showing,
    signing,
)
from perfeval.commands.live.location import is_addin
from perfeval.commands.live.signing import TITLE
from perfeval.commands.questions import Declined, Question
from perfeval.errors import FormProblem, PerfEvalError, Stopped, UnknownName
from perfeval.stepwise import Steps, finished

if TYPE_CHECKING:
    import xlwings as xw

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Button:
    """A command: its name in code, its Chinese label, what the status bar says meanwhile, and what it does.

    ``command`` takes the open workbook and returns what the user is told at the end, "" for nothing. Long work is ``Steps`` with that
    at their end: a step may be a question to the person, and nothing is written before the last of them. One that ``writes`` into the
    workbook asks first where that breaks a digital signature. One that is ``free`` needs no workbook of the user's.
    """

    name: str
    title: str
    doing: str
    command: Callable[..., str | Steps[object, str]]
    writes: bool = False
    free: bool = False


BUTTONS = {
    button.name: button
    for button in (
        Button("new", "新建", "正在新建工作簿", beginning.new, free=True),
        Button("import_files", "导入", "正在导入", importing.import_file, writes=True),
        Button("add_project", "新增项目", "正在新增项目", projects.add, writes=True),
        Button("add_indicator", "增加指标行", "正在增加指标行", indicators.add, writes=True),
        Button("fill", "填报", "正在填报自评表", filling.fill, writes=True),
        Button("undo", "撤销填报", "正在撤销填报", filling.undo, writes=True),
        Button("recalculate", "重新计算", "正在重新计算", showing.recalculate),
        Button("review", "复核", "正在复核", reviewing.review, writes=True),
        Button("compare", "对照", "正在逐项重算", comparing.compare),
        Button("review_folder", "复核文件夹", "正在复核这个文件夹", folders.review, free=True),
        Button("clear", "清除标记", "正在清除标记", reviewing.clear, writes=True),
        Button("assist", "加测算列", "正在加测算列", assisting.add, writes=True),
        Button("unassist", "去测算列", "正在去测算列", assisting.remove, writes=True),
        Button("freeze", "报送", "正在复核并生成报送版", handing.freeze),
        Button("live_copy", "原生公式版", "正在另存原生公式版", handing.live_copy),
        Button("report", "报告", "正在写自评报告", handing.report),
        Button("rollup", "汇总", "正在汇总这个文件夹里的自评表", folders.rollup, free=True),
        Button("guide", "说明", "", showing.guide),
    )
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a press says at its end; ``is_trouble`` where it did not finish."""

    message: str
    is_trouble: bool = False


def press(name: str, book: xw.Book, ask: Callable[[Question], Any] | None = None) -> None:
    """Run a command on the workbook while the status bar says so; then show what it says, or why it did not finish. ``ask`` shows a
    question to the person and gives the answer, None for none; without it there are no dialogs here."""
    app = book.app

    def meet(step: object) -> Any:
        if isinstance(step, Question):
            return (ask or _no_dialogs)(step)
        app.status_bar = under_way(name, step)
        return None

    with app.properties(status_bar=begun(name) or False, screen_updating=False, calculation="manual"):
        told = finished(steps(name, book), meet)
    tell(app, told)


def _no_dialogs(question: Question) -> Any:
    raise FormProblem(f"这里弹不出“{question.title}”的对话框，请在命令行做：perfeval --help")


def tell(app: xw.App, told: Told) -> None:
    """Show in a window of the program what there is to say, if anything."""
    if told.message:
        app.alert(told.message, TITLE, mode="critical" if told.is_trouble else "info")


def begun(name: str) -> str:
    """What the status bar says as a press begins, "" for nothing."""
    return f"{BUTTONS[name].doing} ……" if name in BUTTONS and BUTTONS[name].doing else ""


def under_way(name: str, step: object) -> str:
    """What the status bar says of a step."""
    return f"正在{BUTTONS[name].title}：{step}"


def steps(name: str, book: xw.Book) -> Steps[object, Told]:
    """A press in steps, some of them a ``Question``.

    Whoever has them done keeps the screen still and the calculation manual. KeyboardInterrupt thrown into one stops the press.
    """
    try:
        return Told((yield from _steps(name, book)))
    except Declined:
        return Told("")
    except Stopped as stop:
        return Told(f"{stop}。", is_trouble=True)
    except KeyboardInterrupt:
        return Told("已停下，没有改动任何单元格。", is_trouble=True)
    except PerfEvalError as error:
        return Told(f"{error}\n\n没有改动任何单元格。", is_trouble=True)
    except Exception as error:
        logger.exception("%s failed", name)
        return Told(f"“{BUTTONS[name].title}”没有完成，请把这句话告诉维护者：{error!r}", is_trouble=True)


def _steps(name: str, book: xw.Book) -> Steps[object, str]:
    button = BUTTONS.get(name)
    if button is None:
        raise UnknownName(
            f"本机的 PerfEval 没有“{name}”这个命令，请用它重新生成工作簿（perfeval new），或升级 PerfEval"
        )
    if not button.free and is_addin(book):
        return "请先打开一本工作簿，再按这个按钮。"
    if button.writes and signing.is_signed(book) and not signing.may_break(book):
        return "没有改动任何单元格，数字签名仍然有效。"
    work = button.command(book)
    return work if isinstance(work, str) else (yield from work)
