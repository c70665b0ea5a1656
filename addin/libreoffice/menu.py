"""Menu and toolbar 绩效评价: the buttons of Excel's ribbon, with the same words, in the same order; in the toolbar those alone that the
ribbon shows without opening a menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree

from addin.libreoffice.declarations import component_data, inside, node, prop
from perfeval.libreoffice.names import command_url

_RIBBON = "{http://schemas.microsoft.com/office/2009/07/customui}"
_CALC = "com.sun.star.sheet.SpreadsheetDocument"
_MENU, _TOOLBAR = "org.perfeval.menu", "org.perfeval.toolbar"
TOOLBAR_URL = f"private:resource/toolbar/addon_{_TOOLBAR}"


@dataclass(frozen=True, slots=True)
class Button:
    """A command with its label, the group of the ribbon it stands in, and whether it is seen there at once."""

    command: str
    label: str
    group: str
    at_once: bool


def buttons(ribbon: str) -> tuple[str, tuple[Button, ...]]:
    """The ribbon tab's title and its buttons."""
    tab = ElementTree.fromstring(ribbon).find(f".//{_RIBBON}tab")
    assert tab is not None
    found = tuple(
        Button(button.attrib["id"], button.attrib["label"], group.attrib["id"], button in list(group))
        for group in tab.iter(f"{_RIBBON}group")
        for button in group.iter(f"{_RIBBON}button")
    )
    return tab.attrib["label"], found


def addons(ribbon: str) -> str:
    """Addons.xcu: the menu and the toolbar of Calc."""
    title, found = buttons(ribbon)
    entries = "".join(_entries(found))
    menu = node(_MENU, prop("Title", title), prop("Context", _CALC), inside("Submenu", entries))
    toolbar = node(_TOOLBAR, "".join(_entries(button for button in found if button.at_once)))
    return component_data(
        "Office", "Addons", inside("AddonUI", inside("OfficeMenuBar", menu) + inside("OfficeToolBar", toolbar))
    )


def window_state(ribbon: str) -> str:
    """CalcWindowState.xcu: the toolbar's name, and its place below Calc's own."""
    title, _ = buttons(ribbon)
    state = node(
        TOOLBAR_URL,
        prop("UIName", title),
        prop("Visible", "true"),
        prop("Docked", "true"),
        prop("DockingArea", "0"),
        prop("DockPos", "0,2"),
        prop("Style", "1"),  # text, no pictures
    )
    return component_data("Office.UI", "CalcWindowState", inside("UIElements", inside("States", state)))


def _entries(found: Iterable[Button]) -> Iterator[str]:
    """One node a button; a line between groups. LibreOffice sorts the nodes by name."""
    number = 0
    for place, (_, group) in enumerate(groupby(found, lambda button: button.group)):
        if place:
            number += 1
            yield node(f"b{number:02}", prop("URL", "private:separator"))
        for button in group:
            number += 1
            yield node(
                f"b{number:02}",
                prop("URL", command_url(button.command)),
                prop("Title", button.label),
                prop("Target", "_self"),
                prop("Context", _CALC),
            )
