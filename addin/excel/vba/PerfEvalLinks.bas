Attribute VB_Name = "PerfEvalLinks"
' PE_ formulas that point into another file: of a sheet that was copied here, of an add-in that is gone or lies elsewhere. Without the
' file's name in front of it the same function is found where it is now.
Option Explicit
Option Private Module

' Mend what can be mended in a workbook, and say so; "" where there was nothing.
Public Function MendedLinks(book As Object) As String
    Dim sheet As Object, cell As Object, mended As Long, refused As Long
    If book Is Nothing Then Exit Function
    For Each sheet In book.Worksheets
        If HoldsLinks(sheet) Then
            For Each cell In sheet.UsedRange.Cells
                If cell.HasFormula Then
                    If Unlinked(cell.Formula) <> cell.Formula Then
                        If IsMended(cell) Then mended = mended + 1 Else refused = refused + 1
                    End If
                End If
            Next cell
        End If
    Next sheet
    If mended > 0 Then MendedLinks = Replace(HelpText("!mended"), "{count}", CStr(mended))
    If refused > 0 Then MendedLinks = MendedLinks & IIf(mended > 0, vbLf, "") & Replace(HelpText("!unmended"), "{count}", CStr(refused))
End Function

' Whether a sheet holds any such formula: one question for the whole sheet.
Private Function HoldsLinks(sheet As Object) As Boolean
    Dim formulas As Variant, formula As Variant
    formulas = sheet.UsedRange.Formula
    If Not IsArray(formulas) Then formulas = Array(formulas)
    For Each formula In formulas
        If InStr(1, formula, "!PE_", vbTextCompare) > 0 Then
            HoldsLinks = True
            Exit Function
        End If
    Next formula
End Function

' An array formula is rewritten as a whole, once; one that spills, where Excel knows that, as Formula2: written as Formula it would
' give one value. A protected sheet refuses.
Private Function IsMended(cell As Object) As Boolean
    On Error Resume Next
    If cell.HasArray And Not Spills(cell) Then
        cell.CurrentArray.FormulaArray = Unlinked(cell.CurrentArray.FormulaArray)
    Else
        cell.Formula2 = Unlinked(cell.Formula2)
        If Err.Number = 438 Then
            Err.Clear
            cell.Formula = Unlinked(cell.Formula)
        End If
    End If
    IsMended = Err.Number = 0
End Function

Private Function Spills(cell As Object) As Boolean
    On Error Resume Next
    Spills = cell.HasSpill
End Function

' The formula with nothing in front of its own functions: 'C:\a folder\A.xlsm'!PE_X( and A.xlsm!PE_X( become PE_X(. Texts stay.
Public Function Unlinked(ByVal formula As String) As String
    Dim place As Long, from As Long, name As String
    Unlinked = formula
    place = InStr(1, Unlinked, "!PE_", vbTextCompare)
    Do While place > 0
        name = FunctionAt(Unlinked, place + 1)
        from = QualifierStart(Unlinked, place)
        If from > 0 And IsOurs(name) And Not IsInText(Unlinked, place) Then
            Unlinked = Left$(Unlinked, from - 1) & Mid$(Unlinked, place + 1)
            place = from
        Else
            place = place + 1
        End If
        place = InStr(place, Unlinked, "!PE_", vbTextCompare)
    Loop
End Function

' The name of the function that is called here; "" where none is.
Private Function FunctionAt(ByVal formula As String, ByVal start As Long) As String
    Dim finish As Long
    finish = start
    Do While Mid$(formula, finish, 1) Like "[A-Za-z0-9_]"
        finish = finish + 1
    Loop
    If Mid$(formula, finish, 1) = "(" Then FunctionAt = Mid$(formula, start, finish - start)
End Function

' Where the file's name before this ! begins; quotes within it are doubled.
Private Function QualifierStart(ByVal formula As String, ByVal mark As Long) As Long
    Dim place As Long
    place = mark - 1
    If place < 1 Then Exit Function
    If Mid$(formula, place, 1) = "'" Then
        place = place - 1
        Do While place > 0
            If Mid$(formula, place, 1) = "'" Then
                If place = 1 Then Exit Do
                If Mid$(formula, place - 1, 1) <> "'" Then Exit Do
                place = place - 1
            End If
            place = place - 1
        Loop
        QualifierStart = place
    Else
        Do While place > 0
            If InStr(1, "=+-*/^&<>(),;{}""" & " @:%", Mid$(formula, place, 1)) > 0 Then Exit Do
            place = place - 1
        Loop
        QualifierStart = place + 1
    End If
End Function

Private Function IsInText(ByVal formula As String, ByVal place As Long) As Boolean
    Dim before As String, quoted As Boolean, at As Long, letter As String
    For at = 1 To place - 1
        letter = Mid$(formula, at, 1)
        If letter = Chr$(34) And Not quoted Then
            IsInText = Not IsInText
        ElseIf letter = "'" And Not IsInText Then
            quoted = Not quoted
        End If
    Next at
End Function

' Whether the function is one of this project, which the help sheet lists.
Private Function IsOurs(ByVal name As String) As Boolean
    Dim texts As Variant, row As Long
    If Len(name) = 0 Then Exit Function
    texts = HelpRows()
    For row = 1 To UBound(texts, 1)
        If StrComp(texts(row, 1), name, vbTextCompare) = 0 Then
            IsOurs = True
            Exit Function
        End If
    Next row
End Function
