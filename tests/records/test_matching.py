"""Indicators of a year's end beside those of its beginning: which pairs are certain, and which a person is asked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from perfeval.records.matching import Matching, bare, match, same_target
from perfeval.records.model import Indicator
from support.seed004 import BODIES, PROJECTS, Target


class Said(NamedTuple):
    """An indicator as a test states it: 一级 二级 名称 指标值."""

    level1: str
    level2: str
    name: str
    target: str


def rows(text: str) -> list[Said]:
    return [Said(*(part.strip() for part in line.split("|"))) for line in text.strip().splitlines() if line.strip()]


def told(found: Matching[Said, Said]) -> list[str]:
    return [
        *(f"{one.name}={other.name}" for one, other in found.pairs),
        *(f"{one.name}?{other.name}" for one, other in found.perhaps),
        *(f"-{row.name}" for row in found.missing),
        *(f"+{row.name}" for row in found.added),
    ]


# what changed: the rows of the budget, those of the year's end, and what is said of them
# (= certain, ? perhaps the same, - missing at the year's end, + new there)
CASES: dict[str, tuple[str, str, list[str]]] = {
    "只差空格、标点、括号": (
        "产出指标|数量指标|印刷品（册数）|5000册\n产出指标|质量指标|受理、审核 及时率|100%",
        "产出指标|数量指标|印刷品册数|6000册\n产出指标|质量指标|受理,审核及时率|98%",
        ["印刷品（册数）=印刷品册数", "受理、审核 及时率=受理,审核及时率"],
    ),
    "表15的目标是自评表的指标": (
        "产出目标|数量|培训次数|3次\n效果目标|满意度|参保人满意度|≥90%\n效果目标|社会效益|覆盖面|扩大",
        "产出指标|数量指标|培训次数|3次\n满意度指标|服务对象满意度指标|参保人满意度|≥90%\n效益指标|社会效益指标|覆盖面|扩大",
        ["培训次数=培训次数", "参保人满意度=参保人满意度", "覆盖面=覆盖面"],
    ),
    "没有二级指标的表": ("产出指标|数量指标|培训次数|3次", "产出指标||培训次数|3次", ["培训次数=培训次数"]),
    "多一个字就要问": ("产出指标|数量指标|清淤长度|≥20公里", "产出指标|数量指标|清淤总长度|≥20公里", ["清淤长度?清淤总长度"]),
    "括号里的字也是名称": (
        "产出指标|数量指标|培训（线上）|3次", "产出指标|数量指标|培训（线下）|3次", ["培训（线上）?培训（线下）"],
    ),
    "换了二级指标要问": ("产出指标|数量指标|按时完成率|100%", "产出指标|时效指标|按时完成率|100%", ["按时完成率?按时完成率"]),
    "数里的标点有意义": ("产出指标|数量指标|1.5米管道|8公里", "产出指标|数量指标|15米管道|8公里", ["1.5米管道?15米管道"]),
    "同名两行由指标值区分": (
        "产出指标|质量指标|合格率|≥95%\n产出指标|质量指标|合格率|100%",
        "产出指标|质量指标|合格率|100%\n产出指标|质量指标|合格率|>=95%",
        ["合格率=合格率", "合格率=合格率"],
    ),
    "同名两行区分不了": (
        "产出指标|质量指标|合格率|≥95%\n产出指标|质量指标|合格率|100%",
        "产出指标|质量指标|合格率|≥96%",
        ["合格率?合格率", "-合格率"],
    ),
    "同一行印了两遍": (
        "产出指标|质量指标|合格率|100%\n产出指标|质量指标|合格率|100%",
        "产出指标|质量指标|合格率|100%\n产出指标|质量指标|合格率|100%",
        ["合格率=合格率", "合格率=合格率"],
    ),
    "印了两遍的只填了一行": (
        "产出指标|质量指标|合格率|100%\n产出指标|质量指标|合格率|100%", "产出指标|质量指标|合格率|100%",
        ["合格率?合格率", "-合格率"],
    ),
    "二级空白而两处都可能": (
        "效益指标|社会效益指标|满意率|≥90%\n效益指标|可持续影响指标|满意率|≥95%", "效益指标||满意率|≥85%",
        ["满意率?满意率", "-满意率"],
    ),
    "同指标值的另一件事": (
        "产出指标|质量指标|验收合格率|100%", "产出指标|质量指标|发放准确度|100%", ["-验收合格率", "+发放准确度"],
    ),
    "缺项与新增": ("产出指标|数量指标|走访企业|30家", "产出指标|时效指标|办结时限|5天", ["-走访企业", "+办结时限"]),
    "没有名称的行": ("产出指标|数量指标||3次", "产出指标|数量指标||3次", ["-", "+"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_certain_and_what_is_asked(name: str) -> None:
    before, after, expected = CASES[name]
    assert told(match(rows(before), rows(after))) == expected


def test_what_may_be_written_anew_has_no_namesake_in_doubt() -> None:
    before, after, _ = CASES["同名两行区分不了"]
    found = match([*rows(before), *rows("产出指标|数量指标|走访企业|30家")], rows(after))
    assert [row.target for row in found.unclear] == ["100%"]
    assert [row.name for row in found.absent] == ["走访企业"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("≥95%", ">=95%", True),
        ("95%以上", "≥95%", True),
        ("1.1万人", "11000人", True),
        ("≥95%", "95%", False),
        ("≥95%", "≥95.1%", False),
        ("1--1.2万人", "1万至1.2万人", True),
        ("2021年12月31日", "2021-12-31", True),
        (12.0, "12", True),
        ("有效 保障", "有效保障", True),
        ("不适用", "", False),
        (None, "", True),
    ],
)
def test_same_target(one: object, other: object, same: bool) -> None:
    assert same_target(one, other) is same_target(other, one) is same


LISTS = [pytest.param(owner.targets, id=owner.name) for owner in (*BODIES, *PROJECTS) if owner.targets]


@pytest.mark.parametrize("targets", LISTS)
def test_every_published_indicator_finds_itself(targets: Sequence[Target]) -> None:
    """Of 12 bodies and 69 projects, in reverse order, with other signs, as records."""
    later = [Indicator(row.level1, row.level2, f" {row.name}。", row.value) for row in targets]
    later.reverse()
    found = match([Indicator(row.level1, row.level2, row.name, row.value) for row in targets], later)
    assert (len(found.pairs), found.perhaps, found.missing, found.added) == (len(targets), (), (), ())


# --- what holds for any lists ---

LEVELS = st.sampled_from(
    [("产出指标", "数量指标"), ("产出目标", "质量"), ("效益指标", ""), ("满意度指标", "满意度指标"), ("", "")]
)
NAMES = st.text(alphabet="甲乙丙1.5（）%、 -", max_size=5)
TARGETS = st.sampled_from(["≥95%", "95%", ">=95%", "3次", "及时", ""])
SAID = st.builds(lambda levels, name, target: Said(*levels, name, target), LEVELS, NAMES, TARGETS)
SIDES = st.lists(SAID, max_size=8)


@given(SIDES, SIDES)
def test_every_row_comes_out_once(before: list[Said], after: list[Said]) -> None:
    found = match(before, after)
    both = (*found.pairs, *found.perhaps)
    assert Counter(row for row, _ in both) + Counter(found.missing) == Counter(before)
    assert Counter(row for _, row in both) + Counter(found.added) == Counter(after)


@given(SIDES, SIDES)
def test_a_certain_pair_has_one_name_and_no_rival(before: list[Said], after: list[Said]) -> None:
    for one, other in match(before, after).pairs:
        assert bare(one.name) == bare(other.name) != ""
        alike = [row for row in before if bare(row.name) == bare(one.name) and row[:2] == one[:2]]
        assert len(alike) == 1 or same_target(one.target, other.target)


@given(SIDES, SIDES)
def test_certain_is_the_same_from_either_side(before: list[Said], after: list[Said]) -> None:
    assert Counter(match(after, before).pairs) == Counter((b, a) for a, b in match(before, after).pairs)


@given(SIDES, SIDES, st.randoms(use_true_random=False))
def test_certain_does_not_depend_on_order(before: list[Said], after: list[Said], random) -> None:
    shuffled = random.sample(after, len(after))

    def content(found: Matching[Said, Said]) -> Counter[tuple[str, ...]]:
        return Counter((*one, bare(other.name)) for one, other in found.pairs)

    assert content(match(before, shuffled)) == content(match(before, after))


@given(SIDES, st.sampled_from(["（{}）", "{}。", " {} ", "《{}》"]))
def test_signs_around_a_name_change_nothing(before: list[Said], dressed: str) -> None:
    assume(not any(row.name.lstrip(" .-（）、")[:1].isdigit() for row in before))
    after = [row._replace(name=dressed.format(row.name)) for row in before]
    assert len(match(before, after).pairs) == len(match(before, before).pairs)


@given(SIDES, SIDES, st.sampled_from("增减2"))
def test_one_character_more_is_never_certain(before: list[Said], after: list[Said], more: str) -> None:
    renamed = [row._replace(name=f"{row.name}{more}") for row in before]
    assert all(bare(one.name) == bare(other.name) for one, other in match(before, [*after, *renamed]).pairs)
    assert not match(before, [row._replace(name=f"{row.name}尾") for row in before]).pairs


@given(st.text(max_size=30))
def test_a_bare_name_is_bare(name: str) -> None:
    assert bare(bare(name)) == bare(name)


def test_a_great_many_rows_of_one_name_are_left_to_a_person() -> None:
    many = [Said("产出指标", "数量指标", "次数", f"{place}次") for place in range(20_000)]
    assert match(many, many).pairs == ()
