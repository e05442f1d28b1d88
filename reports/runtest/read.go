package runtest

import (
	"regexp"
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

// ruled is a number of a rule that leads to its sentence.
var ruled = regexp.MustCompile(`<a class="r" href="#[A-Z][0-9]+">([A-Z][0-9]+)</a>`)

// PageTexts walks over a page's texts with the elements that they stand in. A number of a rule is no text of its own.
func PageTexts(t require.TestingT, page string, see func(text string, in []*html.Node)) {
	root, err := html.Parse(strings.NewReader(ruled.ReplaceAllString(page, "$1")))
	require.NoError(t, err)
	var walk func(*html.Node, []*html.Node)
	walk = func(n *html.Node, in []*html.Node) {
		if n.Type == html.TextNode {
			see(n.Data, in)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, append(in, n))
		}
	}
	walk(root, nil)
}
