"""How a new workbook looks: `book` lays out its sheets, each in a module of its own. Nothing is imported here, as the buttons, which
need only `textsize`, come without XlsxWriter.
"""
