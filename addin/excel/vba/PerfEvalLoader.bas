Attribute VB_Name = "PerfEvalLoader"
' What VBA alone cannot do, and nothing else: xlwings' library, of the version that this project pins, and two calls of Windows.
Option Explicit
Option Private Module

#If Mac Then
    Public Const PythonLibrary As String = ""
#Else
    #If Win64 Then
        Public Const PythonLibrary As String = "xlwings64-@XLWINGS@.dll"
        Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-@XLWINGS@.dll" (ByRef answer As Variant, ByVal command As String, ByVal mode As Long) As Long
    #Else
        Public Const PythonLibrary As String = "xlwings32-@XLWINGS@.dll"
        Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-@XLWINGS@.dll" (ByRef answer As Variant, ByVal command As String, ByVal mode As Long) As Long
    #End If
    Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr
    Private Declare PtrSafe Function GetShortPathNameW Lib "kernel32" (ByVal path As LongPtr, ByVal buffer As LongPtr, ByVal size As Long) As Long
    Private Declare PtrSafe Function SetErrorMode Lib "kernel32" (ByVal mode As Long) As Long
#End If

' The Python of a command: started or found with mode 1, ended with -1. 0, and answer is its server; otherwise answer says why not.
Public Function ActivatePython(answer As Variant, ByVal command As String, ByVal mode As Long) As Long
    #If Mac Then
    #Else
        Const NoDialogs As Long = 3     ' a program that lacks a library would ask the user, who sees Excel frozen behind it
        Dim before As Long
        before = SetErrorMode(NoDialogs)
        ActivatePython = XLPyDLLActivateAuto(answer, command, mode)
        SetErrorMode before
    #End If
End Function

' Load the library from this place, so that the declarations above find it by its name.
Public Function LibraryLoaded(ByVal path As String) As Boolean
    #If Mac Then
    #Else
        LibraryLoaded = LoadLibraryW(StrPtr(path)) <> 0
    #End If
End Function

' A path's short form (C:\PROGRA~1); "" where the disk keeps none.
Public Function ShortPath(ByVal path As String) As String
    #If Mac Then
    #Else
        Dim buffer As String
        buffer = String$(1024, " ")
        ShortPath = Left$(buffer, GetShortPathNameW(StrPtr(path), StrPtr(buffer), 1024))
    #End If
End Function
