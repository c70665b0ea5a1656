"""The engine over UNO answers as xlwings' own engine for Excel does: what commands may use of it is Excel's too."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from support import calc as driver
from support import winstub

pytestmark = pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())

KINDS = ("App", "Book", "Sheets", "Sheet", "Names", "Name", "Range")
OURS = {"corner", "cells", "sheet", "document"}  # what the engine's own parts ask of one another


@pytest.fixture(scope="module", params=KINDS)
def both(request: pytest.FixtureRequest) -> tuple[type, type]:
    winstub.install()
    driver._uno()
    from xlwings import _xlwindows as excel  # noqa: PLC0415 — needs the Windows half

    from perfeval.libreoffice import engine  # noqa: PLC0415 — needs uno

    return getattr(engine, request.param), getattr(excel, request.param)


def public(kind: type) -> dict[str, Any]:
    return {name: member for name, member in vars(kind).items() if not name.startswith("_")}


def test_everything_in_the_engine_is_in_excels(both: tuple[type, type]) -> None:
    here, excel = both
    assert {name for name in public(here) if not hasattr(excel, name)} <= OURS


def test_what_can_be_set_in_calc_can_be_set_in_excel(both: tuple[type, type]) -> None:
    here, excel = both
    settable = {name for name, member in public(here).items() if isinstance(member, property) and member.fset}
    for name in settable:
        assert getattr(excel, name).fset is not None, name


def test_methods_take_as_much_as_excels_take(both: tuple[type, type]) -> None:
    here, excel = both
    for name, method in public(here).items():
        if inspect.isfunction(method) and name not in OURS:
            ours, theirs = (inspect.signature(found).parameters for found in (method, getattr(excel, name)))
            assert len(ours) == len(theirs), name
