Attribute VB_Name = "PerfEvalSteps"
' A command is a sequence of short calls to Python. After each the status bar says what comes next, a question of Python's is put to
' the user in one of Excel's dialogs, and Esc ends the command: nothing is written before the last.
Option Explicit
Option Private Module

Private Const UserInterrupt As Long = 18
Private Const FolderPicker As Long = 4

' The workbook that a button acts on: the one that brings it, or, for the add-in, the one in front; the add-in itself where none is.
Public Function ActedOn() As Object
    Set ActedOn = ThisWorkbook
    If ThisWorkbook.IsAddin And Not ActiveWorkbook Is Nothing Then Set ActedOn = ActiveWorkbook
End Function

' What a command has to say at its end, as "tell" takes it: a message, and a mark where it is trouble. Esc counts once; what has come to
' its end by then says so.
Public Function DoneInSteps(ByVal command As String, book As Object) As Variant
    Dim answer As Variant, stopping As Boolean, number As Long, reason As String
    On Error GoTo interrupted
    Application.EnableCancelKey = xlErrorHandler
    Application.StatusBar = RunInPython("press", Array(command), book)
again:
    answer = RunInPython(IIf(stopping, "stop", "go_on"), Array(), book)
    Do While Len(answer(LBound(answer))) > 0
        If Left$(answer(LBound(answer)), 1) = "?" Then
            answer = RunInPython("answer", Array(Replied(answer)), book)
        Else
            Application.StatusBar = answer(LBound(answer))
            answer = RunInPython(IIf(stopping, "stop", "go_on"), Array(), book)
        End If
    Loop
    Application.EnableCancelKey = xlInterrupt
    Application.StatusBar = False
    DoneInSteps = Array(answer(LBound(answer) + 1), answer(LBound(answer) + 2))
    Exit Function
interrupted:
    number = Err.Number
    reason = Err.Description
    If number = UserInterrupt And Not stopping Then
        stopping = True
        Application.EnableCancelKey = xlDisabled
        Resume again
    End If
    Application.EnableCancelKey = xlInterrupt
    Application.StatusBar = False
    Err.Raise number, , reason
End Function

' The user's answer to a question, "" for none: a mark of its kind, its title, and what its dialog takes.
Private Function Replied(question As Variant) As String
    Dim first As Long, title As String, answer As Variant
    first = LBound(question)
    title = question(first + 1)
    Select Case question(first)
        Case "?file"
            answer = Application.GetOpenFilename(question(first + 2), 1, title)
        Case "?save"
            answer = Application.GetSaveAsFilename(question(first + 3), question(first + 2), 1, title)
        Case "?choice"
            answer = Application.InputBox(title, "PerfEval", 1, Type:=1)
        Case "?folder"
            With Application.FileDialog(FolderPicker)
                .Title = title
                If .Show Then answer = .SelectedItems(1)
            End With
    End Select
    If VarType(answer) <> vbBoolean And Not IsEmpty(answer) Then Replied = CStr(answer)
End Function
