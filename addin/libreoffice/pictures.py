"""The pictures of Calc in the documents: ``python -m addin.libreoffice.pictures``, from the repository's root.

Needs what the tests of Calc need (Xvfb, xdotool, LibreOffice with its Chinese user interface) and ImageMagick.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[2] / "tests"))

from perfeval.commands import demo
from support import calc as driver
from support import desk

IMAGES = Path(__file__).parents[2] / "docs/images"
MENU = 34  # com.sun.star.accessibility.AccessibleRole
FORM = "03 案件调查取证费"
INDICATORS = "1400x320+0+440"  # where they stand on the screen


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as name, desk.screen() as display:
        folder = Path(name)
        list(demo.demo(folder / "demo"))
        profile = driver.prepare(folder / "profile")
        with driver.Calc(profile) as calc:
            speak_chinese(calc)
            with calc.open(folder / "demo/PerfEval.xlsm") as document:  # without macros there is no warning
                path = calc.save(document, folder / "自评.xlsx")
        with driver.Calc(profile, display=display) as calc, calc.open(path) as document:
            window = desk.brought_to_front(display, document)
            form = document.Sheets.getByName(FORM)
            lay_out(calc, document)
            take(display, "scores")
            show(document, "F20")
            take(display, "before", INDICATORS)
            form.getCellRangeByName("F20").String = "80%"
            take(display, "after", INDICATORS)
            show(document, "N20")
            take(display, "hint", INDICATORS)
            show(document, "D18")
            desk.click(display, next(desk.found(window, "增加指标行", driver.PUSH_BUTTON)))
            desk.until(lambda: form.getCellRangeByName("D19").String == "指标2：")
            take(display, "row", INDICATORS)
            desk.click(display, next(desk.found(window, "绩效评价", MENU)))
            take(display, "menu", "1400x560+0+0")


def speak_chinese(calc: driver.Calc) -> None:
    """Make Chinese the language of the profile's user interface, from the next start on."""
    provider = calc.service("com.sun.star.configuration.ConfigurationProvider")
    arguments = calc.properties(nodepath="/org.openoffice.Office.Linguistic/General")
    settings = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationUpdateAccess", arguments)
    settings.setPropertyValue("UILocale", "zh-CN")
    settings.commitChanges()


def lay_out(calc: driver.Calc, document: Any) -> None:
    """Show the whole form with what stands beside it."""
    controller = document.CurrentController
    dispatcher = calc.service("com.sun.star.frame.DispatchHelper")
    dispatcher.executeDispatch(controller.Frame, ".uno:Sidebar", "", 0, calc.properties(Sidebar=False))
    controller.setActiveSheet(document.Sheets.getByName(FORM))
    controller.ZoomType, controller.ZoomValue = 3, 65  # by value
    show(document, "K13")


def show(document: Any, cell: str) -> None:
    """Put the cursor into a cell; its formula shows above."""
    document.CurrentController.select(document.Sheets.getByName(FORM).getCellRangeByName(cell))


def take(display: str, name: str, part: str = "1400x900+0+0") -> None:
    """Take a picture of a part of the screen when it is drawn."""
    time.sleep(1.5)
    target = IMAGES / f"calc-{name}.png"
    command = [
        "import",
        "-window",
        "root",
        "-crop",
        part,
        "+repage",
        "-strip",
        "+dither",
        "-colors",
        "128",
        f"png8:{target}",
    ]
    subprocess.run(command, env={**os.environ, "DISPLAY": display}, check=True, timeout=60)
    print(target)


if __name__ == "__main__":
    main()
