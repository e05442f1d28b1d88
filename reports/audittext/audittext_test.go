package audittext_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/audittext"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/audited"
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
