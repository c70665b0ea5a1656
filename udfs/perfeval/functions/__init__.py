"""The PE_* worksheet functions, in one registry from which every host's binding and the documentation are made."""

from perfeval.functions import execution, indicators, standards, totals, written_rules
from perfeval.functions.kinds import Argument
from perfeval.functions.registry import FUNCTIONS, WorksheetFunction, named

__all__ = [
    "FUNCTIONS", "Argument", "WorksheetFunction", "execution", "indicators", "named", "standards", "totals", "written_rules",
]  # fmt: skip
