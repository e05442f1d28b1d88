package batch_test

import (
	"bytes"
	"net/netip"
	"testing"

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

func TestH11_EveryProblemAtOnce(t *testing.T) {
	_, problems := batch.Parse("x.bat", []byte("ping -n 0 ::1 -S a -t\ndel x\n"))
	require.EqualError(t, problems.Err(), `x.bat:1: error: found -n "0", expected a count from 1 to 1000
x.bat:1: error: found "::1", expected IPv4, the only one that the cluster supports (C4)
x.bat:1: error: found "-S a", expected an IPv4 address as 192.168.10.150; names are not looked up
x.bat:1: error: found "-t", expected -n: a ping that never ends keeps the batch from going on
x.bat:2: error: found "del x", expected `+"`arp -d` and `ping -n <count> <client> -S <VIP>`, one a line")
}

func TestAFileOver64KiBIsAnError(t *testing.T) {
	_, problems := batch.Parse("x.bat", append([]byte("arp -d\n"), bytes.Repeat([]byte("\n"), batch.MaxBytes-7)...))
	require.Empty(t, problems)
	_, problems = batch.Parse("x.bat", bytes.Repeat([]byte("\n"), batch.MaxBytes+1))
	require.EqualError(t, problems.Err(), "x.bat: error: found 65537 bytes, expected at most 65536 in a batch file")
}

func TestH11_AnyBatchIsReadBackAsWritten(t *testing.T) {
	address := rapid.Custom(func(t *rapid.T) netip.Addr {
		return netip.AddrFrom4([4]byte{10, rapid.Byte().Draw(t, "b"), rapid.Byte().Draw(t, "c"), rapid.Byte().Draw(t, "d")})
	})
	rapid.Check(t, func(t *rapid.T) {
		var b batch.Batch
		for i := range rapid.IntRange(1, 20).Draw(t, "commands") {
			c := batch.Command{Line: i + 1}
			if rapid.Bool().Draw(t, "ping") {
				c.Ping = &batch.Ping{Count: rapid.IntRange(1, batch.MaxCount).Draw(t, "count"), Target: address.Draw(t, "target")}
				if rapid.Bool().Draw(t, "-S") {
					c.Ping.Source = address.Draw(t, "source")
				}
			}
			b.Commands = append(b.Commands, c)
		}
		got, problems := batch.Parse("", b.Format())
		require.Empty(t, problems)
		require.Equal(t, b, got)
	})
}
