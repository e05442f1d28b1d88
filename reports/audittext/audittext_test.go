package audittext_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/audittext"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/audited"
	"ipwsim/sim/finding"
)

var update = flag.Bool("update", false, "write the golden files anew")

// An audit is told with what to change first, and one that found nothing says so.
func TestAnAuditIsTold(t *testing.T) {
	none := &audited.Audit{Cluster: "fine", Rerun: "ipwsim audit fine --seed 1"}
	for name, a := range map[string]*audited.Audit{"all": runtest.Audit(), "none": none} {
		for _, lang := range []words.Lang{words.English, words.Japanese} {
			var b bytes.Buffer
			require.NoError(t, audittext.Audit(&b, a, term.Options{Lang: lang}))
			runtest.Harmless(t, b.String(), 80)
			file := filepath.Join("testdata", name+"."+lang.Code()+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, b.Bytes(), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), b.String(), "go test ./reports/audittext -update writes it anew")
		}
	}
}

// A command that is to be typed is not parted, however long it is.
func TestCommandsAreNotParted(t *testing.T) {
	const long = `schtasks /create /tn "IPW arpclear" /sc ONEVENT /mo "*[System[Provider[@Name='IPWCS'] and EventID=100]]"`
	a := runtest.Audit()
	a.Todo[0].Change.Do[0].Command = long
	a.Rerun = "ipwsim audit '" + long + "' --seed 1"
	var b bytes.Buffer
	require.NoError(t, audittext.Audit(&b, a, term.Options{}))
	require.Contains(t, b.String(), ":\n      "+long+"\n")
	require.Contains(t, b.String(), "again, to the byte:\n  "+a.Rerun+"\n")
}

// A line to write is not parted either, however long it is: it is typed, or pasted.
func TestLinesAreNotParted(t *testing.T) {
	old := `"FailureActions"=hex:` + strings.Repeat("80,51,01,00,", 12) + "00"
	renamed := strings.Repeat(`-f=ローカル エリア接続 `, 6) + "2"
	a := runtest.Audit()
	a.Todo[0].Change.Edits = []audited.Edit{{File: "active/ipwcs.reg", Line: 7, Old: old, New: renamed}, {File: "active/ipwcs.reg", Line: 5, New: old}}
	for _, lang := range []words.Lang{words.English, words.Japanese} {
		var b bytes.Buffer
		require.NoError(t, audittext.Audit(&b, a, term.Options{Lang: lang}))
		for _, line := range []string{old, renamed} {
			require.Contains(t, b.String(), "\n        "+line+"\n")
		}
		require.Less(t, strings.Index(b.String(), "ipwcs.reg:7"), strings.Index(b.String(), "ipwcs.reg:5"))
	}
}

// A silence of a story to ping alone is told apart from one of mail.
func TestASilenceToPingAlone(t *testing.T) {
	f := &finding.Facts{}
	minutes := func(n time.Duration) time.Duration { return n * time.Minute }
	o := &finding.Outage{Client: "pc", To: minutes(30)}
	for pings, want := range map[time.Duration]string{
		0:           ": 30 min without an answer (",
		minutes(20): ": 10 min without mail, and 20 min more without an answer to ping alone (",
		minutes(30): ": 30 min without an answer to ping alone; mail goes on (",
	} {
		if pings > 0 {
			o.Pings = []finding.Span{{From: 0, To: pings}}
		} else {
			o.Pings = nil
		}
		require.Contains(t, words.English.AuditOutage(f, o), want)
		require.Equal(t, pings > 0, strings.Contains(words.Japanese.AuditOutage(f, o), "ping だけ"))
	}
	require.Empty(t, words.English.AuditPings(&audited.Cost{Echo: 0.5}))
	require.Equal(t, "besides, ping alone is not answered for 26 min each; mail goes on", words.English.AuditPings(&audited.Cost{Echo: 26 * 60}))
}
