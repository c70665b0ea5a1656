"""A list to choose from at cells of a sheet's part (data validation)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from perfeval.books.xmltext import XmlText, escaped
from perfeval.forms.grid import Area

# What stands behind the validations in a sheet's part, in the order of the format.
_BEHIND = (
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_COUNT = re.compile(r"""\scount\s*=\s*(?:"[^"]*"|'[^']*')""")


def with_dropdown(
    xml: XmlText, areas: Sequence[Area], choices: Sequence[str], title: str, told: str
) -> tuple[int, int, str]:
    """The splice that lets ``choices`` be chosen in the areas; anything else that is typed is refused, and ``told`` why."""
    p = xml.prefix
    cells = " ".join(map(str, areas))
    listed = escaped(f'"{",".join(choices)}"')
    rule = (
        f'<{p}dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="{escaped(title)}" '
        f'error="{escaped(told)}" sqref="{cells}"><{p}formula1>{listed}</{p}formula1></{p}dataValidation>'
    )
    present = xml.first("dataValidations")
    if present is not None:
        rules = list(xml.each("dataValidation", present.inner, present.close))
        tag = _COUNT.sub("", xml.original(present.start, present.inner)).replace(
            "dataValidations", f'dataValidations count="{len(rules) + 1}"', 1
        )
        return present.start, present.close, f"{tag}{xml.original(present.inner, present.close)}{rule}"
    ends = [element.start for name in _BEHIND if (element := xml.first(name)) is not None]
    place = min(ends, default=xml.scan.rindex("</"))
    return place, place, f'<{p}dataValidations count="1">{rule}</{p}dataValidations>'
