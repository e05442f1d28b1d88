arp -d
pause
ping -n 10 192.168.0.82 -S 192.168.0.190
