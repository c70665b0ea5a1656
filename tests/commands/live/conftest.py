"""A running Calc whose buttons are pressed: what the tests of the live commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
def press(calc: Calc) -> Callable[..., str]:
    """Presses a button on a document, with the cursor in a cell, and answers what it asks; gives what it says."""

    def pressed(document: Any, name: str, at: str = "", answers: Sequence[str] = ()) -> str:
        if at:
            document.CurrentController.select(cell(document, at))
        return calc.press(document, name, answers)

    return pressed
