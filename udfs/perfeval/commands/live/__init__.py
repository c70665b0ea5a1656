"""The commands that act on an open workbook, one module a concern, through xlwings' API alone.

Each takes the workbook and returns what it has to say. ``commands.buttons`` lists them.
"""
