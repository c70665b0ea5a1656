"""One module per kind of rule: values in, an Outcome out."""

from perfeval.scoring.comparing import deviation, forward_share
from perfeval.scoring.indicator import band_limits, bands, completion, in_band, in_days, indicator, is_achieved, meets
from perfeval.scoring.leaf import basis, needed, options_of, rule_text, score
from perfeval.scoring.outcome import Outcome, percent, percent_of, shown
from perfeval.scoring.proportion import change, execution, rate
from perfeval.scoring.totals import grade

__all__ = [
    "Outcome",
    "band_limits",
    "bands",
    "basis",
    "change",
    "completion",
    "deviation",
    "execution",
    "forward_share",
    "grade",
    "in_band",
    "in_days",
    "indicator",
    "is_achieved",
    "meets",
    "needed",
    "options_of",
    "percent",
    "percent_of",
    "rate",
    "rule_text",
    "score",
    "shown",
]  # fmt: skip
