package page

import (
	"context"
	"io/fs"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"ipwsim/reports/runtest"
	"ipwsim/reports/runtest/browser"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

func TestMain(m *testing.M) { browser.Main(m) }

var vip = netip.MustParseAddr("192.168.10.202")

func sec(s float64) time.Duration { return time.Duration(s * 1e9) }

// runs are the scenarios that were run, each once for all tests: nobody changes them.
var runs sync.Map

// shipped runs a shipped scenario, with the frames of its page.
func shipped(t testing.TB, name string) *finding.Run {
	t.Helper()
	once, _ := runs.LoadOrStore(name, sync.OnceValues(func() (*finding.Run, error) {
		data, err := scenarios.Read(name)
		if err != nil {
			return nil, err
		}
		return play(name, data)
	}))
	r, err := once.(func() (*finding.Run, error))()
	require.NoError(t, err)
	return r
}

// written runs a scenario of the test's own.
func written(t testing.TB, text string) *finding.Run {
	t.Helper()
	r, err := play("written", []byte(text))
	require.NoError(t, err)
	return r
}

func play(name string, data []byte) (*finding.Run, error) {
	s, problems := script.Parse(name, data)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	r, err := script.Run(context.Background(), s, script.Options{Frames: true, Cluster: func(name string) (fs.FS, error) {
		sub, err := fs.Sub(scenarios.Clusters(), name)
		if err == nil {
			_, err = fs.Stat(sub, ".")
		}
		return sub, err
	}})
	if err == nil {
		r.Rerun, r.Program = "ipwsim run "+name, "v1.2.3"
	}
	return r, err
}

// changed is a copy of the run whose findings can be changed.
func changed(r *finding.Run) *finding.Run {
	c := *r
	c.Results = append([]finding.Result{}, r.Results...)
	c.Expectations = append([]finding.Expectation{}, r.Expectations...)
	if r.Trace != nil {
		t, f := *r.Trace, *r.Facts
		f.Uses = append([]finding.Use{}, f.Uses...)
		c.Trace, c.Facts = &t, &f
	}
	return &c
}

func pageOf(t require.TestingT, r *finding.Run, opt Options) string {
	var b strings.Builder
	require.NoError(t, Run(&b, r, opt))
	return b.String()
}

func suiteOf(t require.TestingT, all []*finding.Run, opt Options) string {
	var b strings.Builder
	require.NoError(t, Suite(&b, all, func(r *finding.Run) string { return "x.html" }, opt))
	return b.String()
}

// textOf is a page's text without its markup.
func textOf(t require.TestingT, page string) string {
	var b strings.Builder
	runtest.PageTexts(t, page, func(text string, in []*html.Node) {
		if tag := in[len(in)-1].Data; tag != "style" && tag != "script" {
			b.WriteString(text + " ")
		}
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// section is the part of a page with the id.
func section(t require.TestingT, page, id string) string {
	_, from, ok := strings.Cut(page, `<section id="`+id+`"`)
	require.True(t, ok, "no section %s", id)
	text, _, _ := strings.Cut(from, "</section>")
	return "<section" + text + "</section>"
}

// both are the languages.
var both = []words.Lang{words.English, words.Japanese}
