:again
ping -n 2 192.168.0.81 >> C:\log\arpclear.log
if exist C:\flag arp -d
if errorlevel 1 (
  del x
)
arp -d && ping -n 1 192.168.0.81
arp -d || ping -n 1 192.168.0.82
ping -n 1 192.168.0.83 | find "TTL"
for /F %%a in (hosts.txt) do ping %%a
for %%f in (*.log) do del %%f
for %%i in (pc1 pc2) do ping %%i
set /a x=1+1
netsh interface ip delete address LAN 192.168.0.190
timeout /t soon
goto again
