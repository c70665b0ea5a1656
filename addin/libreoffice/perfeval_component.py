"""What LibreOffice loads: puts the Python that came with the extension first on the path, and hands over its classes."""

import sys
from pathlib import Path
from typing import Any

if sys.version_info < (3, 11):  # noqa: UP036 — LibreOffice 25.2 as its makers build it brings Python 3.10
    raise ImportError(
        "PerfEval needs Python 3.11: please update to LibreOffice 25.8 / 请升级到 LibreOffice 25.8 或更新的版本"
    )

sys.path.insert(0, str(Path(__file__).parent / "pythonpath"))

from perfeval.libreoffice.component import Commands, g_ImplementationHelper  # noqa: F401 — LibreOffice looks for it


def _press(context: Any, document: Any, name: str) -> None:
    from perfeval.commands.in_calc import press  # noqa: PLC0415 — a cell needs no xlwings

    press(context, document, name)


Commands.press = staticmethod(_press)
