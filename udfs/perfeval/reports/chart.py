"""A chart of scores as a native chart of Word: horizontal bars, its data beside it in a small workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from xlsxwriter import Workbook

from perfeval import formulatext
from perfeval.arithmetic import Scaled
from perfeval.reports.facts import Facts, ProjectFacts

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COLOURS = ("5B84B1", "D9A05B")
_SHEET = "Sheet1"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: ``series`` are named rows of figures, one for each of ``labels``. ``highest`` ends the axis."""

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[Scaled, ...]], ...]
    highest: int | None = None


def project_totals(facts: Facts, _: ProjectFacts | None) -> Chart | None:
    """各项目总分; none for fewer than two projects, or where a total is unknown."""
    totals = [one.total for one in facts.projects if one.total is not None]
    if len(totals) < 2 or len(totals) < len(facts.projects):
        return None
    return Chart("各项目自评总分", tuple(one.name for one in facts.projects), (("总分", tuple(totals)),), 100)


def whole_scores(facts: Facts, _: ProjectFacts | None) -> Chart | None:
    """整体得分: the whole body's 得分 beside its 分值 for each 一级指标; none where one is unknown."""
    levels = facts.whole.levels if facts.whole else []
    if not levels:
        return None
    labels, weights, given = zip(*levels, strict=True)
    return Chart("部门整体支出绩效得分", labels, (("分值", weights), ("得分", given)))


CHARTS = {"各项目总分": project_totals, "整体得分": whole_scores}


def data(chart: Chart) -> bytes:
    """The workbook that the chart's figures can be edited in, the same bytes for the same chart."""
    out = io.BytesIO()
    workbook = Workbook(out, {"in_memory": True})
    workbook.set_properties({"created": datetime(2026, 1, 1)})
    sheet = workbook.add_worksheet(_SHEET)
    for row, label in enumerate(chart.labels, start=1):
        sheet.write_string(row, 0, label)
    for column, (name, figures) in enumerate(chart.series, start=1):
        sheet.write_string(0, column, name)
        sheet.write_column(1, column, [float(figure) for figure in figures])
    workbook.close()
    return out.getvalue()


def xml(chart: Chart, data_link: str) -> bytes:
    """The chart part; ``data_link`` is its relationship to the workbook. Whatever programs default differently is said."""
    series = "".join(_series(chart, place) for place in range(len(chart.series)))
    legend = (
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_font(900)}</c:legend>' if len(chart.series) > 1 else ""
    )
    highest = f'<c:max val="{chart.highest}"/>' if chart.highest else ""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_DRAWING}" xmlns:r="{_LINKS}"><c:roundedCorners val="0"/><c:chart>'
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1200" b="1"/></a:pPr><a:r><a:rPr lang="zh-CN" '
        f'sz="1200" b="1"/><a:t>{escape(chart.title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/>'
        f'<c:varyColors val="0"/>{series}<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_font(900)}<c:crossAx val="2"/>'
        '<c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
        f'<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/>{highest}<c:min val="0"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines><c:spPr><a:ln><a:solidFill><a:srgbClr val="E5E5E5"/>'
        '</a:solidFill></a:ln></c:spPr></c:majorGridlines><c:numFmt formatCode="General" sourceLinked="0"/>'
        f'<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_font(900)}'
        '<c:crossAx val="1"/><c:crosses val="max"/><c:crossBetween val="between"/></c:valAx></c:plotArea>'
        f'{legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:externalData r:id="{data_link}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    ).encode()


def _series(chart: Chart, place: int) -> str:
    name, figures = chart.series[place]
    column, last = "BCD"[place], len(chart.labels) + 1
    title, labels, values = (
        formulatext.at(_SHEET, cells) for cells in (f"${column}$1", f"$A$2:$A${last}", f"${column}$2:${column}${last}")
    )
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:strRef><c:f>{title}</c:f>'
        f"<c:strCache>{_cached([name])}</c:strCache></c:strRef></c:tx><c:spPr><a:solidFill><a:srgbClr "
        f'val="{_COLOURS[place]}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/><c:dLbls>'
        f'<c:numFmt formatCode="General" sourceLinked="0"/><c:spPr><a:noFill/></c:spPr>{_font(800)}<c:showLegendKey val="0"/>'
        '<c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        f'<c:showBubbleSize val="0"/></c:dLbls><c:cat><c:strRef><c:f>{labels}</c:f><c:strCache>'
        f"{_cached(chart.labels)}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>{values}"
        f"</c:f><c:numCache><c:formatCode>General</c:formatCode>{_cached([str(figure) for figure in figures])}</c:numCache>"
        "</c:numRef></c:val></c:ser>"
    )


def _cached(texts: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{place}"><c:v>{escape(text)}</c:v></c:pt>' for place, text in enumerate(texts))
    return f'<c:ptCount val="{len(texts)}"/>{points}'


def _font(size: int) -> str:
    return f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{size}"/></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
