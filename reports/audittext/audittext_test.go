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
