ping -n 10 192.168.0.81 -S 192.168.0.190 > nul
arp -d & ping 192.168.0.81
ping -n 10 %CLIENT% -S 192.168.0.190
for %%i in (81 82) do ping 192.168.0.%%i
"C:\Windows\System32\ARP.EXE" -d
(
