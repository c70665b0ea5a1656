"""A message on the screen."""

from __future__ import annotations

from typing import Any

import uno  # pyright: ignore[reportMissingImports]

_OK, _OK_CANCEL = 1, 2  # buttons; the first is also the answer 确定


def ask(context: Any, document: Any, title: str, prompt: str) -> bool:
    """Ask before a document's window; True where the user presses 确定."""
    return _executed(context, document, "QUERYBOX", _OK_CANCEL, title, prompt) == _OK


def show(context: Any, document: Any, title: str, prompt: str, *, trouble: bool) -> None:
    """Show a message until the user has read it, before a document's window; ``document`` is None where there is none."""
    _executed(context, document, "ERRORBOX" if trouble else "INFOBOX", _OK, title, prompt)


def _executed(context: Any, document: Any, kind: str, buttons: int, title: str, prompt: str) -> int:
    toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    window = document.CurrentController.Frame.ContainerWindow if document is not None else None
    box = toolkit.createMessageBox(window, uno.Enum("com.sun.star.awt.MessageBoxType", kind), buttons, title, prompt)
    answer = box.execute()
    box.dispose()
    return answer
