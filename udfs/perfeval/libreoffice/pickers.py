"""LibreOffice's own dialogs for a file, a folder, a name to save under, and one of several choices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import uno  # pyright: ignore[reportMissingImports]

_OPEN, _SAVE = 0, 10  # com.sun.star.ui.dialogs.TemplateDescription: FILEOPEN_SIMPLE, FILESAVE_AUTOEXTENSION
_OK = 1
_WIDTH, _LINE, _BUTTON, _GAP = 280, 12, 50, 6  # of a dialog, in its own units


def open_file(context: Any, document: Any, title: str, kinds: Sequence[tuple[str, Sequence[str]]]) -> str | None:
    """The path of a file that exists; ``kinds`` are what files are called with the endings of their names. None: closed."""
    return _picked(_picker(context, document, _OPEN, title, kinds))


def save_file(
    context: Any, document: Any, title: str, name: str, kinds: Sequence[tuple[str, Sequence[str]]]
) -> str | None:
    """The path of a file to write, with a name that is proposed; None: closed."""
    picker = _picker(context, document, _SAVE, title, kinds)
    picker.setDefaultName(name)
    return _picked(picker)


def folder(context: Any, document: Any, title: str) -> str | None:
    """The path of a folder; None: closed."""
    picker = context.ServiceManager.createInstanceWithContext("com.sun.star.ui.dialogs.FolderPicker", context)
    picker.setTitle(title)
    if document.URL:
        picker.setDisplayDirectory(document.URL.rpartition("/")[0])
    return uno.fileUrlToSystemPath(picker.getDirectory()) if picker.execute() == _OK else None


def _picker(context: Any, document: Any, mode: int, title: str, kinds: Sequence[tuple[str, Sequence[str]]]) -> Any:
    name = "com.sun.star.ui.dialogs.FilePicker"
    picker = context.ServiceManager.createInstanceWithArgumentsAndContext(name, (mode,), context)
    picker.setTitle(title)
    for kind, endings in kinds:
        picker.appendFilter(kind, ";".join(f"*{ending}" for ending in endings))
    if document.URL:
        picker.setDisplayDirectory(document.URL.rpartition("/")[0])
    return picker


def _picked(picker: Any) -> str | None:
    return uno.fileUrlToSystemPath(picker.getSelectedFiles()[0]) if picker.execute() == _OK else None


def choice(context: Any, document: Any, title: str, choices: Sequence[str]) -> int | None:
    """The place of one of the choices, in a list; None: closed."""
    manager = context.ServiceManager
    model = manager.createInstanceWithContext("com.sun.star.awt.UnoControlDialogModel", context)
    height = _LINE * min(len(choices) + 1, 14)
    model.Width, model.Height, model.Title = _WIDTH, height + 4 * _GAP + 2 * _LINE + 4, title
    inner = _WIDTH - 2 * _GAP
    _add(model, "FixedText", "title", (_GAP, _GAP, inner, _LINE), Label=title)
    _add(
        model,
        "ListBox",
        "choices",
        (_GAP, 2 * _GAP + _LINE, inner, height),
        StringItemList=tuple(choices),
        SelectedItems=(0,),
    )
    below = 3 * _GAP + _LINE + height
    for number, (name, kind, label) in enumerate((("ok", 1, "确定"), ("cancel", 2, "取消"))):
        left = _WIDTH - (2 - number) * (_BUTTON + _GAP)
        _add(
            model,
            "Button",
            name,
            (left, below, _BUTTON, _LINE + 4),
            PushButtonType=kind,
            Label=label,
            DefaultButton=name == "ok",
        )
    dialog = manager.createInstanceWithContext("com.sun.star.awt.UnoControlDialog", context)
    dialog.setModel(model)
    dialog.createPeer(
        manager.createInstanceWithContext("com.sun.star.awt.Toolkit", context),
        document.CurrentController.Frame.ContainerWindow,
    )
    answer = dialog.execute() == _OK
    place = dialog.getControl("choices").getSelectedItemPos()
    dialog.dispose()
    return place if answer and place >= 0 else None


def _add(model: Any, kind: str, name: str, place: tuple[int, int, int, int], **named: Any) -> None:
    """A control of a dialog, at (left, top, width, height)."""
    control = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    left, top, width, height = place
    sizes = {"PositionX": left, "PositionY": top, "Width": width, "Height": height}
    for key, value in {**sizes, **named}.items():
        setattr(control, key, uno.Any("short", value) if key == "PushButtonType" else value)
    model.insertByName(name, control)
