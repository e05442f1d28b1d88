package runtest_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"ipwsim/reports/page"
	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// sentence is four words of English in a row.
var sentence = regexp.MustCompile(`[A-Za-z]*[a-z]{2,}[,;:]?(?: (?:[a-z][a-z'’-]*|I|VIP|P[0-9])[,;:]?){3,}`)

// quoted says whether a text stands where a page quotes: what machines printed, what the scenario says, what frames
// hold, and what there is in English alone.
func quoted(in []*html.Node) bool {
	for _, n := range in {
		switch n.Data {
		case "pre", "code", "style", "script":
			return true
		}
		for _, a := range n.Attr {
			if a.Key == "lang" && a.Val == "en" && n.Data != "html" || a.Key == "class" && a.Val == "row" {
				return true
			}
		}
	}
	return false
}

// others are the words of others in a run: lines of its scenario, services' and Windows' answers.
func others(r *finding.Run) (all []string) {
	for _, e := range r.Expectations {
		all = append(all, e.Text)
		for _, n := range e.Seen {
			if n.Problems == nil {
				all = append(all, n.Text)
			}
		}
	}
	for _, p := range r.Problems {
		if p.Said.Format == "" { // of none that parses files
			all = append(all, p.Message)
		}
	}
	if r.Trace == nil {
		return all
	}
	for _, rec := range r.Trace.Records {
		switch b := rec.Body.(type) {
		case trace.Fault:
			all = append(all, b.Line(), b.Setting)
		case trace.MailSend:
			all = append(all, b.Text)
		case trace.MailPoll:
			all = append(all, b.Text)
		case trace.MailRetry:
			all = append(all, b.Why)
		case trace.MailBounce:
			all = append(all, b.Why)
		}
	}
	return all
}

// unquoted are the English sentences of a page outside quotations.
func unquoted(t require.TestingT, code string, runs ...*finding.Run) (all []string) {
	lines := []string{"netsh interface ip add|delete address", ""} // a rule quotes it
	for _, r := range runs {
		for _, text := range others(r) {
			if text != "" {
				lines = append(lines, text, "")
			}
		}
	}
	quotes := strings.NewReplacer(lines...)
	runtest.PageTexts(t, code, func(text string, in []*html.Node) {
		if !quoted(in) && sentence.MatchString(quotes.Replace(text)) {
			all = append(all, text)
		}
	})
	return all
}

// pageIn is the page of a run.
func pageIn(t *testing.T, l words.Lang, r *finding.Run) string {
	var b strings.Builder
	require.NoError(t, page.Run(&b, r, page.Options{Lang: l}))
	return b.String()
}

func TestEnglishIsFoundOnAPage(t *testing.T) {
	r := runtest.Framed(t, "cable-pull")
	require.Greater(t, len(unquoted(t, pageIn(t, words.English, r), r)), 20)
	ja := strings.Replace(pageIn(t, words.Japanese, r), "</main>", "<p>nobody knows what happened here</p></main>", 1)
	require.NotEmpty(t, unquoted(t, ja, r))
}
