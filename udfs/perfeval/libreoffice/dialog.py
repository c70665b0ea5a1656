"""A message on the screen."""

from __future__ import annotations

from typing import Any

import uno  # pyright: ignore[reportMissingImports]

_OK = 1


def show(context: Any, document: Any, title: str, prompt: str, *, trouble: bool) -> None:
    """Show a message until the user has read it, before a document's window; ``document`` is None where there is none."""
    toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    kind = uno.Enum("com.sun.star.awt.MessageBoxType", "ERRORBOX" if trouble else "INFOBOX")
    window = document.CurrentController.Frame.ContainerWindow if document is not None else None
    box = toolkit.createMessageBox(window, kind, _OK, title, prompt)
    box.execute()
    box.dispose()
