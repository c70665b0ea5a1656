Attribute VB_Name = "PerfEvalRibbon"
' What the buttons of the ribbon tab do, and what is done when the workbook opens.
' Callbacks take an Object: the type of the Office library need not be known to compile them.
Option Explicit

Private Const FewCells As Long = 20    ' that one command makes stale: asking for each takes a tenth of a second

' Every button calls this; the button's id is the name of the command. Two of them need no Python.
Public Sub PerfEval_Press(control As Object)
    Say LostSheets()
    Select Case control.ID
        Case "recalculate"
            RecalculateAll
        Case "guide"
            On Error Resume Next
            ThisWorkbook.Worksheets(HelpText("!guide")).Activate
        Case Else
            #If Mac Then
                RunOnMac control.ID
            #Else
                RunCommand control.ID
            #End If
    End Select
End Sub

' Runs some time after opening, so that a slow start of Python holds nobody up. A program that opens workbooks is told nothing.
Public Sub PerfEval_Opened()
    DescribeFunctions
    #If Mac Then
    #Else
        Dim saved As Boolean
        If Not PythonReady() Then
            If Application.UserControl Then Say PythonTrouble()
        ElseIf SomePutOff() Then
            saved = ThisWorkbook.Saved
            StartGathering
            FinishGathering everything:=True
            ThisWorkbook.Saved = saved
        End If
    #End If
End Sub

' Without Python the scores stay as they are: calculated anew they would be lost.
Private Sub RecalculateAll()
    #If Mac Then
        Say HelpText("!mac")
    #Else
        ForgetResults
        If PythonReady() Then
            StartGathering
            FinishGathering everything:=True
        Else
            Say PythonTrouble()
        End If
    #End If
End Sub

' xlwings' own way. Without its settings in the hidden sheet, or with others beside the workbook, it would run strangers' code.
Private Sub RunOnMac(ByVal command As String)
    If Not SheetExists(ThisWorkbook, "xlwings.conf") Then Exit Sub     ' LostSheets has said so
    If FileExists(GetDirectoryConfigFilePath()) Then
        Say HelpText("!settings") & vbLf & GetDirectoryConfigFilePath()
        Exit Sub
    End If
    RunPython "import xlwings, perfeval.commands.buttons as buttons; buttons.press('" & command & "', xlwings.Book.caller())"
End Sub

' A command of perfeval.commands.buttons. The cells that it makes stale are gathered, and calculated before it says what it did; where
' the user calculates by hand they wait for the user.
Private Sub RunCommand(ByVal command As String)
    Dim mode As Long, said As Variant, reason As String
    If Not PythonReady(tryAgain:=True) Then
        Say PythonTrouble()
        Exit Sub
    End If
    mode = Application.Calculation
    If mode <> xlCalculationManual Then
        StartGathering FewCells
        FinishGathering everything:=False
        Application.Calculation = xlCalculationManual
        StartGathering FewCells
    End If
    On Error GoTo failed
    said = RunInPython("press", Array(command), ThisWorkbook)
    GoTo finish
failed:
    reason = Err.Description
    Resume finish
finish:
    On Error GoTo 0
    If mode <> xlCalculationManual Then
        FinishGathering everything:=False
        Application.Calculation = mode
    End If
    If Len(reason) > 0 Then
        Say HelpText("!broken") & vbLf & vbLf & reason
    ElseIf Len(said(LBound(said))) > 0 Then
        RunInPython "tell", said, ThisWorkbook
    End If
End Sub

Private Sub Say(ByVal text As String)
    If Len(text) > 0 Then MsgBox text, vbExclamation, "PerfEval"
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
