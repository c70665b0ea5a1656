"""Formulas of a worksheet's own functions that say what PE_ functions say, for desks without PerfEval (原生公式版).

``tables`` are the words of our grammar as cells; ``reading`` reads a 指标值 and a 完成值 by them; ``rows`` scores a row; ``hints``
says what a reviewer would; ``leaves`` scores a leaf of a detailed standard, ``printed`` a row by the 评分标准 that it prints;
``totals`` are 执行率, 总分 and 等级; ``calls`` puts them in the place of PE_ calls; ``selfcheck`` asks the program that computes
them whether it computes alike. Functions of Excel 2010 only, no arrays, no wildcards.
"""
