"""One source, two projects: the macros that a workbook brings, and the add-in's, in which whatever can be called has a name of its own.

Of two open files with a callback of one name Excel may run the wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

OWN = Path(__file__).parent / "addin"  # what only the add-in has
RIBBON = "customUI14.xml"
_PREFIX = "PerfEvalAddin_"
_CALLBACKS = re.compile(r"\bPerfEval_(\w+)")
_OPENING = '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"'
_TAB = '<tab id="perfeval"'


def addin(sources: Mapping[str, str]) -> dict[str, str]:
    """The add-in's texts by name, of those of a workbook; modules in the order of the project."""
    texts: dict[str, str] = {}
    for name, text in sources.items():
        module, _, kind = name.partition(".")
        if kind in ("bas", "cls"):
            texts[f"{_renamed(module)}.{kind}"] = _of_addin(module, text)
    texts |= {path.name: path.read_text("ascii") for path in sorted(OWN.iterdir())}
    return texts | {RIBBON: _ribbon(sources[RIBBON])}


def _renamed(module: str) -> str:
    return _PREFIX + module.removeprefix("PerfEval")


def _of_addin(module: str, text: str) -> str:
    named = text.replace(f'Attribute VB_Name = "{module}"', f'Attribute VB_Name = "{_renamed(module)}"', 1)
    typed = re.sub(r"\b(As|New) Dictionary\b", rf"\1 {_renamed('Dictionary')}", named)
    return _CALLBACKS.sub(rf"{_PREFIX}\1", typed)


def _ribbon(text: str) -> str:
    """The same tab, which can be out of sight."""
    hooked = text.replace(_OPENING, f'{_OPENING} onLoad="{_PREFIX}Loaded"', 1)
    hiding = hooked.replace(_TAB, f'{_TAB} getVisible="{_PREFIX}IsShown"', 1)
    assert hiding.count(_PREFIX) == 2, "the ribbon is not as this module knows it"
    return _CALLBACKS.sub(rf"{_PREFIX}\1", hiding).replace('id="perfeval', 'id="perfevalAddin')
