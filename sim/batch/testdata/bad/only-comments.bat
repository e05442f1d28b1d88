@echo off
rem arp -d
:: ping
