"""The Python end of Excel: what VBA and the ribbon call through xlwings."""
