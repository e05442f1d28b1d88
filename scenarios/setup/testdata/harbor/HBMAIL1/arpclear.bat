@echo off
rem •\¦—p PC ‚Í‘ÎÛŠO
arp -d
ping -n 10 172.30.8.101 -S 172.30.8.10
