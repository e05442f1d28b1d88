@echo off
rem Gathers what `ipwsim init` needs of this server into a folder of its name,
rem beside this file. Run it as administrator, on each of the two servers, and
rem bring both folders together. It changes nothing.
rem
rem No passwords and no mail are gathered: account files (*.idx), mailboxes and
rem queues are left alone, and of the mail product's registry key all values
rem named with pass, pwd, secret or auth, and all binary ones, are left out.
rem Look the folder through before you give it to others.
rem
rem Set these if yours are elsewhere. SHARE may stay empty: \\SERVER\folder
setlocal
set "M=C:\Program Files\EPOST\MS"
set "BAT=%M%\arpclear.bat"
set "SHARE="

set "D=%~dp0%COMPUTERNAME%"
if not exist "%D%" md "%D%"
ipconfig /all > "%D%\ipconfig-all.txt"
arp -a > "%D%\arp-a.txt"
route print > "%D%\route-print.txt"
systeminfo > "%D%\systeminfo.txt"
netsh advfirewall show currentprofile > "%D%\firewall.txt"
netsh advfirewall firewall show rule name=all dir=in >> "%D%\firewall.txt"
schtasks /query /xml ONE > "%D%\tasks.xml"

rem The services and the watcher hold no passwords here: Windows keeps those elsewhere.
reg export HKLM\SOFTWARE\EPOST\IPWCS "%D%\ipwcs.reg" /y
for %%s in (EPSTRS EPSTDS EPSTPOP3S EPSTIMAP4S IPWCS) do (
  reg export HKLM\SYSTEM\CurrentControlSet\Services\%%s "%D%\service-%%s.reg" /y
  sc qc %%s >> "%D%\sc-qc.txt"
)
reg export HKLM\SOFTWARE\EPOST\MS "%TEMP%\ipwsim-ms.reg" /y
powershell -NoProfile -Command "$t = [IO.File]::ReadAllText($env:TEMP + '\ipwsim-ms.reg') -replace ',\\\r\n +', ','; $t = ($t -split '\r\n' | Where-Object { $_ -notmatch '(pass|pwd|secret|auth).*=' -and $_ -notmatch '=hex:' }) -join [Environment]::NewLine; [IO.File]::WriteAllText($env:D + '\epost.reg', $t, [Text.Encoding]::Unicode)" || type "%TEMP%\ipwsim-ms.reg" | findstr /v /i /r /c:"pass.*=" /c:"pwd.*=" /c:"secret.*=" /c:"auth.*=" /c:"=hex" /c:"^  " > "%D%\epost.reg"
del "%TEMP%\ipwsim-ms.reg"

for %%f in (ipwatch smtpip popip imapip hiddensmtpip hiddenpopip hiddenimapip effect) do (
  if exist "%M%\%%f.dat" copy /y "%M%\%%f.dat" "%D%"
)
if exist "%BAT%" copy /y "%BAT%" "%D%\arpclear.bat"
copy /y "%SystemRoot%\system32\drivers\etc\hosts" "%D%"

if not defined SHARE goto done
for /f "delims=\" %%h in ("%SHARE%") do ping -4 -n 1 %%h > "%D%\ping-share.txt"
dir "%SHARE%" > "%D%\share-dir.txt"
:done
echo Gathered in "%D%".
