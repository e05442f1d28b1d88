@echo off
rem Gathers what `ipwsim init` needs of this server into a folder of its name,
rem beside this file. Run it as administrator, on each of the two servers, and
rem bring both folders together. It changes nothing.
rem
rem No passwords and no mail are gathered: account files (*.idx), mailboxes and
rem queues are left alone, and of the mail product's registry key all values
rem named with pass, pwd, secret or auth, and all binary ones, are left out.
rem Look the folder through before you give it to others: hosts and batch files
rem are gathered as they are.
rem
rem Set these if yours are elsewhere. SHARE may stay empty: \\SERVER\folder
setlocal
set "M=C:\Program Files\EPOST\MS"
set "BAT=%M%\arpclear.bat"
set "SHARE="

rem A 32-bit product is in other places on 64-bit Windows.
if not exist "%M%" if exist "%ProgramFiles(x86)%\EPOST\MS" set "M=%ProgramFiles(x86)%\EPOST\MS"
set "WATCHER=HKLM\SOFTWARE\EPOST\IPWCS"
reg query %WATCHER% >nul 2>&1 || set "WATCHER=HKLM\SOFTWARE\WOW6432Node\EPOST\IPWCS"
set "MAIL=HKLM\SOFTWARE\EPOST\MS"
reg query %MAIL% >nul 2>&1 || set "MAIL=HKLM\SOFTWARE\WOW6432Node\EPOST\MS"

set "D=%~dp0%COMPUTERNAME%"
if not exist "%D%" md "%D%"
ipconfig /all > "%D%\ipconfig-all.txt"
arp -a > "%D%\arp-a.txt"
route print > "%D%\route-print.txt"
systeminfo > "%D%\systeminfo.txt"
netsh advfirewall show currentprofile > "%D%\firewall.txt"
netsh advfirewall firewall show rule name=all dir=in verbose >> "%D%\firewall.txt"
powershell -NoProfile -Command "Get-NetConnectionProfile | Format-List InterfaceAlias,NetworkCategory" > "%D%\networks.txt" 2>nul || del "%D%\networks.txt"
schtasks /query /xml ONE > "%D%\tasks.xml"

rem The services and the watcher hold no passwords here: Windows keeps those elsewhere.
reg export %WATCHER% "%D%\ipwcs.reg" /y
for %%s in (EPSTRS EPSTDS EPSTPOP3S EPSTIMAP4S IPWCS) do reg export HKLM\SYSTEM\CurrentControlSet\Services\%%s "%D%\service-%%s.reg" /y
(for %%s in (EPSTRS EPSTDS EPSTPOP3S EPSTIMAP4S IPWCS) do sc qc %%s) > "%D%\sc-qc.txt"
reg query %MAIL% >nul 2>&1 || goto nomail
reg export %MAIL% "%TEMP%\ipwsim-ms.reg" /y
powershell -NoProfile -Command "$t = [IO.File]::ReadAllText($env:TEMP + '\ipwsim-ms.reg') -replace ',\\\r\n +', ','; $t = ($t -split '\r\n' | Where-Object { $_ -notmatch '(pass|pwd|secret|auth).*=' -and $_ -notmatch '=hex:' }) -join [Environment]::NewLine; [IO.File]::WriteAllText($env:D + '\epost.reg', $t, [Text.Encoding]::Unicode)" || type "%TEMP%\ipwsim-ms.reg" | findstr /v /i /r /c:"pass.*=" /c:"pwd.*=" /c:"secret.*=" /c:"auth.*=" /c:"=hex" /c:"^  " > "%D%\epost.reg"
del "%TEMP%\ipwsim-ms.reg"
:nomail

for %%f in (ipwatch smtpip popip imapip hiddensmtpip hiddenpopip hiddenimapip effect) do (
  if exist "%M%\%%f.dat" copy /y "%M%\%%f.dat" "%D%"
)
rem The batch files that clear ARP caches, under their own names: the guide's, yours,
rem those that tasks start when the watcher has taken an address (event 100), and
rem those that they call.
for %%f in ("%M%\arpclear.bat" "%M%\arpclear.cmd" "%BAT%") do if exist "%%~f" copy /y "%%~f" "%D%"
powershell -NoProfile -Command "$all = @(Get-ChildItem ($env:M + '\arpclear.*'), $env:BAT -ErrorAction SilentlyContinue | ForEach-Object { $_.FullName }); foreach ($t in [regex]::Matches(((schtasks /query /xml ONE) -join ' '), '<Task .*?</Task>')) { if ($t.Value -match 'IPWCS|arpclear') { foreach ($m in [regex]::Matches($t.Value, '(?i)([a-z]:|%%[a-z0-9()]+%%)\\[^<>|;&:\x22]*?\.(bat|cmd)')) { $all += [Environment]::ExpandEnvironmentVariables($m.Value) } } }; $done = @{}; for ($i = 0; $i -lt $all.Count -and $i -lt 200; $i++) { $name = [IO.Path]::GetFileName($all[$i]); if ($done[$name] -or -not (Test-Path -LiteralPath $all[$i])) { continue }; $done[$name] = 1; Copy-Item -LiteralPath $all[$i] -Destination $env:D -Force; $in = [IO.Path]::GetDirectoryName($all[$i]) + '\'; foreach ($m in [regex]::Matches([IO.File]::ReadAllText($all[$i], [Text.Encoding]::Default), '(?i)((%%~dp0|[a-z]:|%%[a-z0-9_()]+%%)\\?[^<>|;&:*?%%\x22\t\r\n]*?|[^<>|;&:*?%%=,(\x22\s\\]+)\.(bat|cmd)\b')) { $all += [Environment]::ExpandEnvironmentVariables(($m.Value -replace '%%~dp0', $in)); $all += $in + [IO.Path]::GetFileName(($m.Value -replace '%%~dp0', '')) } }"
copy /y "%SystemRoot%\system32\drivers\etc\hosts" "%D%"

if not defined SHARE goto done
for /f "delims=\" %%h in ("%SHARE%") do ping -4 -n 1 %%h > "%D%\ping-share.txt"
dir "%SHARE%" > "%D%\share-dir.txt"
:done
echo Gathered in "%D%".
