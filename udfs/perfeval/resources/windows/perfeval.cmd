@"%~dp0python\python.exe" -m perfeval %*
