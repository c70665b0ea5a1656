"""The worksheet functions as LibreOffice wants them declared: an interface, and their names and help for the wizard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from perfeval.libreoffice.names import FUNCTIONS_SERVICE, INTERFACE, method_name, parameter_name

if TYPE_CHECKING:
    from perfeval.functions.kinds import Argument
    from perfeval.functions.registry import WorksheetFunction

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'oor:name="{name}" oor:package="org.openoffice.{package}">\n{nodes}</oor:component-data>\n'
)


def component_data(package: str, name: str, nodes: str) -> str:
    """A configuration file of LibreOffice around its nodes."""
    return _HEAD.format(package=package, name=name, nodes=nodes)


def node(name: str, *inner: str) -> str:
    """A configuration node that replaces an older one of its name."""
    return f'<node oor:name="{escape(name)}" oor:op="replace">\n{"".join(inner)}</node>\n'


def inside(name: str, inner: str) -> str:
    """A node that LibreOffice has already, around ours."""
    return f'<node oor:name="{name}">\n{inner}</node>\n'


def prop(name: str, text: str) -> str:
    """A property that is the same in every language."""
    return f'<prop oor:name="{name}"><value>{escape(text)}</value></prop>\n'


def localised(name: str, chinese: str, english: str) -> str:
    """A property in zh-CN and en-US; other languages fall back to en-US."""
    return (
        f'<prop oor:name="{name}"><value xml:lang="zh-CN">{escape(chinese)}</value>'
        f'<value xml:lang="en-US">{escape(english)}</value></prop>\n'
    )


def interface(functions: Iterable[WorksheetFunction]) -> str:
    """The UNO interface, as IDL text. Every function takes anything and gives anything: a value, or rows for ranges."""
    module = " ".join(f"module {part} {{" for part in INTERFACE.split(".")[:-1])
    methods = "".join(f"    {_method(function)}\n" for function in functions)
    return (
        f"{module}\ninterface {INTERFACE.split('.')[-1]} : ::com::sun::star::uno::XInterface\n{{\n{methods}}};\n"
        f"{' '.join(['};'] * INTERFACE.count('.'))}\n"
    )


def _method(function: WorksheetFunction) -> str:
    taken = ", ".join(
        f"[in] {'sequence< any >' if argument.variadic else 'any'} {parameter_name(argument.name)}"
        for argument in function.arguments
    )
    return f"any {method_name(function.name)}({taken});"


def wizard(functions: Iterable[WorksheetFunction], english: Mapping[str, str]) -> str:
    """CalcAddIns.xcu: what the function wizard shows; ``english`` has a sentence for each function.

    CompatibilityName is what binds ``=PE_…`` of an .xlsx, and what is written back.
    """
    nodes = "".join(_function(function, english[function.name]) for function in functions)
    addin = node(FUNCTIONS_SERVICE, inside("AddInFunctions", nodes))
    return component_data("Office", "CalcAddIns", inside("AddInInfo", addin))


def _function(function: WorksheetFunction, english: str) -> str:
    return node(
        method_name(function.name),
        localised("DisplayName", function.name, function.name),
        localised("Description", f"{function.title}：{function.description}", english),
        prop("Category", "Add-In"),
        localised("CompatibilityName", function.name, function.name),
        inside("Parameters", "".join(map(_parameter, function.arguments))),
    )


def _parameter(argument: Argument) -> str:
    words = argument.name.replace("_", " ")
    unit = f"（{argument.kind.unit}）" if argument.kind.unit and argument.kind.unit not in argument.help else ""
    return node(
        parameter_name(argument.name),
        localised("DisplayName", argument.label, words),
        localised("Description", argument.help + unit, f"{words} ({argument.label})"),
    )
