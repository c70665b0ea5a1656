Attribute VB_Name = "PerfEvalBridge"
' The bridge from worksheet functions to Python. It holds no rule: it hands plain values over, remembers
' results (every function is pure), and turns error marks into worksheet errors. Texts that a person reads
' stand in the hidden help sheet, so that this source stays ASCII.
Option Explicit
Option Private Module

Private Const PythonModule As String = "perfeval.excel.bridge"
Private Const HelpSheet As String = "PerfEvalHelp"
Private Const MemoResults As Long = 10000
Private Const MemoKeyLength As Long = 1000
Private Const MemoCells As Long = 200

Private server As Object        ' asking xlwings for it anew reads its settings, which costs milliseconds a call
Private trouble As String       ' why there is no server: said once, then every cell fails at once
Private memo As Dictionary

' One function call. arguments: an array as Array() makes it; more: a ParamArray, copied.
Public Function PE_Bridge(ByVal functionName As String, arguments As Variant, Optional more As Variant) As Variant
    Dim given() As Variant, i As Long, count As Long, key As String, answer As Variant
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

    key = MemoKey(given)
    If memo Is Nothing Then Set memo = New Dictionary
    If Len(key) > 0 Then
        If memo.Exists(key) Then
            PE_Bridge = memo.Item(key)
            Exit Function
        End If
    End If
    answer = WithErrors(Ask("pe_call", given))
    If Len(key) > 0 Then
        If memo.Count >= MemoResults Then memo.RemoveAll
        memo.Add key, answer
    End If
    PE_Bridge = answer
    Exit Function
failed:
    PE_Bridge = CVErr(xlErrValue)
End Function

' Forget every result, and try Python again if it was missing.
Public Sub ForgetResults()
    Set memo = Nothing
    trouble = ""
End Sub

' Start Python if it does not run yet. False, after one message, if it cannot; a button tries again each time.
Public Function PythonReady(Optional ByVal tryAgain As Boolean) As Boolean
    If tryAgain Then trouble = ""
    On Error Resume Next
    PythonReady = Not Python() Is Nothing
End Function

' A text of the help sheet: what stands beside this key.
Public Function HelpText(ByVal key As String) As String
    Dim texts As Variant, row As Long
    texts = HelpRows()
    For row = 1 To UBound(texts, 1)
        If texts(row, 1) = key Then
            HelpText = texts(row, 2)
            Exit Function
        End If
    Next row
End Function

' The help sheet's cells, found by code name: its tab may be renamed, and a missing one is no compile error.
Public Function HelpRows() As Variant
    Dim sheet As Object
    For Each sheet In ThisWorkbook.Worksheets
        If sheet.CodeName = HelpSheet Then
            HelpRows = sheet.UsedRange.Value2
            Exit Function
        End If
    Next sheet
    Dim none(1 To 1, 1 To 2) As Variant
    HelpRows = none
End Function

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

' A whole column ends with the sheet's last used row: A:A would be a million cells.
Private Function UsedPart(cells As Range) As Range
    Dim used As Range, last As Long
    Set UsedPart = cells
    If cells.Rows.Count < cells.Worksheet.Rows.Count Then Exit Function
    Set used = cells.Worksheet.UsedRange
    last = used.Row + used.Rows.Count - 1
    Set UsedPart = cells.Resize(last, cells.Columns.Count)
End Function

' --- the memo's key: type, shape and value of everything given, "" for what is too long to remember ---------

Private Function MemoKey(given As Variant) As String
    Dim parts() As String, i As Long
    ReDim parts(0 To UBound(given))
    For i = 0 To UBound(given)
        If IsArray(given(i)) Then
            parts(i) = TableKey(given(i))
            If Len(parts(i)) = 0 Then Exit Function
        Else
            parts(i) = ScalarKey(given(i))
        End If
    Next i
    MemoKey = Join(parts, "|")
    If Len(MemoKey) > MemoKeyLength Then MemoKey = ""
End Function

Private Function TableKey(table As Variant) As String
    Dim parts() As String, i As Long, cell As Variant, rows As Long, columns As Long
    rows = Extent(table, 1)
    columns = Extent(table, 2)
    If rows * IIf(columns = 0, 1, columns) > MemoCells Then Exit Function
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

Private Function Revived(value As Variant) As Variant
    Revived = value
    If VarType(value) = vbString Then
        If Left$(value, 1) = Chr$(27) Then Revived = CVErr(CLng(Mid$(value, 2)))
    End If
End Function

' --- the Python server -------------------------------------------------------------------------------------

Private Function Ask(ByVal name As String, given As Variant) As Variant
    On Error GoTo lost
    Ask = Python().CallUDF(PythonModule, name, given)
    Exit Function
lost:
    If Len(trouble) > 0 Then Err.Raise vbObjectError + 1, , trouble
    Resume again
again:
    ' The server has ended since the last call: ask for another one, once.
    On Error GoTo 0
    Set server = Nothing
    Ask = Python().CallUDF(PythonModule, name, given)
End Function

Private Function Python() As Object
    If server Is Nothing Then
        If Len(trouble) > 0 Then Err.Raise vbObjectError + 1, , trouble
        trouble = Started()
        If Len(trouble) > 0 Then
            Set server = Nothing
            MsgBox trouble, vbExclamation, "PerfEval"
            Err.Raise vbObjectError + 1, , trouble
        End If
    End If
    Set Python = server
End Function

' Start the server; "" or what is wrong, in the words of the help sheet.
Private Function Started() As String
    Dim folder As String, reason As String
    #If Mac Then
        Started = HelpText("!mac")
        Exit Function
    #End If
    ' A settings file beside the workbook could name a stranger's program as the interpreter.
    If FileExists(GetDirectoryConfigFilePath()) Then
        Started = HelpText("!settings") & vbLf & GetDirectoryConfigFilePath()
        Exit Function
    End If
    On Error GoTo missing
    ' Python looks for modules in the folder it starts in: let that be the user's own, never the workbook's.
    folder = WScript.CurrentDirectory
    WScript.CurrentDirectory = ExpandEnvironmentStrings("%USERPROFILE%")
    Set server = XLPy()
    Started = server.CallUDF(PythonModule, "greeting", Array(XLWINGS_VERSION))
    WScript.CurrentDirectory = folder
    Exit Function
missing:
    reason = Err.Description
    If Len(folder) > 0 Then WScript.CurrentDirectory = folder
    Started = HelpText("!python") & vbLf & vbLf & reason
End Function
