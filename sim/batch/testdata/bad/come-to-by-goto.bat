:again
ping -n 1 192.168.0.82 -S 192.168.0.190
if errorlevel 1 goto retry
exit /b
:retry
ping -n 10 192.168.0.82 -S 192.168.0.190
goto again
