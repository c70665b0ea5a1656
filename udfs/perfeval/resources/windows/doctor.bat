@echo off
chcp 936 >nul
title PerfEval 预算绩效自评：检查这台电脑
"%~dp0python\python.exe" -m perfeval doctor
pause
