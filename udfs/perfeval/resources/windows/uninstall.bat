@echo off
chcp 936 >nul
setlocal
title PerfEval 预算绩效自评：卸载
set "PROGRAM=%LOCALAPPDATA%\Programs\PerfEval"
cd /d "%SystemRoot%"
if not exist "%~dp0python\python.exe" goto packed
"%~dp0python\python.exe" -m perfeval bundle uninstall
if %errorlevel% neq 0 goto failed
rem One block, read as a whole: this file may stand in the folder that is removed, and leaves it first.
set "ASIDE=%TEMP%\PerfEval-uninstall.bat"
(
    if /i "%~dp0"=="%PROGRAM%\" move /y "%~f0" "%ASIDE%" >nul
    rmdir /s /q "%PROGRAM%"
    rmdir "%LOCALAPPDATA%\Programs" 2>nul
    if exist "%ASIDE%" del "%ASIDE%"
    if exist "%PROGRAM%" (
        echo 有的文件正在使用，没有删掉：“%PROGRAM%”。请重新启动电脑后删除这个文件夹。
    ) else (
        echo 已经卸载。
    )
    pause
    exit /b 0
)

:packed
echo 没有卸载：“卸载.bat”旁边没有其余的文件，请先把压缩包全部解压。
pause
exit /b 1

:failed
echo.
echo 没有卸载，原因见上面的一行。
pause
exit /b 1
