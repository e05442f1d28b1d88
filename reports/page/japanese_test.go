package page

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"ipwsim/reports/words"
	"ipwsim/scenarios"
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

// english are the English sentences of a page outside quotations.
func english(t require.TestingT, page string, runs ...*finding.Run) (all []string) {
	lines := []string{"netsh interface ip add|delete address", ""} // a rule quotes it
	for _, r := range runs {
		for _, text := range others(r) {
			if text != "" {
				lines = append(lines, text, "")
			}
		}
	}
	quotes := strings.NewReplacer(lines...)
	texts(t, page, func(text string, in []*html.Node) {
		if !quoted(in) && sentence.MatchString(quotes.Replace(text)) {
			all = append(all, text)
		}
	})
	return all
}

// The pages of all shipped scenarios can be sent by mail: the largest, of ten VIPs, stays below 250 kB. The Japanese ones
// are Japanese.
func TestPagesAreSmallAndJapaneseOnesJapanese(t *testing.T) {
	var all []*finding.Run
	for _, name := range scenarios.Names() {
		r := changed(shipped(t, name))
		r.Title.Ja = "題名"
		r.Captures = "captures"
		all = append(all, r)
		ja := pageOf(t, r, Options{Lang: words.Japanese})
		assert.Empty(t, english(t, ja, r), name)
		assert.Less(t, len(ja), 250_000, name) // a Japanese page is the larger one
	}
	assert.Empty(t, english(t, suiteOf(t, all, Options{Lang: words.Japanese}), all...))
}

func TestEnglishIsFound(t *testing.T) {
	r := shipped(t, "cable-pull")
	require.Greater(t, len(english(t, pageOf(t, r, Options{}), r)), 20)
	ja := strings.Replace(pageOf(t, r, Options{Lang: words.Japanese}), "</main>", "<p>nobody knows what happened here</p></main>", 1)
	require.NotEmpty(t, english(t, ja, r))
}
