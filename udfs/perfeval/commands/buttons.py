"""The commands of an open workbook, in one registry, and how a press of a button runs one.

Excel's ribbon, Calc's menu and toolbar, and the tests that hold them together all follow ``BUTTONS``. To add a command:
one function in ``commands.live``, one line here, one button in ``addin/excel/customUI14.xml`` whose id is its name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from perfeval.commands.live import (
    assisting,
    filling,
    handing,
    indicators,
    projects,
    repairing,
    reviewing,
    rollup,
    showing,
    signing,
)
from perfeval.commands.live.signing import TITLE
from perfeval.errors import PerfEvalError, Stopped, UnknownName
from perfeval.stepwise import Steps, finished

if TYPE_CHECKING:
    import xlwings as xw

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Button:
    """A command: its name in code, its Chinese label, what the status bar says meanwhile, and what it does.

    ``command`` takes the open workbook, and the path of what a person has chosen where there is one; it returns what the user is
    told at the end, "" for nothing. Long work is ``Steps`` with that at their end, and writes nothing before the last of them. One
    that ``writes`` into the workbook asks first where that breaks a digital signature.
    """

    name: str
    title: str
    doing: str
    command: Callable[..., str | Steps[object, str]]
    writes: bool = False


BUTTONS = {
    button.name: button
    for button in (
        Button("add_project", "新增项目", "正在新增项目", projects.add, writes=True),
        Button("add_indicator", "增加指标行", "正在增加指标行", indicators.add, writes=True),
        Button("fill", "填报", "正在填报自评表", filling.fill, writes=True),
        Button("repair", "补齐公式", "正在补齐公式", repairing.repair, writes=True),
        Button("undo", "撤销填报", "正在撤销填报", filling.undo, writes=True),
        Button("recalculate", "重新计算", "正在重新计算", showing.recalculate),
        Button("review", "复核", "正在复核", reviewing.review, writes=True),
        Button("clear", "清除标记", "正在清除标记", reviewing.clear, writes=True),
        Button("assist", "加测算列", "正在加测算列", assisting.add, writes=True),
        Button("unassist", "去测算列", "正在去测算列", assisting.remove, writes=True),
        Button("freeze", "报送", "正在复核并生成报送版", handing.freeze),
        Button("live_copy", "原生公式版", "正在另存原生公式版", handing.live_copy),
        Button("report", "报告", "正在写自评报告", handing.report),
        Button("rollup", "汇总", "正在汇总这个文件夹里的自评表", rollup.rollup),
        Button("guide", "说明", "", showing.guide),
    )
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a press says at its end; ``is_trouble`` where it did not finish."""

    message: str
    is_trouble: bool = False


def press(name: str, book: xw.Book) -> None:
    """Run a command on the workbook while the status bar says so; then show what it says, or why it did not finish."""
    app = book.app
    with app.properties(status_bar=begun(name) or False, screen_updating=False, calculation="manual"):
        told = finished(steps(name, book), lambda step: setattr(app, "status_bar", under_way(name, step)))
    tell(app, told)


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


def steps(name: str, book: xw.Book, chosen: Path | None = None) -> Steps[object, Told]:
    """A press in steps. ``chosen`` is the file or folder that a person has chosen for it.

    Whoever has them done keeps the screen still and the calculation manual. KeyboardInterrupt thrown into one stops the press.
    """
    try:
        return Told((yield from _steps(name, book, chosen)))
    except Stopped as stop:
        return Told(f"{stop}。", is_trouble=True)
    except KeyboardInterrupt:
        return Told("已停下，没有改动任何单元格。", is_trouble=True)
    except PerfEvalError as error:
        return Told(f"{error}\n\n没有改动任何单元格。", is_trouble=True)
    except Exception as error:
        logger.exception("%s failed", name)
        return Told(f"“{BUTTONS[name].title}”没有完成，请把这句话告诉维护者：{error!r}", is_trouble=True)


def _steps(name: str, book: xw.Book, chosen: Path | None) -> Steps[object, str]:
    button = BUTTONS.get(name)
    if button is None:
        raise UnknownName(
            f"本机的 PerfEval 没有“{name}”这个命令，请用它重新生成工作簿（perfeval new），或升级 PerfEval"
        )
    if button.writes and signing.is_signed(book) and not signing.may_break(book):
        return "没有改动任何单元格，数字签名仍然有效。"
    work = button.command(book) if chosen is None else button.command(book, chosen)
    return work if isinstance(work, str) else (yield from work)
