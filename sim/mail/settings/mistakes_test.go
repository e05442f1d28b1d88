package settings

import (
	"bytes"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
)

// Each file of testdata/mistakes is edits to the shipped cluster and the exact problems wanted:
//
//	edit <file>: <old> -> <new>      every <old>; \n in them is a line end
//	delete <file>: <old>
//	remove <file>
//	add <file>: <line>
//	want
//	<problems>
//
// A first line with # says what the mistake is.
func TestEachMistakeAloneIsNamed(t *testing.T) {
	for _, file := range golden.Files(t, "testdata/mistakes/*.txt") {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			edits, _, found := strings.Cut(string(golden.Read(t, file)), "want\n")
			require.True(t, found)
			m := shipped(t)
			for _, line := range strings.Split(strings.TrimSpace(edits), "\n") {
				apply(t, m, line)
			}
			_, problems := load(m, facts())
			got := ""
			if len(problems) > 0 {
				got = problems.Error() + "\n"
			}
			require.NotEmpty(t, got, "a mistake has problems")
			golden.Hold(t, file, edits+"want\n"+got)
		})
	}
}

func apply(t *testing.T, m fstest.MapFS, line string) {
	verb, rest, _ := strings.Cut(line, " ")
	name, arg, _ := strings.Cut(rest, ": ")
	arg = strings.ReplaceAll(arg, `\n`, "\r\n")
	switch verb {
	case "#":
	case "edit":
		old, new, found := strings.Cut(arg, " -> ")
		require.True(t, found, line)
		require.Contains(t, m, name)
		require.Contains(t, string(m[name].Data), old, line)
		m[name] = &fstest.MapFile{Data: bytes.ReplaceAll(m[name].Data, []byte(old), []byte(new))}
	case "delete":
		apply(t, m, "edit "+rest+" -> ")
	case "remove":
		require.Contains(t, m, name)
		delete(m, name)
	case "add":
		if m[name] == nil {
			m[name] = &fstest.MapFile{}
		}
		m[name] = &fstest.MapFile{Data: append(bytes.Clone(m[name].Data), arg+"\r\n"...)}
	default:
		t.Fatalf("unknown edit %q", line)
	}
}

// M5, M7: hosts leads to a domain by the address that tells it; by another VIP it leads to another domain.
func TestADomainIsAtTheAddressThatTellsIt(t *testing.T) {
	f := facts()
	f.VIPs = append(f.VIPs, netip.MustParseAddr("192.168.10.203"))
	m := shipped(t)
	apply(t, m, "edit active/mail/hosts: 192.168.10.202 -> 192.168.10.203")
	_, problems := load(m, f)
	require.Contains(t, problems.Error(), "active/mail/hosts:3: warning: example.com is at 192.168.10.203, and told by the address 192.168.10.202 (active/mail/epost.reg:11), so mail that is sent on to it is taken for another domain's")
	require.NotContains(t, problems.Error(), "standby/mail/hosts")
}
