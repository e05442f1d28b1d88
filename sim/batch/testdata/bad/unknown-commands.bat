ipconfig /flushdns
pnig -n 10 192.168.0.81 -S 192.168.0.190
arping -d
echo done
remark
pause
