rem ÉC
rem É
rem †
arp -d
