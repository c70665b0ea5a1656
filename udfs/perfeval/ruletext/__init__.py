"""The rule that a document prints: a 评分标准 as a sentence → a Rule (``reading``), or the clause that was not understood."""

from perfeval.ruletext.model import NotUnderstood, Reading
from perfeval.ruletext.scores import by_rule, in_words, of_row, with_choices

__all__ = ["NotUnderstood", "Reading", "by_rule", "in_words", "of_row", "with_choices"]
