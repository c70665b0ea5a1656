"""The VBA wrappers of the worksheet functions, one for each function of the registry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from perfeval.excel.names import vba_name

if TYPE_CHECKING:
    from perfeval.functions.kinds import Argument
    from perfeval.functions.registry import WorksheetFunction

# The name that xlwings itself gives to imported functions: importing them replaces this module, so none is doubled.
MODULE = "xlwings_udfs"


def wrappers(functions: Iterable[WorksheetFunction]) -> str:
    """The source of the wrappers' module: VBA text in ASCII."""
    head = f'Attribute VB_Name = "{MODULE}"\n\' Made from the registry of worksheet functions. Do not edit.\nOption Explicit\n'
    return head + "".join(map(_wrapper, functions))


def _wrapper(function: WorksheetFunction) -> str:
    plain = [vba_name(a.name) for a in function.arguments if not a.variadic]
    variadic = [vba_name(a.name) for a in function.arguments if a.variadic]
    given = f'"{function.name}", Array({", ".join(plain)})'
    declared = ", ".join(map(_declared, function.arguments))
    lines = [f"Public Function {function.name}({declared}) As Variant"]
    if variadic:  # a ParamArray cannot be handed on, its copy can
        lines += ["    Dim rest As Variant", f"    rest = {variadic[0]}"]
        given += ", rest"
    lines += [f"    {function.name} = PE_Bridge({given})", "End Function"]
    return "".join(f"{line}\n" for line in ["", *lines])


def _declared(argument: Argument) -> str:
    if argument.variadic:
        return f"ParamArray {vba_name(argument.name)}() As Variant"
    return f"{'Optional ' if argument.optional else ''}{vba_name(argument.name)} As Variant"
