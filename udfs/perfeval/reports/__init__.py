"""自评报告: a report in Word, told from the figures of a workbook."""
