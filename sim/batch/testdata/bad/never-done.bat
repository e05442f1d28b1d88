if not exist C:\flag arp -d
goto further
ping -n 10 192.168.0.81 -S 192.168.0.190
:further
arp -d
ping 192.168.0.81 -S 192.168.0.190
exit /b 0
ping -n 10 192.168.0.82 -S 192.168.0.190
exit /b 0
for %%i in (83 84) do ping -n 10 192.168.0.%%i -S 192.168.0.190
