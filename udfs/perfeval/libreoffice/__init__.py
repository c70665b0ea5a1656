"""LibreOffice's end: the functions and the menu in Calc, xlwings' API over UNO, and the extension that holds them."""
