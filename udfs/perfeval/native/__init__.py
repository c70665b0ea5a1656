"""Formulas of a worksheet's own functions that say what PE_ functions say, for desks without PerfEval (原生公式版).

``leaves`` scores a leaf of a detailed standard, or a printed rule. Functions of Excel 2010 only, no arrays, no wildcards.
"""
