package runtest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// Read is what people read on a page of one script, in its order.
func Read(t testing.TB, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var all []string
	scripts := 0
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Data == "script":
			scripts++
			return
		case n.Data == "style":
			return
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "":
			all = append(all, strings.TrimSpace(n.Data))
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	require.Equal(t, 1, scripts, "the page's own")
	return strings.Join(all, "\n")
}
