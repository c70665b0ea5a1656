Attribute VB_Name = "PerfEvalRibbon"
' What the buttons of the ribbon tab do, and what is done when the workbook opens.
' Callbacks take an Object: the type of the Office library need not be known to compile them.
Option Explicit

' Every button calls this; the button's id is the name of the command. Two of them need no Python.
Public Sub PerfEval_Press(control As Object)
    Select Case control.ID
        Case "recalculate"
            ForgetResults
            Application.CalculateFull
        Case "guide"
            On Error Resume Next
            ThisWorkbook.Worksheets(HelpText("!guide")).Activate
        Case Else
            RunCommand control.ID
    End Select
End Sub

' Runs some time after opening, so that a slow start of Python holds nobody up.
Public Sub PerfEval_Opened()
    DescribeFunctions
    #If Not Mac Then
        PythonReady
    #End If
End Sub

' A command of perfeval.commands.buttons; it speaks to the user itself.
Private Sub RunCommand(ByVal command As String)
    #If Not Mac Then
        If Not PythonReady(tryAgain:=True) Then Exit Sub
    #End If
    RunPython "import xlwings, perfeval.commands.buttons as buttons; buttons.press('" & command & "', xlwings.Book.caller())"
End Sub

' The function wizard's texts. Registering them would mark the workbook as changed.
Private Sub DescribeFunctions()
    Dim texts As Variant, row As Long, column As Long, count As Long, saved As Boolean, help() As String
    saved = ThisWorkbook.Saved
    On Error Resume Next
    texts = HelpRows()
    For row = 1 To UBound(texts, 1)
        If Left$(texts(row, 1), 3) = "PE_" Then
            count = 0
            ReDim help(0 To UBound(texts, 2))
            For column = 4 To UBound(texts, 2)
                If Len(texts(row, column)) > 0 Then
                    help(count) = texts(row, column)
                    count = count + 1
                End If
            Next column
            ReDim Preserve help(0 To count - 1)
            Application.MacroOptions Macro:="'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & texts(row, 1), _
                Category:=texts(row, 2), Description:=texts(row, 3), ArgumentDescriptions:=help
        End If
    Next row
    ThisWorkbook.Saved = saved
End Sub
