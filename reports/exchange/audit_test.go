package exchange_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/exchange"
	"ipwsim/reports/runtest"
	"ipwsim/sim/audited"
)

var golden = flag.Bool("golden", false, "write testdata/audit.golden.json anew")

// An audit is what its schema says, and so is one that found nothing.
func TestAuditsAreValid(t *testing.T) {
	strict := runtest.Schema(t, exchange.AuditSchema, true)
	text := func(a *audited.Audit) string {
		var b bytes.Buffer
		require.NoError(t, exchange.Audit(&b, a))
		return b.String()
	}
	doc, empty := text(runtest.Audit()), text(&audited.Audit{Plan: audited.Plan{Mail: audited.Traffic{Source: audited.Assumed}}})
	for _, d := range []string{doc, empty} {
		require.NoError(t, strict([]byte(d)), d)
	}
	require.Contains(t, doc, `"good": false`)
	require.Contains(t, empty, `"good": true`)
	for what, change := range map[string][2]string{
		"another kind":      {`"ipwsim": "audit"`, `"ipwsim": "result"`},
		"a seed in number":  {`"seed": "7"`, `"seed": 7`},
		"another fault":     {`"kind": "cable-active"`, `"kind": "flood"`},
		"another change":    {`"kind": "task"`, `"kind": "mood"`},
		"another verdict":   {`"verdict": "gains"`, `"verdict": "fine"`},
		"another obstacle":  {`"what": "wrong cache"`, `"what": "fog"`},
		"an interval wrong": {`"low": 1500`, `"low": "1500"`},
	} {
		require.Contains(t, doc, change[0], what)
		require.Error(t, strict([]byte(strings.Replace(doc, change[0], change[1], 1))), what)
	}
	const file = "testdata/audit.golden.json"
	if *golden {
		require.NoError(t, os.WriteFile(file, []byte(doc), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), doc, "go test ./reports/exchange -golden writes it anew")
}
