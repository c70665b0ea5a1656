Attribute VB_Name = "PerfEvalAddin_Tab"
' The add-in's tab gives way to that of a workbook which brings our macros.
Option Explicit

Private Const HelpSheetOfWorkbooks As String = "PerfEvalHelp"

Private ribbon As Object        ' lost where VBA was reset: the tab then stays as it is
Private isDescribed As Boolean

Public Sub PerfEvalAddin_Loaded(ribbonObject As Object)
    Set ribbon = ribbonObject
End Sub

Public Sub PerfEvalAddin_IsShown(control As Object, ByRef shown As Variant)
    shown = True
    On Error Resume Next        ' a dialog here would come with every workbook, and its End would lose the ribbon
    shown = Not BringsMacros(ActiveWorkbook)
End Sub

' Another workbook came to the front. The function wizard takes texts only while a workbook is in sight.
Public Sub PerfEvalAddin_Activated()
    On Error Resume Next
    If Not isDescribed And Not ActiveWorkbook Is Nothing Then
        isDescribed = True
        DescribeFunctions
    End If
    If Not ribbon Is Nothing Then ribbon.Invalidate
End Sub

Private Function BringsMacros(book As Object) As Boolean
    Dim sheet As Object
    If book Is Nothing Then Exit Function
    If Not book.HasVBProject Then Exit Function
    For Each sheet In book.Worksheets
        If sheet.CodeName = HelpSheetOfWorkbooks Then BringsMacros = True
    Next sheet
End Function
