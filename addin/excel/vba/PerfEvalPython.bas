Attribute VB_Name = "PerfEvalPython"
' The Python behind cells and buttons. It is started without a shell around it, so that one that cannot start is known at once; and
' without the name of a workbook, so that one serves all workbooks of this Excel and no workbook's folder is searched for modules.
Option Explicit
Option Private Module

Private Const PythonModule As String = "perfeval.excel.bridge"
Private Const CommandModule As String = "perfeval.commands.in_excel"
Private Const StartOrFind As Long = 1
Private Const EndIt As Long = -1

Private server As Object
Private startedBy As String     ' the command that started it
Private lostOnes As Long        ' which the library could not reach any more
Private trouble As String       ' why there is none: found out once, then every cell fails at once

' What a function of the bridge returns for these arguments. A Python that ended is started again: once as it is, then, as the
' library takes some dead ones for alive, after the library has let go of it.
Public Function CallPython(ByVal name As String, given As Variant) As Variant
    Dim tries As Long, number As Long, reason As String
    On Error GoTo failed
again:
    tries = tries + 1
    CallPython = Python().CallUDF(PythonModule, name, given)
    Exit Function
failed:
    number = Err.Number
    reason = Err.Description
    If tries > 2 And HasEnded(number) Then trouble = HelpText("!python") & vbLf & vbLf & reason
    If tries > 2 Or Not HasEnded(number) Then Err.Raise number, , reason
    Set server = Nothing
    If tries = 1 Then Resume again
    Resume letGo
letGo:
    EndPython
    GoTo again
End Function

' What a command returns for these arguments and a workbook. Never a second time: half of it may be done already.
Public Function RunInPython(ByVal name As String, given As Variant, book As Object) As Variant
    Dim running As Object
    Set running = Python()
    running.SetAttr running.Module("xlwings._xlwindows"), "BOOK_CALLER", book
    RunInPython = running.CallUDF(CommandModule, name, given)
End Function

' Whether Python runs, after an attempt to start it; PythonTrouble says why not. A button tries again each time.
Public Function PythonReady(Optional ByVal tryAgain As Boolean) As Boolean
    Dim reason As String
    If tryAgain Then trouble = ""
    On Error Resume Next
    CallPython "greeting", Array(XLWINGS_VERSION)
    PythonReady = Err.Number = 0
    reason = Err.Description
    On Error GoTo 0
    If Not PythonReady And Len(trouble) = 0 Then trouble = HelpText("!python") & vbLf & vbLf & reason
End Function

Public Function PythonTrouble() As String
    PythonTrouble = trouble
End Function

Public Sub ForgetTrouble()
    trouble = ""
End Sub

Private Function Python() As Object
    If server Is Nothing Then
        If Len(trouble) = 0 Then trouble = Started()
        If Len(trouble) > 0 Then
            Set server = Nothing
            Err.Raise vbObjectError + 1, , trouble
        End If
    End If
    Set Python = server
End Function

' The server is not there, the call failed, the object is disconnected, and VBA's own number for a server that is gone.
Private Function HasEnded(ByVal number As Long) As Boolean
    Select Case number
        Case &H800706BA, &H800706BE, &H80010108, 462
            HasEnded = True
    End Select
End Function

Private Sub EndPython()
    Dim answer As Variant
    On Error Resume Next
    ActivatePython answer, startedBy, EndIt
End Sub

' --- starting ----------------------------------------------------------------------------------------------

' Start the server; "" or what is wrong, in the words of the help sheet.
Private Function Started() As String
    Dim shell As Object, program As String, folder As String, status As Long, answer As Variant, number As Long, reason As String
    On Error GoTo failed
    Set shell = CreateObject("WScript.Shell")
    program = Speakable(Interpreter(shell))
    LoadLibraryFor program
    startedBy = StartOf(program)
    ' Whatever Python leaves behind, it leaves in the user's own folder, never beside the workbook.
    folder = shell.CurrentDirectory
    shell.CurrentDirectory = shell.ExpandEnvironmentStrings("%USERPROFILE%")
    status = ActivatePython(answer, startedBy, StartOrFind)
    If status <> 0 Then
        If InStr(answer, "hr = ") > 0 Then      ' it knows one that was killed, and cannot reach it
            EndPython
            lostOnes = lostOnes + 1
            startedBy = StartOf(program)
            status = ActivatePython(answer, startedBy, StartOrFind)
        End If
    End If
    shell.CurrentDirectory = folder
    If status <> 0 Then Complain "!ended", answer
    Set server = answer
    Started = server.CallUDF(PythonModule, "greeting", Array(XLWINGS_VERSION))
    Exit Function
failed:
    number = Err.Number
    reason = Err.Description
    If HasEnded(number) Then Err.Raise number, , reason     ' the one that was found is dead: CallPython knows what to do
    Started = HelpText("!python") & vbLf & vbLf & reason
End Function

' What starts Python. The library knows a Python by its command, so one that takes the place of a lost one has a command of its own.
Private Function StartOf(ByVal program As String) As String
    StartOf = Chr$(34) & program & Chr$(34) & " -P -B -c ""import xlwings; xlwings.serve('$(CLSID)')"
    If lostOnes > 0 Then StartOf = StartOf & " # " & lostOnes
    StartOf = StartOf & Chr$(34)
End Function

' The interpreter that the user's own settings name. No other settings are read: those of a workbook travel with it.
Private Function Interpreter(shell As Object) As String
    Dim files As Object, settings As String, text As Object, entry As String, comma As Long
    Set files = CreateObject("Scripting.FileSystemObject")
    settings = shell.ExpandEnvironmentStrings("%USERPROFILE%\.xlwings\xlwings.conf")
    If files.FileExists(settings) Then
        Set text = files.OpenTextFile(settings)
        Do Until text.AtEndOfStream Or Len(Interpreter) > 0
            entry = Replace(text.ReadLine, Chr$(34), "")
            comma = InStr(entry, ",")
            If comma > 0 Then
                If UCase$(Trim$(Left$(entry, comma - 1))) = "INTERPRETER_WIN" Then Interpreter = Trim$(Mid$(entry, comma + 1))
            End If
        Loop
        text.Close
    End If
    If Len(Interpreter) = 0 Then Complain "!unset", settings
    Interpreter = shell.ExpandEnvironmentStrings(Interpreter)
    If Not files.FileExists(Interpreter) Then Complain "!nowhere", Interpreter
End Function

' A path in the letters of this computer's code page, the only ones that the library takes.
Private Function Speakable(ByVal path As String) As String
    Speakable = path
    If Not IsSpeakable(path) Then Speakable = ShortPath(path)
    If Len(Speakable) = 0 Or Not IsSpeakable(Speakable) Then Complain "!letters", path
End Function

Private Function IsSpeakable(ByVal text As String) As Boolean
    Dim place As Long
    For place = 1 To Len(text)
        If Chr$(Asc(Mid$(text, place, 1))) <> Mid$(text, place, 1) Then Exit Function
    Next place
    IsSpeakable = True
End Function

' xlwings' library lies beside the interpreter, or, with a virtual environment, one folder above it.
Private Sub LoadLibraryFor(ByVal program As String)
    Dim folder As String, above As String
    folder = Left$(program, InStrRev(program, "\") - 1)
    If LibraryLoaded(folder & "\" & PythonLibrary) Then Exit Sub
    If InStrRev(folder, "\") > 0 Then
        above = Left$(folder, InStrRev(folder, "\") - 1)
        If LibraryLoaded(above & "\" & PythonLibrary) Then Exit Sub
    End If
    Complain "!library", folder & "\" & PythonLibrary
End Sub

Private Sub Complain(ByVal key As String, ByVal what As String)
    Err.Raise vbObjectError + 1, , HelpText(key) & vbLf & what
End Sub
