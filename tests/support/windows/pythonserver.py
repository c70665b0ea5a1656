"""The Python that VBA starts and calls: the start command of PerfEval's own loader, and the one call that its bridge makes."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from support.windows.vbacom import Array, CallFailed, Library, Object, by_reference, value_of, variant

PYTHONW = Path(sys.executable).with_name("pythonw.exe")
DLL = f"xlwings64-{metadata.version('xlwings')}.dll"
BRIDGE = "perfeval.excel.bridge"

COMMAND = f'"{PYTHONW}" -P -B -c "import xlwings; xlwings.serve(\'$(CLSID)\')"'  # a test holds the loader to it


def library() -> Library:
    """xlwings' DLL where the loader looks: beside the interpreter, or one folder above it."""
    return Library(next(path for path in (PYTHONW.with_name(DLL), PYTHONW.parents[1] / DLL) if path.is_file()))


def ask(server: Object, function: str, *values: Any) -> Any:
    """A function's value as VBA receives it, every argument passed as ``Ask`` in PerfEvalBridge does; a failed call is its status."""
    given = variant(Array([function, *values]))
    try:
        return value_of(server.call("CallUDF", variant(BRIDGE), variant("pe_call"), by_reference(given)))
    except CallFailed as failure:
        return hex(failure.status)


def greet(server: Object, embedded: str) -> str:
    """What the bridge says to an xlwings module of this version."""
    return value_of(server.call("CallUDF", variant(BRIDGE), variant("greeting"), variant(Array([embedded]))))
