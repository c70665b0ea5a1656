Attribute VB_Name = "PerfEvalGather"
' Recalculating many cells asks Python a few times, not once a cell: in a pass the cells that nobody has answered yet wait, what they
' ask goes out in one call, and the next pass shows the answers. A cell that reads a waiting one waits too, and asks in a later pass.
Option Explicit
Option Private Module

Private Const MostPasses As Long = 10   ' then every cell asks for itself

Private gathering As Boolean
Private answers As Dictionary           ' of this recalculation, by key: no limit of number, length or size
Private questions As Dictionary         ' of this pass, by key
Private waits As Long                   ' cells that were left waiting in this pass
Private atOnce As Long                  ' cells that may still ask for themselves

' --- what a cell asks --------------------------------------------------------------------------------------

' Whether cells are looked up in what this recalculation has answered, which forgets nothing for its length or size.
Public Function IsRecalculating() As Boolean
    IsRecalculating = Not answers Is Nothing
End Function

' Whether a cell's call is gathered now. What calls from elsewhere than a cell needs its value at once.
Public Function IsGathering() As Boolean
    If Not gathering Or TypeName(Application.Caller) <> "Range" Then Exit Function
    IsGathering = atOnce = 0
    If atOnce > 0 Then atOnce = atOnce - 1
End Function

Public Function IsAnswered(ByVal key As String, answer As Variant) As Boolean
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
    Gathered = Waiting()
End Function

' --- a recalculation ---------------------------------------------------------------------------------------

' From here on cells are gathered, until FinishGathering; the first few, where they may, still ask for themselves.
Public Sub StartGathering(Optional ByVal few As Long)
    Set answers = New Dictionary
    Set questions = New Dictionary
    waits = 0
    atOnce = few
    gathering = True
End Sub

' Calculate until no cell waits: with everything every formula, otherwise what has changed. Excel has no sure way to calculate waiting
' cells and what reads them again but to calculate everything.
Public Sub FinishGathering(ByVal everything As Boolean)
    Dim pass As Long, mode As Long, interrupt As Long, screen As Boolean, excel As Object
    Set excel = Application     ' a member that some Excel lacks is then no compile error
    mode = Application.Calculation
    screen = Application.ScreenUpdating
    On Error GoTo failed
    Application.Calculation = xlCalculationManual
    interrupt = excel.CalculationInterruptKey
    excel.CalculationInterruptKey = xlNoKey     ' half a pass would leave cells waiting
    Application.ScreenUpdating = False
    If Not everything Then Application.Calculate
    For pass = 1 To MostPasses
        If pass > 1 Or everything Or waits > 0 Then
            AskAll
            waits = 0
            Application.CalculateFull
        End If
        If questions.Count = 0 Then Exit For
    Next pass
    AskAll
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
    excel.CalculationInterruptKey = interrupt
    Application.Calculation = mode
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
