"""What reading one file may cost: counted, never timed, so that a file is read or refused alike on every desk.

Every limit stands here, with its reason. Beyond one of them a file is refused by name (``refusal``), or the rest of it is
left out and named: a ``Leftover`` goes to the findings, to ``--read`` and to the HTML, and nothing is cut in silence. The
largest honest files that were seen need a tenth of any of them.
"""

from __future__ import annotations

from typing import NamedTuple

_MEGABYTE = 1 << 20


class Limit(NamedTuple):
    """How many of something one file may have; ``what`` and ``unit`` name it to a person."""

    most: int
    what: str
    unit: str = "个"

    @property
    def in_words(self) -> str:
        """``合并单元格超过 100,000 个``."""
        return f"{self.what}超过 {self.most:,} {self.unit}"

    @property
    def refusal(self) -> str:
        """Why a file that goes beyond it is not read, and what to do."""
        return f"文件内容异常庞大（{self.in_words}），不像一份自评表，没有读取；请删去多余的内容后另存"


class Leftover(NamedTuple):
    """A part that was not looked at: the sheet or document and the place in it where that part begins ("" for all of it), and why."""

    sheet: str
    place: str
    limit: Limit
    what: str  # that was left out: 这张表, 第 812 段起的文字


# --- the file and its packed parts ---

# A workbook of 300 projects has 3 MB; one with photographs a hundred.
FILE_SIZE = Limit(200 * _MEGABYTE, "大小", "字节")
# A sheet, its links and its drawing are three members.
MEMBERS = Limit(10_000, "压缩包里的部件")
UNPACKED = Limit(1024 * _MEGABYTE, "解压后的大小", "字节")
# A million cells are some 60 MB of a sheet's XML.
PART_SIZE = Limit(128 * _MEGABYTE, "一个部件解压后的大小", "字节")
# Real sheets pack ten to fifty times; a small part may pack better, and costs little.
PACKED_TIMES = Limit(120, "压缩的倍数", "倍")
SMALL_PART = 8 * _MEGABYTE
XML_TAGS = Limit(12_000_000, "XML 标签")
# Excel writes no more than twenty attributes.
TAG_LENGTH = Limit(100_000, "一个 XML 标签的属性", "个字符")

# --- a sheet ---

CELLS = Limit(1_500_000, "一张工作表的单元格")
MERGES = Limit(100_000, "一张工作表的合并区域")
# As many as a sheet has columns.
COLUMN_RECORDS = Limit(16_384, "一张工作表的列宽记录")
# Characters of all formulas that are written out from shared ones: a hundred thousand ordinary ones.
SHARED_FORMULAS = Limit(5_000_000, "展开后的共享公式", "个字符")
FORMULA_LENGTH = Limit(8_192, "一个公式的长度", "个字符")  # Excel's own
FORMULA_DEPTH = Limit(80, "公式的嵌套", "层")  # functions, parentheses and signs; Excel takes 64 of functions alone
CALCULATION = Limit(15_000_000, "重算的步数", "步")  # cells read and operations done after an edit: some ten seconds
KEPT_RANGES = 1_000_000  # cells of ranges that a recalculation keeps to read them again

KEPT_BESIDE = 20_000_000  # characters that 测算列 keep for being taken out; 300 forms need a tenth

# --- a text ---

TEXT_SIZE = Limit(20 * _MEGABYTE, "文本的大小", "字节")
PARAGRAPHS = Limit(100_000, "段落")
TABLE_CELLS = Limit(200_000, "一张表的单元格")
# As many as a sheet has.
TABLE_COLUMNS = Limit(16_384, "一张表的列")
SPANS_IN_A_TABLE = Limit(10 * TABLE_CELLS.most, "一张表的行数乘列数")

# --- what is looked for in what was read ---

# Cells with something in them in which forms and tables are looked for: 300 projects fill 45,000, and 100,000 take some
# five seconds. Sheets count in tab order; one that does not fit is left out whole.
SEARCHED_CELLS = Limit(100_000, "有内容的单元格")
# Characters of a report's paragraphs that are read sentence by sentence: a report of a hundred pages has 60,000.
REPORT_LENGTH = Limit(1_000_000, "报告的正文", "个字符")
# Paragraphs that a page's end has torn are put together again, up to some ten pages.
PASSAGE_LENGTH = 20_000
# A sentence is read as a whole, every figure in it beside those before it.
SENTENCE_LENGTH = Limit(3_000, "一句话", "个字符")
# Pairs of figures that rates, sums and items of a report are held against.
COMPARISONS = Limit(300_000, "报告里要相互核对的数", "对")


class Purse:
    """What is left of a limit while one file is read."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.left = limit.most

    def take(self, wanted: int) -> bool:
        """Whether so much is left, which is then spent; what is refused spends nothing."""
        if wanted > self.left:
            return False
        self.left -= wanted
        return True
