package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
)

// H8: a silence to ping alone is told apart from one of mail, in the report of one run and of many.
func TestASilenceToPingAloneIsNoneOfMail(t *testing.T) {
	told := func(lang words.Lang, scenario string) string {
		r := runtest.Scenario(t, scenario)
		out := report(t, r, term.Options{Lang: lang, Width: 200})
		return strings.Join(strings.Fields(out+suite(t, term.Options{Lang: lang, Width: 200}, r, r)), " ")
	}
	for _, s := range []string{"echo-blocked", "icmp-dropped"} {
		en := told(words.English, s)
		require.Contains(t, en, "ping alone is not answered: mail goes on")
		require.Regexp(t, `made of: [^,]+, to ping alone \d+`, en)
		require.Regexp(t, `longest silence > [0-9.]+ s \(client\), [0-9.]+ s of it to ping alone`, en)
		require.NotContains(t, en, "no node could serve it")
		require.Contains(t, told(words.Japanese, s), "ping だけが応答なし: メールは届いている")
	}
	for _, s := range []string{"cable-pull", "public-after-boot"} {
		require.NotContains(t, told(words.English, s), "ping alone")
		require.NotContains(t, told(words.Japanese, s), "ping だけ")
	}
}
