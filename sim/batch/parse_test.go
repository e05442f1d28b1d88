package batch_test

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/batch"
)

// guide is the guide's example, G A(1), without its remarks.
const guide = "arp -d\r\n" +
	"ping -n 10 192.168.0.81 -S 192.168.0.190\r\n" +
	"ping -n 10 192.168.0.82 -S 192.168.0.190\r\n" +
	"arp -d\r\n" +
	"ping -n 20 192.168.0.81 -S 192.168.0.190\r\n"

func ping(line, count int, target, source string) batch.Command {
	p := batch.Ping{Count: count, Target: netip.MustParseAddr(target)}
	if source != "" {
		p.Source = netip.MustParseAddr(source)
	}
	return batch.Command{Line: line, Ping: &p}
}

func TestH11_LineForms(t *testing.T) {
	const a, s = "10.0.0.81", "10.0.0.190"
	for rule, tt := range map[string]struct {
		text string
		want batch.Command
	}{
		"arp":                    {"arp -d", batch.Command{Line: 1}},
		"arp of all":             {"arp -d *", batch.Command{Line: 1}},
		"no case":                {"ARP -D", batch.Command{Line: 1}},
		"not shown":              {"@arp -d", batch.Command{Line: 1}},
		"by its path":            {`"%SystemRoot%\system32\arp.exe" -d`, batch.Command{Line: 1}},
		"by cmd":                 {`%ComSpec% /c %windir%\System32\ping.exe -n 2 10.0.0.81`, ping(1, 2, a, "")},
		"the guide's order":      {"ping -n 10 10.0.0.81 -S 10.0.0.190", ping(1, 10, a, s)},
		"target first":           {"ping 10.0.0.81 -S 10.0.0.190 -n 10", ping(1, 10, a, s)},
		"target last":            {"Ping -S 10.0.0.190 -N 1000 10.0.0.81", ping(1, 1000, a, s)},
		"tabs and blanks":        {"\t ping\t-n  1 10.0.0.81 -S\t10.0.0.190  ", ping(1, 1, a, s)},
		"Windows sends four":     {"ping 10.0.0.81 -S 10.0.0.190", ping(1, 4, a, s)},
		"Windows takes a source": {"ping -n 2 10.0.0.81", ping(1, 2, a, "")},
		"lines are counted":      {"@echo off\n\n:: x\narp -d", batch.Command{Line: 4}},
		"a label is a comment":   {":again & more\r\nrem > x\r\nREM\r\n@rem a\r\narp -d", batch.Command{Line: 5}},
	} {
		t.Run(rule, func(t *testing.T) {
			got, problems := batch.Parse("x.bat", []byte(tt.text))
			require.Empty(t, problems)
			require.Equal(t, []batch.Command{tt.want}, got.Commands)
		})
	}
}

// What people have in such files beside the guide's lines, and what is played of it.
func TestH11_FilesPeopleHave(t *testing.T) {
	for text, want := range map[string]string{
		"timeout /t 4 /nobreak >nul":                                            "timeout /t 4 /nobreak",
		"timeout 4 > NUL 2>&1":                                                  "timeout /t 4 /nobreak",
		"TIMEOUT.EXE /T:4":                                                      "timeout /t 4 /nobreak",
		"ping -n 5 127.0.0.1 >nul":                                              "timeout /t 4 /nobreak",
		"ping localhost":                                                        "timeout /t 3 /nobreak",
		"timeout /t 0\nping -n 1 127.0.0.1\narp -d":                             "arp -d",
		"netsh interface ip delete arpcache":                                    "netsh interface ip delete arpcache",
		"netsh int ipv4 del neighbors \"Local Area Connection\"":                "netsh interface ip delete arpcache",
		"C:\\Windows\\System32\\ARP.EXE -d *":                                   "arp -d",
		"\"C:\\Windows\\System32\\ping.exe\" -w 1000 /n 2 10.0.0.1 -4 -l 64":    "ping -n 2 -w 1000 10.0.0.1",
		"@echo off & setlocal & echo start & arp -d & echo done":                "arp -d",
		"set PC=10.0.0.81\nset \"VIP=10.0.0.190\"\nping %pc% -S %VIP%":          "ping -n 4 10.0.0.81 -S 10.0.0.190",
		"for %%i in (81 82) do ping 10.0.0.%%i":                                 "ping -n 4 10.0.0.81; ping -n 4 10.0.0.82",
		"for /L %%n in (1,1,3) do @ping -n 1 10.0.0.%%n":                        "ping -n 1 10.0.0.1; ping -n 1 10.0.0.2; ping -n 1 10.0.0.3",
		"FOR %%i IN (81,82) DO (\n  arp -d\n  ping -n 1 10.0.0.%%i >nul\n)":     "arp -d; ping -n 1 10.0.0.81; arp -d; ping -n 1 10.0.0.82",
		"for %%a in (1 2) do for %%b in (3 4) do ping -n 1 10.0.%%a.%%b":        "ping -n 1 10.0.1.3; ping -n 1 10.0.1.4; ping -n 1 10.0.2.3; ping -n 1 10.0.2.4",
		"start /b ping -n 2 10.0.0.1 -S 10.0.0.9":                               "start /b ping -n 2 10.0.0.1 -S 10.0.0.9",
		"start \"to heal\" /min C:\\Windows\\System32\\ping.exe -n 2 10.0.0.1":  "start /b ping -n 2 10.0.0.1",
		"start /wait \"\" ping -n 2 10.0.0.1\nstart cmd /c arp -d":              "ping -n 2 10.0.0.1; arp -d",
		"start timeout /t 9\nstart \"\" cmd /c exit\narp -d":                    "arp -d",
		"ping -n 1 ^\n10.0.0.1":                                                 "ping -n 1 10.0.0.1",
		"arp -d\nexit /b 0\ndel x":                                              "arp -d",
		"arp -d\ngoto :eof\n:sub\ndel x":                                        "arp -d",
		"call arp -d\ncmd /c arp -d":                                            "arp -d; arp -d",
		"arp -a & ipconfig /flushdns & netsh interface ip show config & arp -d": "arp -d",
	} {
		got, problems := batch.Parse("x.bat", []byte(text))
		require.Empty(t, problems, text)
		require.Equal(t, want, strings.ReplaceAll(strings.TrimSpace(string(got.Format())), "\r\n", "; "), text)
	}
}

// No batch file is an error: what cannot be played is told with its line.
func TestH11_EveryProblemAtOnce(t *testing.T) {
	got, problems := batch.Parse("x.bat", []byte("ping -n 0 10.0.0.1\ndel x\nping pc1 -S 10.0.0.190\narp -d\n"))
	require.Equal(t, `x.bat:1: warning: found -n "0", expected a count from 1 to 1000; the line does nothing
x.bat:2: warning: found "del x", which is not played; expected `+"`arp -d`, `netsh interface ip delete arpcache`, `timeout` and `ping -n <count> <client> -S <VIP>`, in `if`, `for`, `set`, `goto` and `call :label`, too"+`
x.bat:3: warning: found "pc1", expected an IPv4 address as 192.168.10.150; names are not looked up; the line does nothing`, problems.Error())
	require.Equal(t, []batch.Command{{Line: 4}}, got.Commands)
}

// What is told of a line stands in the message as it was typed, with its backslashes; what cannot be seen is named.
func TestLinesAreToldAsTheyWereTyped(t *testing.T) {
	for line, want := range map[string]string{
		`del C:\epost\log\a.txt`:           `found "del C:\epost\log\a.txt", which is not played`,
		`ping pc\1`:                        `found "pc\1", expected an IPv4 address`,
		`ping -n \9 10.0.0.1`:              `found -n "\9", expected a count`,
		`ping -n 1 10.0.0.1 -\x`:           `found "-\x", expected -n, -S, -w and one address`,
		`for /f %%a in (\\nas\a b) do %%a`: `found "for /f %%a in (\\nas\a b) do %%a", which is not played`,
		`arp -d >>\\nas\log.txt`:           `found ">>\\nas\log.txt", a file`,
		`arp -d C:\x`:                      `found "arp -d C:\x", which is not played`,
		`netsh -f C:\x`:                    `found "netsh -f C:\x", which is not played`,
		`timeout C:\x`:                     `found "timeout C:\x", which is not played`,
		"del C:\\\u202etxt.exe":            `found "del C:\<U+202E>txt.exe", which is not played`,
	} {
		_, problems := batch.Parse("x.bat", []byte(line))
		require.Len(t, problems, 1, line)
		require.Contains(t, problems[0].Message, want)
	}
}

func TestAFileOver64KiBIsNotPlayed(t *testing.T) {
	_, problems := batch.Parse("x.bat", append([]byte("arp -d\n"), bytes.Repeat([]byte("\n"), batch.MaxBytes-7)...))
	require.Empty(t, problems)
	got, problems := batch.Parse("x.bat", append([]byte("arp -d\n"), bytes.Repeat([]byte("\n"), batch.MaxBytes)...))
	require.Equal(t, "x.bat: warning: found 65543 bytes, of which nothing is played, expected at most 65536 in a batch file", problems.Error())
	require.Empty(t, got.Commands)
}

// Loops in loops come to an end.
func TestEndlessLoopsEnd(t *testing.T) {
	loop := "for /L %%a in (1,1,10000) do for /L %%b in (1,1,10000) do "
	for text, want := range map[string]string{
		"rem":    "x.bat:1: warning: found more than 100000 steps in loops, of which the rest is not played",
		"arp -d": "x.bat:1: warning: found more than 10000 commands, of which the rest is not played",
	} {
		_, problems := batch.Parse("x.bat", []byte(loop+text))
		require.Equal(t, want, problems.Error())
	}
}

func TestH11_AnyBatchIsReadBackAsWritten(t *testing.T) {
	address := rapid.Custom(func(t *rapid.T) netip.Addr {
		return netip.AddrFrom4([4]byte{10, rapid.Byte().Draw(t, "b"), rapid.Byte().Draw(t, "c"), rapid.Byte().Draw(t, "d")})
	})
	rapid.Check(t, func(t *rapid.T) {
		var b batch.Batch
		for i := range rapid.IntRange(1, 20).Draw(t, "commands") {
			c := batch.Command{Line: i + 1}
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				c.Netsh = true
			case 1:
				c.Wait = time.Duration(rapid.IntRange(1, 99_999).Draw(t, "wait")) * time.Second
			case 2:
				c.Ping = &batch.Ping{Count: rapid.IntRange(1, batch.MaxCount).Draw(t, "count"), Target: address.Draw(t, "target")}
				if rapid.Bool().Draw(t, "-S") {
					c.Ping.Source = address.Draw(t, "source")
				}
				c.Ping.Timeout = time.Duration(rapid.IntRange(0, 5000).Draw(t, "-w")) * time.Millisecond
			}
			b.Commands = append(b.Commands, c)
		}
		got, problems := batch.Parse("", b.Format())
		require.Empty(t, problems)
		require.Equal(t, b, got)
	})
}

// What stands in a block is told, and played, as of its own line.
func TestH11_LinesOfABlock(t *testing.T) {
	got, problems := batch.Parse("x.bat", []byte("for %%v in (10.0.0.30 10.0.0.31) do (\r\n  arp -d\r\n  if \"%%v\"==\"10.0.0.30\" (\r\n    ping -n 2 10.0.0.1 -S %%v\r\n    del x\r\n  ) else (\r\n    ping -n 2 10.0.0.2 -S %%v\r\n  )\r\n)\r\narp -d\r\n"))
	var lines []int
	for _, c := range got.Commands {
		lines = append(lines, c.Line)
	}
	require.Equal(t, []int{2, 4, 2, 7, 10}, lines)
	require.Contains(t, problems.Error(), `x.bat:5: warning: found "del x"`)
}

// A loop by goto is played as often as its counter says; one that nothing ends halts the batch, and what stands behind it is
// never done. Where only the run knows whether it ends, it is not played, and that is told.
func TestH11_LoopsByGoto(t *testing.T) {
	counted, problems := batch.Parse("x.bat", []byte("set N=0\r\n:again\r\narp -d\r\nset /a N+=1\r\nif %N% lss 3 goto again\r\nping -n 2 10.0.0.1\r\n"))
	require.Empty(t, problems)
	require.Equal(t, "arp -d\r\narp -d\r\narp -d\r\nping -n 2 10.0.0.1\r\n", string(counted.Format()))

	endless, problems := batch.Parse("x.bat", []byte(":again\r\nping -n 2 10.0.0.1\r\ntimeout /t 60\r\ngoto again\r\nping -n 2 10.0.0.2\r\n"))
	require.Contains(t, problems.Error(), `x.bat:4: warning: found "goto again", behind which nothing is done: it goes back up without end`)
	require.True(t, endless.Halts)
	require.Equal(t, 4, endless.End)
	require.Len(t, endless.Commands, 2)

	unsure, problems := batch.Parse("x.bat", []byte(":again\r\nping -n 2 10.0.0.1\r\nif not errorlevel 1 exit /b\r\ngoto again\r\nping -n 2 10.0.0.2\r\n"))
	require.Contains(t, problems.Error(), `x.bat:4: warning: found "goto again", which is not played: it goes back up, or only the run knows whether it does`)
	require.False(t, unsure.Halts)
}
