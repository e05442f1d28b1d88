package text_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

// Mail that nobody took is told at the head, though the VIP was answered all the time.
func TestTheHeadTellsWhenNoMailWasAccepted(t *testing.T) {
	r := runtest.Scenario(t, "mail-share-full")
	for l, want := range map[words.Lang]string{
		words.English:  "\n      no client lost the VIP's answer\n      no mail accepted  75.0 s  client -> 192.168.10.202:25, from 20 s\n",
		words.Japanese: "\n      VIP の応答を失ったクライアントはない\n      メール受信なし 75.0 秒  client -> 192.168.10.202:25、20 秒から\n",
	} {
		out := report(t, r, term.Options{Lang: l})
		require.Contains(t, out, want)
		require.Regexp(t, `(?m)^ +20\.000 .+  client -> 192\.168\.10\.202:25  75\.0 `, out, "in the section on mail")
	}
	require.NotContains(t, report(t, runtest.Scenario(t, "cable-pull"), term.Options{}), "no mail accepted")
}
