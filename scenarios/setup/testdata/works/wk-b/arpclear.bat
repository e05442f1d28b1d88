@echo off
arp -d
ping -n 10 10.90.20.15 -S 10.90.1.30
ping -n 10 10.91.12.50 -S 10.90.1.30
