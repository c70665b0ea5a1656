"""The classes that LibreOffice makes: the worksheet functions, and the commands of menu and toolbar. Runs inside it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import uno  # pyright: ignore[reportMissingImports]
import unohelper  # pyright: ignore[reportMissingImports]
from com.sun.star.lang import Locale, XLocalizable, XServiceInfo  # pyright: ignore[reportMissingImports]
from com.sun.star.task import XJob, XJobExecutor  # pyright: ignore[reportMissingImports]

from perfeval.errors import VALUE, PerfEvalError
from perfeval.functions import FUNCTIONS
from perfeval.libreoffice.dialog import show
from perfeval.libreoffice.names import (
    COMMANDS_SERVICE,
    FUNCTIONS_SERVICE,
    INTERFACE,
    INTERPRETER_SERVICE,
    method_name,
)
from perfeval.libreoffice.rows import Rows
from perfeval.libreoffice.values import incoming, outgoing

if TYPE_CHECKING:
    from perfeval.functions.registry import WorksheetFunction

_CALC = "com.sun.star.sheet.SpreadsheetDocument"

logger = logging.getLogger(__name__)


def _method(function: WorksheetFunction) -> Callable[..., Any]:
    """The function as a method of the interface; every failure is the error value of its kind."""

    def method(_self: Any, *values: Any) -> Any:
        if function.variadic:  # the last argument holds the rest
            values = (*values[:-1], *values[-1])
        try:
            result = function.call(*map(incoming, values))
        except PerfEvalError as error:
            result = error.cell_error
        except Exception:
            logger.exception("%s failed", function.name)
            result = VALUE
        given = outgoing(result)
        return Rows(given) if given.__class__ is tuple else given

    return method


class _Service(unohelper.Base, XServiceInfo):
    """What every class here tells of itself."""

    name = ""
    services: tuple[str, ...] = ()

    def __init__(self, context: Any, *_: Any) -> None:
        self.context = context

    def getImplementationName(self) -> str:  # noqa: N802
        return self.name

    def supportsService(self, name: str) -> bool:  # noqa: N802
        return name in self.services

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        return self.services


class _Localised(XLocalizable):
    """Calc tells an add-in its language; the functions' words are Chinese in every one."""

    locale = Locale("zh", "CN", "")

    def setLocale(self, locale: Any) -> None:  # noqa: N802
        self.locale = locale

    def getLocale(self) -> Any:  # noqa: N802
        return self.locale


Functions = type(
    "Functions",
    (_Service, _Localised, uno.getClass(INTERFACE)),
    {
        "__doc__": "The worksheet functions, one method each.",
        "name": FUNCTIONS_SERVICE,
        "services": ("com.sun.star.sheet.AddIn", FUNCTIONS_SERVICE),
        **{method_name(name): _method(function) for name, function in FUNCTIONS.items()},
    },
)


class Commands(_Service, XJobExecutor):
    """The commands of menu and toolbar, on the workbook in front."""

    name = COMMANDS_SERVICE
    services = (COMMANDS_SERVICE,)
    press: Callable[[Any, Any, str], None]  # (context, document, name), from whoever loads this module

    def trigger(self, command: str) -> None:
        """Run a command by its name; called for ``service:org.perfeval.Command?fill``."""
        desktop = self.context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)
        document = desktop.getCurrentComponent()
        if document is None or not document.supportsService(_CALC):
            show(self.context, document, "绩效评价", "请先点一下要处理的工作簿，再按这个按钮", trouble=True)
            return
        try:
            self.press(self.context, document, command)
        except Exception as error:
            logger.exception("%s failed", command)
            show(self.context, document, "绩效评价", f"没有完成，请把这句话告诉维护者：{error!r}", trouble=True)


class Interpreter(_Service, XJob):
    """Which Python runs here."""

    name = INTERPRETER_SERVICE
    services = (INTERPRETER_SERVICE,)

    def execute(self, _arguments: Any) -> str:
        """Its version, as Python itself tells it."""
        return sys.version


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 — the name LibreOffice looks for
for _class in (Functions, Commands, Interpreter):
    g_ImplementationHelper.addImplementation(_class, _class.name, _class.services)  # type: ignore[attr-defined]
