Attribute VB_Name = "PerfEvalBridge"
' The bridge from worksheet functions to Python. It holds no rule: it hands plain values over, remembers
' results (every function is pure), and turns error marks into worksheet errors.
Option Explicit
Option Private Module

Private Const MemoResults As Long = 10000
Private Const MemoKeyLength As Long = 1000
Private Const MemoCells As Long = 200

Private memo As Dictionary
Private putOff As Boolean       ' some cell got #N/A because nobody may be asked while a workbook loads
Private waitsForOther As Boolean    ' what the last key was made of holds a cell that waits for its answer

' One function call. arguments: an array as Array() makes it; more: a ParamArray, copied.
Public Function PE_Bridge(ByVal functionName As String, arguments As Variant, Optional more As Variant) As Variant
    Dim given() As Variant, i As Long, count As Long, key As String, answer As Variant
    #If Mac Then
        Application.StatusBar = HelpText("!mac")
        PE_Bridge = CVErr(xlErrNA)
        Exit Function
    #End If
    On Error GoTo failed
    count = UBound(arguments) + 1
    ReDim given(0 To count)
    given(0) = functionName
    For i = 1 To count
        given(i) = PlainValue(arguments(i - 1))
    Next i
    If Not IsMissing(more) Then
        If UBound(more) >= 0 Then
            ReDim Preserve given(0 To count + UBound(more) + 1)
            For i = 0 To UBound(more)
                given(count + 1 + i) = PlainValue(more(i))
            Next i
        End If
    End If

    key = CallKey(given, limited:=Not IsRecalculating())
    If IsRemembered(key, answer) Then
        PE_Bridge = answer
    ElseIf IsGathering() Then
        PE_Bridge = Gathered(key, given, Not waitsForOther)
    ElseIf IsBusy() Then
        putOff = True
        PE_Bridge = CVErr(xlErrNA)
    Else
        answer = WithErrors(CallPython("pe_call", given))
        Remember key, answer
        PE_Bridge = answer
    End If
    Exit Function
failed:
    PE_Bridge = CVErr(xlErrValue)
    If Len(PythonTrouble()) > 0 Then
        On Error Resume Next    ' never a dialog out of a cell: it would stop the function wizard and every automation
        Application.StatusBar = Split(PythonTrouble(), vbLf)(0)
    End If
End Function

' While the function wizard is open and while a workbook loads nobody is asked: Excel cannot make a new workbook then.
Private Function IsBusy() As Boolean
    Dim excel As Object     ' whose menu is of a library that this project may not know
    On Error Resume Next
    Set excel = Application
    IsBusy = Not excel.CommandBars("Standard").Controls(1).Enabled
End Function

' Whether some cell shows #N/A because it could not ask; said once.
Public Function SomePutOff() As Boolean
    SomePutOff = putOff
    putOff = False
End Function

' --- the memo ----------------------------------------------------------------------------------------------

' Forget every result, and try Python again if it was missing.
Public Sub ForgetResults()
    Set memo = Nothing
    ForgetTrouble
End Sub

Private Function IsRemembered(ByVal key As String, answer As Variant) As Boolean
    If Len(key) = 0 Then Exit Function
    IsRemembered = IsAnswered(key, answer)
    If IsRemembered Or memo Is Nothing Then Exit Function
    IsRemembered = memo.Exists(key)
    If IsRemembered Then answer = memo.Item(key)
End Function

Private Sub Remember(ByVal key As String, answer As Variant)
    If Len(key) = 0 Or Len(key) > MemoKeyLength Then Exit Sub
    If memo Is Nothing Then Set memo = New Dictionary
    If memo.Count >= MemoResults Then memo.RemoveAll
    If Not memo.Exists(key) Then memo.Add key, answer
End Sub

' What a recalculation has answered, as far as the memo has room.
Public Sub RememberAll(answers As Dictionary)
    Dim key As Variant
    If memo Is Nothing Then Set memo = New Dictionary
    For Each key In answers.Keys
        If memo.Count >= MemoResults Then Exit Sub
        Remember key, answers.Item(key)
    Next key
End Sub

' --- values in ---------------------------------------------------------------------------------------------

' A range's values; anything else as it is, an omitted argument too. Value2, because Value cuts currency to four decimals; a cell
' that is formatted as a date is handed over as a date.
Private Function PlainValue(Optional given As Variant) As Variant
    Dim cells As Range, values As Variant, shown As Variant, row As Long, column As Long
    If Not IsObject(given) Then
        PlainValue = given
        Exit Function
    End If
    Set cells = given
    If cells.Areas.Count > 1 Then Err.Raise 5   ' Value2 would silently give the first area only
    Set cells = UsedPart(cells)
    values = cells.Value2
    shown = cells.Value
    If Not IsArray(values) Then
        If VarType(shown) = vbDate Then values = shown
        PlainValue = values
        Exit Function
    End If
    For row = 1 To UBound(values, 1)
        For column = 1 To UBound(values, 2)
            If VarType(shown(row, column)) = vbDate Then values(row, column) = shown(row, column)
        Next column
    Next row
    PlainValue = values
End Function

' A range that reaches the last row or column of its sheet ends with what is used: A:A and A2:A1048576 would be a million cells.
Private Function UsedPart(cells As Range) As Range
    Dim sheet As Worksheet, used As Range, rows As Long, columns As Long, down As Boolean, across As Boolean
    Set UsedPart = cells
    Set sheet = cells.Worksheet
    rows = cells.Rows.Count
    columns = cells.Columns.Count
    down = rows > 1 And cells.Row + rows - 1 = sheet.Rows.Count
    across = columns > 1 And cells.Column + columns - 1 = sheet.Columns.Count
    If Not down And Not across Then Exit Function
    Set used = sheet.UsedRange
    If down Then rows = used.Row + used.Rows.Count - cells.Row
    If across Then columns = used.Column + used.Columns.Count - cells.Column
    Set UsedPart = cells.Resize(IIf(rows < 1, 1, rows), IIf(columns < 1, 1, columns))
End Function

' --- a call's key: type, shape and value of everything given; limited, "" for what is too long to remember ----

Private Function CallKey(given As Variant, ByVal limited As Boolean) As String
    Dim parts() As String, i As Long
    waitsForOther = False
    ReDim parts(0 To UBound(given))
    For i = 0 To UBound(given)
        If IsArray(given(i)) Then
            parts(i) = TableKey(given(i), limited)
            If Len(parts(i)) = 0 Then Exit Function
        Else
            parts(i) = ScalarKey(given(i))
        End If
    Next i
    CallKey = Join(parts, "|")
    If limited And Len(CallKey) > MemoKeyLength Then CallKey = ""
End Function

Private Function TableKey(table As Variant, ByVal limited As Boolean) As String
    Dim parts() As String, i As Long, cell As Variant, rows As Long, columns As Long
    rows = Extent(table, 1)
    columns = Extent(table, 2)
    If limited And rows * IIf(columns = 0, 1, columns) > MemoCells Then Exit Function
    ReDim parts(0 To rows * IIf(columns = 0, 1, columns))
    parts(0) = "A" & rows & "x" & columns
    For Each cell In table
        i = i + 1
        parts(i) = ScalarKey(cell)
    Next cell
    TableKey = Join(parts, ",")
End Function

Private Function ScalarKey(Optional value As Variant) As String
    Select Case VarType(value)
        Case vbEmpty
            ScalarKey = "E"
        Case vbString
            ScalarKey = "S" & Len(value) & ":" & value
        Case vbBoolean
            ScalarKey = "B" & IIf(value, "1", "0")
        Case vbDate
            ScalarKey = "D" & CStr(CDbl(value))
        Case vbError
            ScalarKey = "X" & CStr(value)
            If ScalarKey = "X" & CStr(Waiting()) Then waitsForOther = True
        Case Else
            ScalarKey = "N" & CStr(CDbl(value))
    End Select
End Function

' How many elements an array has along a dimension; 0 if it has no such dimension.
Private Function Extent(table As Variant, ByVal dimension As Long) As Long
    On Error Resume Next
    Extent = UBound(table, dimension) - LBound(table, dimension) + 1
End Function

' --- values out --------------------------------------------------------------------------------------------

' An error arrives as text: the escape character, then the number of the worksheet error.
Private Function WithErrors(answer As Variant) As Variant
    Dim table() As Variant, row As Long, column As Long, rows As Long, columns As Long
    If Not IsArray(answer) Then
        WithErrors = Revived(answer)
        Exit Function
    End If
    rows = Extent(answer, 1)
    columns = Extent(answer, 2)
    If columns = 0 Then         ' xlwings hands a single row over flat
        ReDim table(1 To 1, 1 To rows)
        For column = 1 To rows
            table(1, column) = Revived(answer(LBound(answer) + column - 1))
        Next column
    Else
        ReDim table(1 To rows, 1 To columns)
        For row = 1 To rows
            For column = 1 To columns
                table(row, column) = Revived(answer(LBound(answer, 1) + row - 1, LBound(answer, 2) + column - 1))
            Next column
        Next row
    End If
    WithErrors = table
End Function

Public Function Revived(value As Variant) As Variant
    Revived = value
    If VarType(value) = vbString Then
        If Left$(value, 1) = Chr$(27) Then Revived = CVErr(CLng(Mid$(value, 2)))
    End If
End Function
