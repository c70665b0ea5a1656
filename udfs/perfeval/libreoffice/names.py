"""What things are called on both sides: in the extension's declarations and in the Python that answers them."""

from __future__ import annotations

from collections.abc import Mapping

IDENTIFIER = "org.perfeval.calc"  # of the extension
FUNCTIONS_SERVICE = "org.perfeval.CalcAddIn"
COMMANDS_SERVICE = "org.perfeval.Command"
INTERPRETER_SERVICE = "org.perfeval.Interpreter"
INTERFACE = "org.perfeval.XPerfEval"
MINIMUM_VERSION = "25.2"
MINIMUM_PYTHON = (3, 11)  # LibreOffice's own builds bring it from 25.8 on


def method_name(function: str) -> str:
    """A worksheet function's name as a method: PE_EXEC_SCORE → peExecScore."""
    first, *rest = function.lower().split("_")
    return first + "".join(map(str.capitalize, rest))


def parameter_name(argument: str) -> str:
    """An argument's name in the interface, clear of the language's own words: budget → argBudget."""
    return "arg" + "".join(map(str.capitalize, argument.split("_")))


def command_url(command: str) -> str:
    """What a menu entry or a toolbar button dispatches."""
    return f"service:{COMMANDS_SERVICE}?{command}"


def methods(functions: Mapping[str, object]) -> dict[str, str]:
    """Method → worksheet function."""
    return {method_name(name): name for name in functions}
