"""Fills a Word template: fields in double braces become sentences, tables and charts; what is not known is marked.

A template is any .docx: its own paragraphs, tables, headers and footers stay as they are. ``{{字段}}`` may stand
anywhere in a text; ``{{表：…}}`` and ``{{图：…}}`` stand alone in a paragraph; what stands between the paragraphs
``{{逐个项目}}`` and ``{{项目完}}`` is repeated for every project. Fields are only names: nothing in a template is executed.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.text.run import Run

from perfeval.errors import FormProblem
from perfeval.reports import wordparts
from perfeval.reports.chart import CHARTS
from perfeval.reports.facts import Facts, ProjectFacts
from perfeval.reports.sentences import FIELDS, PROJECT_FIELDS
from perfeval.reports.tables import PROJECT_TABLES, TABLES
from perfeval.reports.wording import blank

EACH, END = "{{逐个项目}}", "{{项目完}}"
_FIELD = re.compile(r"\{\{([^{}]*)\}\}")
_ALONE = re.compile(r"\s*\{\{\s*(表|图)[：:]\s*([^{}]*?)\s*\}\}\s*")
_BLANK = re.compile(r"【此处由单位填写[^】]*】")
_RUNS = "./w:r | ./w:hyperlink/w:r | ./w:ins/w:r | ./w:sdt/w:sdtContent/w:r"


def fill(document: WordDocument, facts: Facts) -> list[str]:
    """Fill a template in place; gives the blanks that people have to fill. Raises FormProblem for an unknown field.

    What comes from the workbook is never read as a template: the blocks are found, and the paragraphs around them
    listed, before anything is filled.
    """
    filling = _Filling(document, facts)
    blocks = list(_blocks(document.element.body))
    repeated = {paragraph for block in blocks for one in block for paragraph in _paragraphs(one)}
    around = [one for root in _roots(document) for one in _paragraphs(root) if one not in repeated]
    for paragraph in around:
        filling.fill(paragraph, None)
    for block in blocks:
        filling.repeat(block)
    return [mark for root in _roots(document) for paragraph in _paragraphs(root) for mark in _mark(paragraph)]


def _roots(document: WordDocument) -> Iterator[Any]:
    """The document, and its headers and footers."""
    yield document.element.body
    for part in document.part.package.iter_parts():  # type: ignore[union-attr]
        root = getattr(part, "element", None)
        if root is not None and root.tag in (qn("w:hdr"), qn("w:ftr")):
            yield root


def _blocks(body: Any) -> Iterator[list[Any]]:
    """What is repeated for every project: the elements from the opening to the closing paragraph, these included."""
    block: list[Any] = []
    for child in body:
        text = _text(child).strip() if child.tag == qn("w:p") else ""
        if text in (EACH, END) and (text == EACH) == bool(block):
            raise FormProblem(f"模板里的“{EACH}”和“{END}”没有一一配对，请检查模板")
        if text == EACH or block:
            block.append(child)
        if text == END:
            yield block
            block = []
    if block:
        raise FormProblem(f"模板里的“{EACH}”后面没有“{END}”，请补上")


class _Filling:
    def __init__(self, document: WordDocument, facts: Facts) -> None:
        self._document = document
        self._facts = facts
        self._charts = 0

    def repeat(self, block: list[Any]) -> None:
        """Write out a block once for every project, filled."""
        _, *inside, last = block
        for one in self._facts.projects:
            new = [copy.deepcopy(original) for original in inside]
            for element in new:
                last.addprevious(element)
            for paragraph in [paragraph for element in new for paragraph in _paragraphs(element)]:
                self.fill(paragraph, one)
        for element in block:
            element.getparent().remove(element)

    def fill(self, paragraph: Any, one: ProjectFacts | None) -> None:
        """Fill one paragraph in place; several take its place where a field tells several."""
        text = _text(paragraph)
        if "{{" not in text:
            return
        if alone := _ALONE.fullmatch(text):
            self._place(paragraph, alone[1], alone[2], one)
            return
        fields = [(found.span(), self._told(found[1], one)) for found in _FIELD.finditer(text)]
        if text == "".join(text[slice(*span)] for span, _ in fields) and not any("".join(told) for _, told in fields):
            paragraph.getparent().remove(paragraph)
            return
        if len(fields) == 1 and fields[0][0] == (0, len(text)):
            for line in fields[0][1][:-1]:
                new = copy.deepcopy(paragraph)
                paragraph.addprevious(new)
                _replace(new, 0, len(text), line)
            fields = [(fields[0][0], fields[0][1][-1:])]
        for (start, end), told in reversed(fields):
            _replace(paragraph, start, end, "".join(told))

    def _told(self, name: str, one: ProjectFacts | None) -> list[str]:
        name = name.strip()
        field = (PROJECT_FIELDS.get(name) if one else None) or FIELDS.get(name)
        if field is None:
            raise FormProblem(_unknown(name))
        return field.tell(self._facts, one) or [blank(field.ask)]

    def _place(self, paragraph: Any, kind: str, name: str, one: ProjectFacts | None) -> None:
        """Put a table or a chart where a paragraph stands. A chart that there are no figures for is left out."""
        if kind == "表" and name in TABLES and (one or name not in PROJECT_TABLES):
            content = TABLES[name](self._facts, one)
            if content is None:
                _replace(paragraph, 0, len(_text(paragraph)), blank(name))
                return
            if content.rows:
                paragraph.addprevious(wordparts.table(content, wordparts.width_of(self._document)))
                paragraph.addprevious(wordparts.gap())
        elif kind == "图" and name in CHARTS:
            drawn = CHARTS[name](self._facts, one)
            if drawn is not None:
                self._charts += 1
                paragraph.addprevious(wordparts.chart(drawn, self._document, self._charts))
                paragraph.addprevious(wordparts.gap())
        else:
            raise FormProblem(_unknown(f"{kind}：{name}"))
        paragraph.getparent().remove(paragraph)


def _unknown(name: str) -> str:
    if name in PROJECT_FIELDS or name.removeprefix("表：") in PROJECT_TABLES:
        return f"模板里的“{{{{{name}}}}}”是一个项目的内容，请把它放在“{EACH}”和“{END}”之间"
    known = [*FIELDS, *PROJECT_FIELDS, *(f"表：{table}" for table in TABLES), *(f"图：{chart}" for chart in CHARTS)]
    return f"模板里的“{{{{{name}}}}}”不认识，可用：{'、'.join(known)}"


# --- runs ---


def _paragraphs(root: Any) -> Iterator[Any]:
    yield from root.iter(qn("w:p"))


def _runs(paragraph: Any) -> list[Any]:
    return paragraph.xpath(_RUNS)


def _run_text(run: Any) -> str:
    return "".join(text.text or "" for text in run.findall(qn("w:t")))


def _text(paragraph: Any) -> str:
    return "".join(map(_run_text, _runs(paragraph)))


def _isolated(paragraph: Any, start: int, end: int) -> list[Any]:
    """The runs that hold exactly these characters: runs that reach over an end are split there, their look is kept."""
    at, found = 0, []
    for run in _runs(paragraph):
        text = _run_text(run)
        first, last = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if first >= last:
            continue
        for piece in (text[:first], text[last:]):
            if piece:
                other = copy.deepcopy(run)
                _set_text(other, piece)
                (run.addprevious if piece == text[:first] and first else run.addnext)(other)
        if (first, last) != (0, len(text)):
            _set_text(run, text[first:last])
        found.append(run)
    return found


def _set_text(run: Any, text: str) -> None:
    Run(run, None).text = wordparts.clean(text)  # type: ignore[arg-type]  (its parent is asked for styles only)


def _replace(paragraph: Any, start: int, end: int, text: str) -> None:
    first, *others = _isolated(paragraph, start, end)
    _set_text(first, text)
    for run in others:
        run.getparent().remove(run)


def _mark(paragraph: Any) -> Iterator[str]:
    """Highlight the blanks of a paragraph, and tell them."""
    text = _text(paragraph)
    for found in reversed(list(_BLANK.finditer(text))):
        for run in _isolated(paragraph, *found.span()):
            Run(run, None).font.highlight_color = WD_COLOR_INDEX.YELLOW  # type: ignore[arg-type]
        yield found[0]
