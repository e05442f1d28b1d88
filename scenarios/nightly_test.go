package scenarios_test

import (
	"context"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

// nightly lets the tests take minutes (make nightly).
var nightly = flag.Bool("nightly", false, "run what takes minutes, too")

// A property is held against 40 drawn runs, unless the command line has another number: make nightly has ten thousand.
func init() {
	if err := flag.Set("rapid.checks", "40"); err != nil {
		panic(err)
	}
}

// Ten thousand messages through three failovers: each is in its mailbox, or was read from it, once.
func TestTenThousandMessages(t *testing.T) {
	if !*nightly {
		t.Skip("it takes half a minute; make nightly runs it")
	}
	const file = "testdata/nightly/mail-ten-thousand.txtar"
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	s, problems := script.Parse(file, data)
	require.Empty(t, problems)
	out, err := script.Run(context.Background(), s, script.Options{Cluster: cluster})
	require.NoError(t, err)
	require.Equal(t, finding.Well, out.Outcome(), complaints(out))
	requireOnce(t, out, 10_000)
}

// requireOnce demands that so many messages were accepted, for one recipient each, and that each
// acceptance was delivered once. One that a client sent again after a lost 250 is accepted twice,
// which is SMTP's own nature.
func requireOnce(t testing.TB, out *finding.Run, messages int) {
	t.Helper()
	mail := out.Facts.Mail
	queued := 0
	for _, c := range mail.Copies {
		queued += c.Queued
	}
	require.Equal(t, []int{messages, 0, 0, 0}, []int{len(mail.Copies) - mail.Again, mail.Count(finding.Lost), mail.Count(finding.Doubled), queued}, "accepted, lost, doubled, queued")
	require.LessOrEqual(t, mail.Again, 10)
}
