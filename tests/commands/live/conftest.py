"""A running Calc whose buttons are pressed: what the tests of the live commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support import calc as driver
from support.calc import Calc
from support.growing import cell


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    with Calc(driver.prepare(tmp_path_factory.mktemp("profile"))) as running:
        yield running


@pytest.fixture
def press(calc: Calc, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Presses a button on a document, with the cursor in a cell; gives what it says."""
    from perfeval.commands import in_calc  # noqa: PLC0415 — needs uno
    from perfeval.libreoffice import engine  # noqa: PLC0415 — needs uno

    def pressed(document: Any, name: str, at: str = "") -> str:
        said: list[str] = []
        monkeypatch.setattr(engine, "show", lambda _c, _d, _t, prompt, **_: said.append(prompt))
        if at:
            document.CurrentController.select(cell(document, at))
        in_calc.press(calc.context, document, name)
        return "".join(said)

    return pressed
