Option Explicit

Private WithEvents excel As Application

' Nothing is started and no workbook is touched: Python is asked for by the first cell or button.
Private Sub Workbook_Open()
    On Error Resume Next
    Set excel = Application
    PerfEvalAddin_Activated
End Sub

Private Sub excel_WorkbookActivate(ByVal Wb As Workbook)
    PerfEvalAddin_Activated
End Sub

' Saved as another kind of file, a workbook may have lost its macros.
Private Sub excel_WorkbookAfterSave(ByVal Wb As Workbook, ByVal Success As Boolean)
    PerfEvalAddin_Activated
End Sub
