@echo off
chcp 936 >nul
setlocal
title PerfEval 预算绩效自评：安装
if not exist "%~dp0python\python.exe" goto packed
if not exist "%~dp0manifest.json" goto packed
"%~dp0python\python.exe" -m perfeval bundle install "%~dp0."
if %errorlevel% neq 0 goto failed
echo.
pause
exit /b 0

:packed
echo 没有安装：“安装.bat”旁边没有其余的文件。
echo 请先把压缩包全部解压到一个文件夹（右键压缩包，选“全部解压缩”），再双击解压后的“安装.bat”。
pause
exit /b 1

:failed
echo.
echo 没有装好。原因见上面，照做后再双击“安装.bat”。需要 64 位的 Windows 10 或更新的版本。
pause
exit /b 1
