package collected_test

import (
	"testing"
	"testing/fstest"

	"ipwsim/sim/collected"
)

// Whatever a file holds, reading it ends, and what it says has a line of the file.
func FuzzRead(f *testing.F) {
	for _, s := range []string{ipconfigEnglish, ipconfigJapanese, task, rule("Yes", "Allow", "Public", "8"), "Interface: 1.2.3.4 --- 0x1\n", "OS Version: 1\n", "Pinging a [1.2.3.4]\n", "SERVICE_START_NAME : a\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := 1
		for _, b := range data {
			if b == '\n' {
				lines++
			}
		}
		for _, name := range []string{"out.txt", "ipwatch.dat", "arpclear.bat", "a.reg", "hosts"} {
			s, problems := collected.Read(fstest.MapFS{"m/" + name: {Data: data}}, "m")
			for _, p := range problems {
				if p.Line > lines {
					t.Errorf("%v: beyond %d lines", p, lines)
				}
			}
			for _, a := range s.IPConfig.Adapters {
				if a.Line < 1 || a.Line > lines {
					t.Errorf("adapter at %v", a.Place)
				}
			}
			for _, a := range s.Tasks {
				if a.Line < 1 || a.Line > lines {
					t.Errorf("task at %v", a.Place)
				}
			}
			s.Firewall.Blocked(collected.Inbound{})
			s.Firewall.Blocked(collected.Inbound{Port: 445, From: ip("192.168.10.201"), To: ip("192.168.10.200")})
		}
	})
}
