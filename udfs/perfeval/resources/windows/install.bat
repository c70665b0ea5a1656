@echo off
rem Installs PerfEval from this folder. No network is used. What to do is told in the text file beside this one.
setlocal
cd /d "%~dp0"
set "TARGET=%LOCALAPPDATA%\PerfEval"
set "FOUND="
for %%V in (3.13 3.12 3.11) do call :look %%V
if not defined FOUND (
    echo No 64-bit Python that this package serves was found.
    echo Please install Python first, with its "py launcher", and run install.bat again.
    goto failed
)
echo Installing PerfEval for Python %FOUND% into "%TARGET%" ...
py -%FOUND% -m venv "%TARGET%"
if %errorlevel% neq 0 goto failed
"%TARGET%\Scripts\python.exe" -m pip install --no-index --find-links wheels --require-hashes -r requirements-%FOUND%.txt
if %errorlevel% neq 0 goto failed
"%TARGET%\Scripts\perfeval.exe" install excel
"%TARGET%\Scripts\perfeval.exe" doctor
echo.
echo PerfEval is installed: "%TARGET%\Scripts\perfeval.exe"
pause
exit /b 0

:look
if defined FOUND exit /b
if not exist requirements-%1.txt exit /b
py -%1 -c "import sys; sys.exit(sys.maxsize < 2**32)" >nul 2>nul
if %errorlevel% neq 0 exit /b
set "FOUND=%1"
exit /b

:failed
echo.
echo PerfEval was NOT installed.
pause
exit /b 1
