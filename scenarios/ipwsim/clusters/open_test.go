package clusters

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
)

// --open says where the page is; only a terminal gets a browser.
func TestOpeningAPage(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, open("plan9", "our page.html", &out, &cli.Lang{Lang: words.English}))
	require.Equal(t, "the page: our page.html\n", out.String())
	require.Equal(t, []string{"rundll32", "url.dll,FileProtocolHandler", "our page.html"}, opener("windows", "our page.html"))
	require.Equal(t, []string{"open", "our page.html"}, opener("darwin", "our page.html"))
	require.Equal(t, []string{"xdg-open", "our page.html"}, opener("linux", "our page.html"))
}
