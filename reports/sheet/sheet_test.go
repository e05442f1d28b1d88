package sheet

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
)

func page(t *testing.T, lang words.Lang, text string) string {
	t.Helper()
	l := New("main { color: red }", "let x = 1;", fstest.MapFS{"a.html": {Data: []byte(`{{define "a"}}{{template "head" .}}<p>{{.Text}}</p>{{template "foot" .}}{{end}}`)}})
	var b strings.Builder
	require.NoError(t, l.Write(&b, lang, "a", struct {
		Head
		Text string
	}{Head{Title: "T & co", Badge: Badge{"weak", "SHOWN"}, Meta: []string{"seed 1"}}, text}))
	return b.String()
}

// The policy allows what stands in the page, by its hash, and nothing else.
func TestPolicyAllowsTheOwnStyleAndScriptOnly(t *testing.T) {
	out := page(t, words.English, "")
	got := regexp.MustCompile(`Content-Security-Policy" content="(.*?)"`).FindStringSubmatch(out)
	require.NotNil(t, got)
	allowed := strings.ReplaceAll(got[1], "&#39;", "'")
	allowed = strings.ReplaceAll(allowed, "&#43;", "+")
	require.True(t, strings.HasPrefix(allowed, "default-src 'none'; "))
	require.NotContains(t, allowed, "unsafe")
	for _, tag := range []string{"style", "script"} {
		body := regexp.MustCompile(`(?s)<`+tag+`>(.*?)</`+tag+`>`).FindAllStringSubmatch(out, -1)
		require.Len(t, body, 1)
		sum := sha256.Sum256([]byte(body[0][1]))
		require.Contains(t, allowed, tag+"-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
}

// What is text stays text, and what could not be seen or would turn text round is shown.
func TestTextFromOutside(t *testing.T) {
	out := page(t, words.Japanese, "<script>alert(1)</script>\u202e\x00\xff\tx")
	require.Contains(t, out, `<html lang="ja">`)
	require.Contains(t, out, `<p>&lt;script&gt;alert(1)&lt;/script&gt;\u202e`)
	require.Contains(t, out, `\xff`+"\tx</p>")
	require.Contains(t, out, "<title>SHOWN: T &amp; co</title>")
	require.Contains(t, out, "<footer><span>seed 1</span> </footer>")
	require.Equal(t, 1, strings.Count(out, "<script>"))
}

// A page says by its head that it is one of this program's; that of another does not.
func TestOurs(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Japanese} {
		out := page(t, lang, "")
		require.True(t, Ours([]byte(out)))
		require.True(t, Ours([]byte(out[:beginning])))
		require.False(t, Ours([]byte(strings.Replace(out, generator, "", 1))))
		require.False(t, Ours([]byte("<p>"+out)))
		require.False(t, Ours(nil))
	}
}
