package studypage

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/studied"
)

// The page shows how each figure spreads, in both languages, and nothing that a browser would load or run.
func TestThePageOfSeeds(t *testing.T) {
	for _, lang := range runtest.Langs {
		var b strings.Builder
		require.NoError(t, Seeds(&b, []*studied.Seeds{runtest.Seeds()}, lang))
		page := b.String()
		_, err := html.Parse(strings.NewReader(page))
		require.NoError(t, err)
		require.NotRegexp(t, `seeds\.[a-z]`, page, "every text is there")
		require.NotContains(t, page, "<b>", "names are text")
		require.Equal(t, 28, strings.Count(page, `<path class="line `), "a curve for each figure")
		require.Contains(t, page, `<span class="badge fail">`)
		require.Contains(t, page, "ipwsim run made-up --seed 17")
		require.Contains(t, page, "&gt;90.0")
		require.Equal(t, lang == words.Japanese, strings.Contains(page, "題名"))
	}
}

// Half of the seeds are done by the median; one that was never done does not end the curve at all of them.
func TestACurveOfSeeds(t *testing.T) {
	p := seedCurves(words.English, "x", runtest.Seeds().Figures[:1])[0]
	require.Contains(t, p.Curves[0].Line, "V42H", "three of four: 144 - 136 * 0.75")
	require.NotEmpty(t, p.Open)
}
