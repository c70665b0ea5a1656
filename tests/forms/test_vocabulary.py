"""Every word of the vocabulary in every place where it may stand: what is added to the data file is read from then on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from perfeval.forms import labels
from perfeval.forms.amount_tables import read_tables
from perfeval.forms.model import BODY, SCORING, TRANSFER, Form
from perfeval.forms.reader import read_sheet
from support.forms_in_memory import grid

WORDS = tomllib.loads(Path(labels.__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
SPELLINGS = {"{}": "as it is", " {} ": "blanks", "{}（必填）": "note", "{}：": "colon", "{}（A）": "letter"}

HEAD = {"name": "项目名称", "department": "主管部门", "implementer": "实施单位", "amount": "项目金额"}
GOALS = {"goal": "预期目标", "outcome": "实际完成情况"}
FUNDS = {
    "initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数", "weight": "分值", "rate": "执行率", "score": "得分",
}  # fmt: skip
COLUMNS = {
    "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "target": "年度指标值", "actual": "实际完成值",
    "weight": "分值", "score": "得分", "reason": "偏差原因分析及改进措施", "rule": "评分标准", "source": "目标值来源",
    "coefficient": "得分系数", "review": "复核分", "last_year": "上年完成值",
}  # fmt: skip
VALUES = {
    "name": "水质监测", "department": "某局", "implementer": "某站", "amount": "120", "goal": "测全部断面", "outcome": "已测",
    "initial": "100", "budget": "110", "executed": "99", "rate": "'90%", "level1": "产出指标", "level2": "数量指标", "level3": "断面数",
    "target": "40个", "actual": "36个", "weight": "90", "score": "81", "reason": "仪器故障", "rule": "按比例", "source": "计划",
    "coefficient": "0.9", "review": "80", "last_year": "35个",
}  # fmt: skip


def each(section: str, concepts: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(concept, word) for concept in concepts for word in WORDS[section].get(concept, "").split()]


def printed(
    changes: Mapping[str, str] | None = None,
    *,
    total: str = "总分",
    source: str = "年度资金总额",
    unit: str = "（万元）",
    **more: str,
) -> str:
    """A form with these labels printed otherwise: by place (``head.name``, ``funds.rate``, ``columns.target``)."""
    said = {
        **{f"head.{key}": word for key, word in {**HEAD, **GOALS}.items()},
        **{f"funds.{key}": word for key, word in FUNDS.items()},
        **{f"columns.{key}": word for key, word in COLUMNS.items()},
        **(changes or {}),
    }
    head = " | ".join(f"{said[f'head.{key}']} | {VALUES[key]}" for key in HEAD)
    lines = [
        more.get("title", "项目支出绩效自评表"),
        head,
        f"项目资金{unit} | " + " | ".join(said[f"funds.{key}"] for key in FUNDS),
        f"{source} | 100 | 110 | 99 | 10 | '90% | 9",
        f"年度总体目标 | {said['head.goal']} | | {said['head.outcome']}",
        f" | {VALUES['goal']} | | {VALUES['outcome']}",
        " | ".join(said[f"columns.{key}"] for key in COLUMNS),
        " | ".join(VALUES[key] for key in COLUMNS),
        f"{total} | | | | | 100 | 90",
        more.get("below", "自评等级 | 优"),
    ]
    return "\n".join(lines)


def form(text: str) -> Form:
    (only,) = read_sheet(grid(text))
    return only


def contents(read: Form) -> dict[str, str]:
    """What a form says, by place."""
    (row,), funds = read.rows, read.execution
    assert funds is not None
    return {
        **{f"head.{key}": getattr(read, key).text for key in (*HEAD, *GOALS)},
        **{f"funds.{key}": getattr(funds, key).text for key in FUNDS},
        **{f"columns.{key}": getattr(row, {"level3": "name"}.get(key, key)) for key in ("level1", "level2")},
        **{
            f"columns.{key}": getattr(row, {"level3": "name"}.get(key, key)).text
            for key in COLUMNS
            if key not in ("level1", "level2")
        },
        "total": f"{read.total_weight.text} {read.total_score.text}",
        "grade": read.grade.text,
        "unit": read.unit,
    }


WANTED = {
    **{f"head.{key}": VALUES[key] for key in (*HEAD, *GOALS)},
    **{f"funds.{key}": {"weight": "10", "score": "9"}.get(key, VALUES[key]).removeprefix("'") for key in FUNDS},
    **{f"columns.{key}": VALUES[key] for key in COLUMNS},
    "total": "100 90",
    "grade": "优",
    "unit": "万元",
}
PLACES = [
    *((f"head.{concept}", word) for concept, word in each("head", {**HEAD, **GOALS})),
    *((f"funds.{concept}", word) for concept, word in each("funds", FUNDS)),
    *((f"columns.{concept}", word) for concept, word in each("columns", COLUMNS)),
]


@pytest.mark.parametrize("spelling", SPELLINGS, ids=list(SPELLINGS.values()))
@pytest.mark.parametrize(("place", "word"), PLACES)
def test_a_label_is_read_however_it_is_printed(place: str, word: str, spelling: str) -> None:
    spelt = spelling.format(word if spelling != " {} " else f"{word[:1]} {word[1:]}")
    assert contents(form(printed({place: spelt}))) == WANTED


@pytest.mark.parametrize("word", WORDS["rows"]["totals"].split())
def test_a_total_is_read_under_the_rows_and_over_the_table(word: str) -> None:
    assert contents(form(printed(total=word)))["total"] == "100 90"
    if word in {"合计", "总计"}:
        return  # over a table these are of anything
    above = printed().replace("\n总分 | | | | | 100 | 90", "").replace("项目名称", f"{word} | 90\n项目名称", 1)
    assert form(above).total_score.text == "90"
    inline = (
        printed()
        .replace("\n总分 | | | | | 100 | 90", "")
        .replace("项目支出绩效自评表", f"项目支出绩效自评表 | {word}：90分", 1)
    )
    assert form(inline).total_score.text == "90分"


@pytest.mark.parametrize("word", WORDS["rows"]["grades"].split())
def test_a_grade_is_read(word: str) -> None:
    assert form(printed(below=f"{word} | 良")).grade.text == "良"
    assert form(printed(below=f"{word}：良")).grade.text == "良"


@pytest.mark.parametrize("word", WORDS["rows"]["reasons"].split())
def test_reasons_below_the_rows_are_read(word: str) -> None:
    assert form(printed(below=f"{word} | 汛期停测")).blocks[-1].reasons.text == "汛期停测"


@pytest.mark.parametrize("word", WORDS["rows"]["footers"].split())
def test_a_signature_ends_the_form(word: str) -> None:
    text = printed(below=f"{word}：张三 | | | 李四\n产出指标 | 数量指标 | 不是指标 | 1个 | 1个 | 5 | 5")
    assert len(form(text).rows) == 1


@pytest.mark.parametrize("prefix", ["", "其中：", "1.", "（1）"])
@pytest.mark.parametrize(
    ("source", "word"), [(source, word) for source, words in WORDS["sources"].items() for word in words.split()]
)
def test_a_source_of_money_is_read(source: str, word: str, prefix: str) -> None:
    text = printed().replace("年度总体目标", f"{prefix}{word} | 1 | 2 | 3\n年度总体目标", 1)
    sources = [funds.source for funds in form(text).funds]
    assert sources == list(dict.fromkeys(["年度资金总额", source]))


@pytest.mark.parametrize("word", WORDS["body"]["names"].split())
def test_a_body_that_is_named_makes_a_form_of_a_body(word: str) -> None:
    read = form(printed(title="部门整体支出绩效自评表").replace("项目名称 | 水质监测", f"{word} | 某县水利局", 1))
    assert (read.kind, read.body.text) == (BODY, "某县水利局")


UNITS = [
    "（单位：人民币{}）",
    "（{}）",
    "（单位：{}）",
    "（人民币{}）",
    "（金额：{}）",
    "({})",
    "（单位:{}）",
    "【{}】",
    "（金额单位：{}）",
    "（单位：人民币{}）",
]
ALONE = ["单位：{}", "金额单位：{}", "金额单位:人民币{}", "（单位：{}）", "单位：{}、%", "{}"]


@pytest.mark.parametrize("unit", ["元", "千元", "万元", "亿元"])
@pytest.mark.parametrize("spelling", UNITS)
def test_the_unit_of_money_beside_a_label_is_read_in_every_place(unit: str, spelling: str) -> None:
    note = spelling.format(unit)
    assert form(printed(unit=note)).unit == unit
    assert form(printed({"funds.budget": f"全年预算数{note}"}, unit="")).unit == unit
    tasks = f"""
部门整体支出绩效自评表
部门名称 | 某局
年度主要任务 | 任务名称 | 完成情况 | 预算数{note} | 执行数{note}
 | 巡查 | 已完成 | 10 | 9
一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值
产出指标 | 数量指标 | 次数 | 3次 | 3次
"""
    assert form(tasks).tasks.unit == unit
    (table,) = read_tables(grid(f"支出表\n项目 | 预算数{note} | 决算数{note}\n工资 | 10 | 9\n合计 | 10 | 9"))
    assert table.unit == unit


@pytest.mark.parametrize("unit", ["元", "万元"])
@pytest.mark.parametrize("spelling", ALONE)
def test_the_unit_of_money_in_a_line_of_its_own_is_read(unit: str, spelling: str) -> None:
    line = spelling.format(unit)
    assert form(printed(unit="").replace("项目名称", f" | | | {line}\n项目名称", 1)).unit == unit
    (table,) = read_tables(grid(f"支出表\n | | {line}\n项目 | 预算数 | 决算数\n工资 | 10 | 9\n合计 | 10 | 9"))
    assert table.unit == unit


@pytest.mark.parametrize(
    "text", ["增收额（元/亩）", "数量（个）", "5.8万", "10万元", "单价元", "美元", "（%）", "单位：个"]
)
def test_what_is_no_unit_of_money_is_none(text: str) -> None:
    assert labels.unit(text) == ""


@pytest.mark.parametrize(
    ("label", "read", "of_level", "bare"),
    [
        ("产出指标（50分）", "50", "50", "50"),
        ("得分（10分*执行率）", "10", "10", "10"),
        ("得 分\n（满分10分）", "10", "10", "10"),
        ("项目管理13分", None, "13", "13"),
        ("资金投入（3）", None, None, "3"),
        ("预算执行情况\n（万元）\n（20分）", "20", "20", "20"),
        ("完成率（2023）", None, None, None),
        ("考核得分不低于85分", None, "85", "85"),
        ("第3分队", None, None, None),
    ],
)
def test_points_in_a_label(label: str, read: str | None, of_level: str | None, bare: str | None) -> None:
    assert labels.points_in(label) == read
    assert labels.points_in(label, of_level=True) == of_level
    assert labels.points_in(label, of_level=True, bare=True) == bare


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("部门整体支出绩效评分表", SCORING),
        ("部门整体支出绩效评价共性指标体系框架（2019年修订）", SCORING),
        ("中央对地方专项转移支付绩效自评表", TRANSFER),
    ],
)
def test_a_title_says_what_a_form_is(title: str, kind: str) -> None:
    scoring = f"{title}\n一级指标 | 二级指标 | 三级指标 | 分值 | 得分\n投入 | 目标 | 明确性 | 5 | 5\n总分 | | | 5 | 5"
    transfer = (
        f"{title}\n一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值\n产出指标 | 数量指标 | 人次 | 5人 | 5人"
    )
    assert form(scoring if kind == SCORING else transfer).kind == kind
