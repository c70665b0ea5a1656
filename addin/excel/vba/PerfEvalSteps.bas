Attribute VB_Name = "PerfEvalSteps"
' A command on a workbook: what it needs is chosen before Python is asked, and the work is a sequence of short calls. After each the
' status bar says what comes next, and Esc ends the command: nothing is written before the last.
Option Explicit
Option Private Module

Private Const UserInterrupt As Long = 18
Private Const FolderPicker As Long = 4

' The workbook that a button acts on: the one that brings it, or, for the add-in, the one in front; Nothing where there is none.
Public Function ActedOn() As Object
    If ThisWorkbook.IsAddin Then
        Set ActedOn = ActiveWorkbook
    Else
        Set ActedOn = ThisWorkbook
    End If
End Function

' The path of what a command needs and the workbook does not have, in chosen, "" for nothing. False where the user chose none.
Public Function IsChosen(ByVal command As String, book As Object, chosen As String) As Boolean
    Dim answer As Variant
    IsChosen = True
    If Len(LostSheets()) > 0 Then Exit Function     ' nothing is known then of what a workbook has
    Select Case command
        Case "fill"
            If HasSheet(book, HelpText("!targets")) And HasSheet(book, HelpText("!execution")) Then Exit Function
            answer = Application.GetOpenFilename(HelpText("!databooks"), 1, HelpText("!data"))
            If VarType(answer) = vbString Then chosen = answer
            IsChosen = VarType(answer) = vbString
        Case "rollup"
            If Len(book.Path) > 0 Then Exit Function
            With Application.FileDialog(FolderPicker)
                .Title = HelpText("!folder")
                IsChosen = .Show
                If IsChosen Then chosen = .SelectedItems(1)
            End With
    End Select
End Function

Private Function HasSheet(book As Object, ByVal name As String) As Boolean
    Dim sheet As Object
    For Each sheet In book.Sheets
        If sheet.Name = name Then HasSheet = True
    Next sheet
End Function

' What a command has to say at its end, as "tell" takes it: a message, and a mark where it is trouble. Esc counts once; what has come to
' its end by then says so.
Public Function DoneInSteps(ByVal command As String, ByVal chosen As String, book As Object) As Variant
    Dim answer As Variant, stopping As Boolean, number As Long, reason As String
    On Error GoTo interrupted
    Application.EnableCancelKey = xlErrorHandler
    Application.StatusBar = RunInPython("press", Array(command, chosen), book)
again:
    Do
        answer = RunInPython(IIf(stopping, "stop", "go_on"), Array(), book)
        If Len(answer(LBound(answer))) = 0 Then Exit Do
        Application.StatusBar = answer(LBound(answer))
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
