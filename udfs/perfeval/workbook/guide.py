"""使用说明: the ten-minute path, in plain words."""

from __future__ import annotations

from perfeval.records import names
from perfeval.workbook.canvas import COMPUTED, INPUT, LEFT, LINE, PLAIN, TITLE, Canvas
from perfeval.workbook.textsize import lines

_WIDTH = 76
TEXT = f"""\
# 十分钟填完一张自评表
1. “{names.BASICS}”：核对单位、年度、标准、金额单位和阶段，填项目清单。现在只报目标的，阶段选“{names.AT_YEAR_START}”。
2. “{names.TARGETS}”：每个指标一行，粘贴年初批复的指标值和分值，年末填实际完成值和偏差原因。
3. “{names.EXECUTION}”：每个项目按资金来源填年初预算数、全年预算数和全年执行数；财务系统导出的表可以整张粘贴上去，
   看不出用哪一列的，在“{names.CORRESPONDENCE}”里选一次。
   文件在别处的，点“导入”选它，就写进这两张表；还没有数据的，点“新建”要一份数据模板。
4. 点功能区“绩效评价”里的“填报”，数据填进各张自评表。也可以不用前两步，直接在自评表里填。填错了，点“撤销填报”，再点一次又填回去。
   指标的行不够，先点一行指标，再点“增加指标行”；多一个项目，点“新增项目”。
5. 逐张看自评表右侧的“提示”，改正数据，补写偏差原因。定性指标由人评分，直接填在“得分”里。
6. 点“复核”：问题列在“{names.REVIEW}”里，单元格上有颜色和批注。不改的，在“不改的理由”里写明；“清除标记”去掉颜色和批注。
   “对照”另存一份，每一项得分怎样算的都写明；“复核文件夹”“汇总”看一个文件夹里的全部文件。
7. “{names.SUMMARY}”里核对填了几张，各项目的执行率、总分和等级，再打印或报送。
# 部门整体
有“{names.BASE_DATA}”“{names.ASSESSMENT}”“{names.SCORING}”三张表的：在“{names.BASE_DATA}”里逐项填数值，“{names.SCORING}”的得分、总分和等级随之变化。
规则算不出的，在“{names.BASE_DATA}”的“得分”里填分，在“说明”里写依据，再按“填报”。年度主要任务也填在那里。
“{names.TARGETS}”里项目名称写“{names.WHOLE_BODY}”的各行，是整体的指标，填进“{names.ASSESSMENT}”。
# 转移支付
“{names.EXECUTION}”里资金来源写“中央财政资金”“地方资金”、又没有分值的项目，填转移支付区域（项目）绩效目标自评表，没有得分。
“资金管理情况”和“说明”直接在表上写；没有达到指标值的，要写未完成原因。
# 得分与测算得分
“测算得分”由指标值、完成值和分值按口径算出，写在打印范围之外。“得分”起初引用测算得分，数据一改就跟着变。
定性指标没有测算得分，由人评定；在“得分”里填上数，就以填的为准，和测算不同的，提示里会说明。
“总分”总是各项得分之和。每个有分值的指标都有得分之后，才显示“等级”。
不适用的指标，指标值写“不适用”，分值填 0，测算得分显示“—”，不计入总分。
几行共用一个分值的：各行都达标得满分，否则由人评定。
# 指标值怎么写
95%、≥95%、不低于85%、27人、2.6亿元、1-1.2万人、不超过50万元、2021年12月底前、及时，都能看懂。
完成值要带单位；指标值是百分数的，完成值写 95% 或 0.95，不写 95。成本指标不带比较号时，按不超过指标值理解。
# 口径
各地算法不同的地方（执行率先不先舍入、反向指标怎么算、得分留几位小数），“{names.OPTIONS}”表里一处一行：在“选择”里从列表选，留空就随标准。
选好的写进“{names.BASICS}”的“{names.CONVENTION}”，全部公式都引用这一格；也可以在那一格里直接写“标准; 名称=值”。
本省、本市的分值和标准不同（例如预算执行率 20 分）的，填在“{names.OPTIONS}”表的“自定的分值”里：自评表引用，复核按它核对。
口径写错了，提示里会说“口径有误”，得分空着；原因写在“{names.BASICS}”的“{names.CONVENTION}”旁边。
# 不会发生的事
不联网，不上传，不收集任何信息。
不编造数字：没有填的，就是空白；看不懂的，显示错误值并在提示里说明原因。
不改动官方表格的行和列：测算和提示在表格右侧，不打印，也可以整列删除。
# 功能区不见了，或公式不再更新
从网上下载的工作簿，先在文件属性里勾选“解除锁定”，再打开并启用内容。
没有安装加载项的电脑可以照常查看和打印，显示的是上次保存的得分。
要在 WPS、Mac 或没有装 PerfEval 的电脑上接着填、照样重算，按“原生公式版”另存一份：没有宏，只用表格软件自己的函数。
还有问题，在命令行运行 perfeval doctor，看这台电脑缺什么。"""


def lay_out(canvas: Canvas) -> None:
    """Write the guide."""
    canvas.columns({"A": _WIDTH})
    canvas.put("A1", names.GUIDE, TITLE)
    canvas.height(1, 34)
    canvas.put("A2", "这种底色的单元格由人填写", {**INPUT, **LEFT})
    canvas.put("A3", "灰色的字由公式算出，不用填", {**COMPUTED, **LEFT})
    for row, line in enumerate(TEXT.split("\n"), start=5):
        heading = line.startswith("# ")
        style = {**PLAIN, "bold": True, "font_size": 12, "bottom": 1} if heading else PLAIN
        canvas.put(f"A{row}", line.removeprefix("# "), style)
        canvas.height(row, 30 if heading else LINE * lines(line, _WIDTH) + 5)
    canvas.sheet.hide_gridlines(2)
    canvas.sheet.fit_to_pages(1, 1)
