"""The Python that VBA starts and calls: xlwings' start command, and the one call that PerfEval's bridge makes."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from support.windows.vbacom import Array, CallFailed, Library, Object, by_reference, value_of, variant

PYTHONW = Path(sys.executable).with_name("pythonw.exe")
BRIDGE = "perfeval.excel.bridge"

# The lines of xlwings' XLPyCommand that ``start_command`` follows; a test holds them to the module in the workbook.
FOLLOWED = (
    'PYTHON_WIN = "cmd.exe " & ConsoleSwitch & " /K " & Chr(34) & Chr(34) & PYTHON_WIN & Chr(34)',
    r"""tail = " -B -c ""import sys, os;" & LicenseKeyEnvString & "import xlwings.utils;xlwings.utils.prepare_sys_path"""
    r'''(\""" & PYTHONPATH & "\"");import xlwings; xlwings.serve('$(CLSID)')"""''',
    "XLPyCommand = PYTHON_WIN & tail & Chr(34)",
)


def library() -> Library:
    """xlwings' DLL where its VBA looks: beside the interpreter, or one folder above it."""
    name = f"xlwings64-{metadata.version('xlwings')}.dll"
    return Library(next(path for path in (PYTHONW.with_name(name), PYTHONW.parents[1] / name) if path.is_file()))


def start_command(workbook: str, interpreter: Path = PYTHONW, before: str = "") -> str:
    """What xlwings' VBA has the DLL run for a workbook; ``before`` is Python that runs first."""
    places = f"False;{workbook};{workbook};;;;".replace("\\", "\\\\").replace("'", "\\'").replace("&", "^&")
    return (
        f'cmd.exe  /K ""{interpreter}" -B -c "import sys, os;{before}import xlwings.utils;'
        f'xlwings.utils.prepare_sys_path(\\"{places}\\");import xlwings; xlwings.serve(\'$(CLSID)\')""'
    )


def direct_command(interpreter: Path = PYTHONW, before: str = "") -> str:
    """The same without a shell around it, so that the DLL sees the interpreter itself end."""
    return f'"{interpreter}" -B -c "{before}import xlwings; xlwings.serve(\'$(CLSID)\')"'


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
