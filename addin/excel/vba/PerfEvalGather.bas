Attribute VB_Name = "PerfEvalGather"
' Recalculating many cells asks Python a few times, not once a cell: in a pass the cells that nobody has answered yet wait, what they
' ask goes out in one call, and the next pass shows the answers. A cell that reads a waiting one waits too, and asks in a later pass.
Option Explicit
Option Private Module

Private Const MostPasses As Long = 10   ' then every cell asks for itself

Private gathering As Boolean
Private answers As Dictionary           ' of this recalculation, by key: no limit of number, length or size
Private questions As Dictionary         ' of this pass, by key
Private waitingSheets As Collection
Private waits As Long                   ' cells that were left waiting in this pass
Private evaluated As Long               ' cells of ours that the program calculated in it

' --- what a cell asks --------------------------------------------------------------------------------------

' Whether cells are looked up in what this recalculation has answered, which forgets nothing for its length or size.
Public Function IsRecalculating() As Boolean
    IsRecalculating = Not answers Is Nothing
End Function

' Whether a cell's call is gathered now. What calls from elsewhere than a cell needs its value at once.
Public Function IsGathering() As Boolean
    If gathering Then IsGathering = TypeName(Application.Caller) = "Range"
End Function

Public Function IsAnswered(ByVal key As String, answer As Variant) As Boolean
    evaluated = evaluated + 1
    If answers Is Nothing Then Exit Function
    IsAnswered = answers.Exists(key)
    If IsAnswered Then answer = answers.Item(key)
End Function

' What stands in a cell until its question is answered.
Public Function Waiting() As Variant
    Waiting = CVErr(xlErrGettingData)
End Function

' Ask later; knowable is False where an argument is a cell that waits itself.
Public Function Gathered(ByVal key As String, given As Variant, ByVal knowable As Boolean) As Variant
    waits = waits + 1
    If knowable Then
        If Not questions.Exists(key) Then questions.Add key, given
    End If
    On Error Resume Next    ' of a sheet that is noted already
    waitingSheets.Add Application.Caller.Worksheet, Application.Caller.Worksheet.Parent.Name & "|" & Application.Caller.Worksheet.Name
    On Error GoTo 0
    Gathered = Waiting()
End Function

' --- a recalculation ---------------------------------------------------------------------------------------

' From here on cells are gathered, until FinishGathering.
Public Sub StartGathering()
    Set answers = New Dictionary
    Set questions = New Dictionary
    Set waitingSheets = New Collection
    waits = 0
    gathering = True
End Sub

' Calculate until no cell waits: with everything every formula, otherwise what has changed.
Public Sub FinishGathering(ByVal everything As Boolean)
    Dim pass As Long, mode As Long, interrupt As Long, screen As Boolean
    mode = Application.Calculation
    interrupt = Application.CalculationInterruptKey
    screen = Application.ScreenUpdating
    On Error GoTo failed
    Application.Calculation = xlCalculationManual
    Application.CalculationInterruptKey = xlNoKey   ' half a pass would leave cells waiting
    Application.ScreenUpdating = False
    For pass = 1 To MostPasses
        If pass = 1 And everything Then
            ForgetQuestions
            Application.CalculateFull
        Else
            CalculateAgain
        End If
        If questions.Count = 0 Then Exit For
        AskAll
    Next pass
    GoTo finish
failed:
    Resume finish       ' Python does not answer: let the cells say so
finish:
    gathering = False
    On Error Resume Next
    If waits > 0 Then Application.CalculateFull     ' one call a cell
    RememberAll answers
    Set answers = Nothing
    Application.ScreenUpdating = screen
    Application.CalculationInterruptKey = interrupt
    Application.Calculation = mode
End Sub

' Calculate what has changed, and the sheets with waiting cells. A program that does not take them up so calculates everything.
Private Sub CalculateAgain()
    Dim waited As Long, sheet As Object
    AskAll
    waited = waits
    For Each sheet In waitingSheets
        If sheet.EnableCalculation Then
            sheet.EnableCalculation = False
            sheet.EnableCalculation = True
        End If
    Next sheet
    ForgetQuestions
    Application.Calculate
    If evaluated < waited Then
        ForgetQuestions
        Application.CalculateFull
    End If
End Sub

Private Sub ForgetQuestions()
    Set questions = New Dictionary
    Set waitingSheets = New Collection
    waits = 0
    evaluated = 0
End Sub

' One call for all questions. Each answer comes as its rows, its columns, and its values row by row.
Private Sub AskAll()
    Dim flat As Variant, key As Variant, place As Long, rows As Long, columns As Long, row As Long, column As Long, table() As Variant
    If questions.Count = 0 Then Exit Sub
    flat = CallPython("pe_calls", Array(questions.Items))
    place = LBound(flat)
    For Each key In questions.Keys
        rows = flat(place)
        columns = flat(place + 1)
        place = place + 2
        If rows = 1 And columns = 1 Then
            answers.Add key, Revived(flat(place))
            place = place + 1
        Else
            ReDim table(1 To rows, 1 To columns)
            For row = 1 To rows
                For column = 1 To columns
                    table(row, column) = Revived(flat(place))
                    place = place + 1
                Next column
            Next row
            answers.Add key, table
        End If
    Next key
    Set questions = New Dictionary
End Sub
