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
            Say MendedLinks(ActedOn())
            RecalculateAll
        Case "guide"
            ShowGuide
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

' The workbook's own guide; the add-in, whose sheets nobody sees, says what its buttons do.
Private Sub ShowGuide()
    If ThisWorkbook.IsAddin Then
        MsgBox HelpText("!addin"), vbInformation, "PerfEval"
    Else
        On Error Resume Next
        ThisWorkbook.Worksheets(HelpText("!guide")).Activate
    End If
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
    Dim mode As Long, said As Variant, reason As String, book As Object
    Set book = ActedOn()
    If Not PythonReady(tryAgain:=True) Then
        Say PythonTrouble()
        Exit Sub
    End If
    mode = xlCalculationManual      ' so it is where no workbook is open: nothing is calculated then, and Excel refuses to be asked
    If Not ActiveWorkbook Is Nothing Then mode = Application.Calculation
    If mode <> xlCalculationManual Then
        StartGathering FewCells
        FinishGathering everything:=False
        Application.Calculation = xlCalculationManual
        StartGathering FewCells
    End If
    On Error GoTo failed
    said = DoneInSteps(command, book)
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
    ElseIf Len(said(0)) > 0 Then
        RunInPython "tell", said, book
    End If
End Sub

Private Sub Say(ByVal text As String)
    If Len(text) > 0 Then MsgBox text, vbExclamation, "PerfEval"
End Sub
