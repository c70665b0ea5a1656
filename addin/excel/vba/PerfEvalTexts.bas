Attribute VB_Name = "PerfEvalTexts"
' The texts that a person reads. They stand in the hidden help sheet, so that this source stays ASCII.
Option Explicit
Option Private Module

Private Const HelpSheet As String = "PerfEvalHelp"
Private Const Lost As String = "@LOST_SHEETS@"      ' one sentence, four digits a letter

' A text of the help sheet: what stands beside this key. Without the sheet, what became of it.
Public Function HelpText(ByVal key As String) As String
    Dim texts As Variant, row As Long
    texts = HelpRows()
    If Len(texts(1, 1)) = 0 Then HelpText = LostSheets()
    For row = 1 To UBound(texts, 1)
        If texts(row, 1) = key Then
            HelpText = texts(row, 2)
            Exit Function
        End If
    Next row
End Function

' "", or that somebody has taken the workbook's hidden sheets away.
Public Function LostSheets() As String
    Dim place As Long
    If Len(HelpRows()(1, 1)) > 0 Then Exit Function
    For place = 1 To Len(Lost) Step 4
        LostSheets = LostSheets & ChrW$(CLng("&H" & Mid$(Lost, place, 4)))
    Next place
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

' The function wizard's texts. Registering them would mark the workbook as changed.
Public Sub DescribeFunctions()
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
