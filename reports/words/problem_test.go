package words_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/netstack/arp"
	"ipwsim/netstack/policy"
	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/audited"
	"ipwsim/sim/trace"
)

func TestATextIsSaidWithWhatItIsMadeOf(t *testing.T) {
	inner := diag.Say("%.60q is out of range; expected %s", "7", diag.Say("1s to 720h"))
	require.Equal(t, [2]string{
		`cable core: "7" is out of range; expected 1s to 720h (did you mean "7s"?)`,
		`ケーブル core: "7" は範囲外。1s～720h を指定 ("7s" の誤り?)`,
	}, both(func(l words.Lang) string {
		return l.Text(diag.Say("%w%s", diag.Say("cable %s: %w", "core", inner), diag.Suggest("7", []string{"7s"})))
	}))
	require.Empty(t, words.Japanese.Text(diag.Text{}))
	require.Equal(t, "nobody has said %d this", words.Japanese.Text(diag.Say("nobody has said %%d this")), "what is not known is said in English")
	require.Equal(t, "100% の%d", words.Japanese.Text(diag.Text{Format: "100%% の%%d"}))
}

// A warning tells times as people do; an error as they are typed.
func TestTimesOfWarningsAreInWords(t *testing.T) {
	said := diag.Say("found a time of %v%w", 90*time.Minute, diag.Aside("not %v, nor %v", 30*time.Minute, 18*time.Second))
	p := diag.Problem{File: "x.reg", Severity: diag.Warning, Said: said, Message: said.Error()}
	require.Equal(t, "x.reg: warning: found a time of 1 h 30 min (not 30 min, nor 18 s)", words.English.Located(p))
	require.Contains(t, words.Japanese.Located(p), "1 時間 30 分 (not 30 分, nor 18 秒)")
	p.Severity = diag.Error
	require.Contains(t, words.English.Located(p), "1h30m0s (not 30m0s")

	age := audited.Change{Kind: audited.L3Age, Node: "l3", From: "4h", To: "1m30s"}
	require.Contains(t, words.English.AuditChange(&age), "after 1 min 30 s (now 4 h)")
	list := audited.Change{Kind: audited.SameRelease, From: "60", To: "240"}
	require.Contains(t, words.English.AuditChange(&list), "240 (now 60)")
}

func TestAnErrorIsSaidALineForEach(t *testing.T) {
	var l diag.List
	l.Warnf("ipwatch.dat", 2, "the table has no comments")
	l.Errorf("", 3, "the string is empty; expected a name")
	disk := &fs.PathError{Op: "open", Path: "x.reg", Err: syscall.EACCES}
	err := errors.Join(l, disk, diag.Errorf("--folder: %w", disk), fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), errors.New("odd"))
	require.Equal(t, `ipwatch.dat:2: 警告: テーブルにコメントは書けない
3 行目: エラー: 文字列が空。名前が必要
x.reg: アクセスが拒否された
--folder: x.reg: アクセスが拒否された
reading: 途中で終わっている
odd`, words.Japanese.Error(err))
	require.Equal(t, err.Error(), words.English.Error(err))
	require.Empty(t, words.Japanese.Error(nil))
}

// In a sentence the problems of a list stand in one line.
func TestProblemsInASentence(t *testing.T) {
	var l diag.List
	l.Errorf("a.reg", 1, "the string is empty; expected a name")
	l.Errorf("b.reg", 0, "found no `expect`; nothing is judged but the checks")
	require.Equal(t, [2]string{
		"other problems: a.reg:1: error: the string is empty; expected a name; b.reg: error: found no `expect`; nothing is judged but the checks",
		"別の問題: a.reg:1: エラー: 文字列が空。名前が必要; b.reg: エラー: `expect` がない。検査以外は判定されない",
	}, both(func(lang words.Lang) string { return lang.Text(diag.Say("other problems: %w", l.InLine())) }))
}

// badTOML has every error of the TOML reader that has Japanese.
var badTOML = []string{
	"a=1\na=2", "[a]\n[a]", "a.b.c=1\n[a.b]", "[[a]]\n[a]", "a=1\n[a]", "a=1\n[[a]]", "[a]\n[[a]]", "a=1 b", "a=", "[", "a 1", "[[a]", "[a", "=1", "a=x",
	`a="\q"`, `a="b`, "a='b", `a="""b`, "a='''b", "a=\"b\nc\"", "a='b\nc'", "a=\"b\x01\"", "a='b\x01'", "a=\"\"\"b\x01\"\"\"", "a='''b\x01'''",
	"# \x01", "# \rx", "a=1\rb=2", `a="\`, "a=1x", "a=-x", "a=truu", "a=01", "a=-0x1", "a=0x", "a=1.", "a=1e", "a=1__2",
	"a=2025-02-30", "a=2025-2-1", "a=1:2:3", "a=99999999999999999999", `a="\u12"`, `a="\uzzzz"`, `a="\ud800"`, "a={\n", "a=0xg", "a=b",
}

// system has errors that people may see, of this computer and of Go.
var system = []error{
	fs.ErrNotExist, syscall.ENOENT, syscall.EACCES, syscall.EEXIST, syscall.ENOTDIR, syscall.EISDIR, syscall.ENOTEMPTY,
	syscall.ENOSPC, syscall.ENAMETOOLONG, syscall.EROFS, syscall.EMFILE, syscall.EADDRINUSE, syscall.EADDRNOTAVAIL,
	syscall.EINVAL, io.EOF, io.ErrUnexpectedEOF, context.Canceled, strconv.ErrSyntax, strconv.ErrRange,
}

// Each text of others is one that they say, and what they say of them is said in Japanese.
func TestTextsOfOthers(t *testing.T) {
	all := append([]error(nil), system...)
	for _, text := range badTOML {
		var into map[string]any
		err := toml.Unmarshal([]byte(text), &into)
		require.Error(t, err, text)
		all = append(all, diag.Word(strings.TrimPrefix(err.Error(), "toml: ")))
	}
	header := `{"t":0,"kind":"header","body":{"version":2}}`
	for _, text := range []string{"", `{"kind":"end"}`, strings.ReplaceAll(header, "2", "1"), header + `{"kind":"odd"}`} {
		_, err := trace.Read(strings.NewReader(text))
		require.Error(t, err, text)
		all = append(all, err)
	}
	for _, text := range []string{"", "x", "1 2"} {
		all = append(all, json.Unmarshal([]byte(text), new(any)))
	}
	for _, state := range runtest.Constants(t, "sim/trace.PowerState") {
		if state != "on" {
			all = append(all, diag.Word(state))
		}
	}
	for _, values := range []string{fmt.Sprint(arp.Reactions), fmt.Sprint(policy.Sources), fmt.Sprint(policy.Removals)} {
		for _, value := range strings.Fields(strings.Trim(values, "[]")) { // of profiles
			all = append(all, diag.Word(value))
		}
	}
	for text, file := range read(t).literals {
		if file == "sim/windows/node.go" && strings.HasPrefix(text, "on, ") {
			all = append(all, diag.Word(text))
		}
	}
	used := map[string]bool{}
	for _, err := range all {
		said := words.Japanese.Error(err)
		if said == err.Error() {
			t.Log("no Japanese of", err)
			t.Fail()
		}
		used[said] = true
	}
	for text, ja := range japaneseOf(t, foreignFile) {
		form := strings.Split(verbOf.ReplaceAllString(ja, "\x00"), "\x00")
		found := false
		for said := range used {
			found = found || strings.HasPrefix(said, form[0]) && strings.HasSuffix(said, form[len(form)-1])
		}
		if !found {
			t.Log("nobody says", text)
			t.Fail()
		}
	}
}
