package runs_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"ipwsim/reports/runtest/browser"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

func TestAPageARun(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.html")
	got := clitest.Run("run", "cable-pull", "--html", page)
	require.Equal(t, cli.ExitPass, got.Status)
	require.Contains(t, got.Out, "PASS  cable-pull", "the text is printed too")
	first := clitest.Read(t, page)
	require.Contains(t, first, "run cable-pull --seed 1 --pcap captures", "how to get the captures")
	clitest.Run("run", "cable-pull", "--html", page)
	require.Equal(t, first, clitest.Read(t, page), "same seed, same bytes")
	require.Less(t, len(first), 300_000)
	require.Len(t, entries(t, filepath.Dir(page)), 1)
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--html", page, "--lang", "ja").Status)
	require.Contains(t, clitest.Read(t, page), `<html lang="ja">`)
}

// One run can have a folder of pages too: what a script asks for does not hang on how many scenarios there are.
func TestOneRunCanMakeAFolderOfPages(t *testing.T) {
	dir, save := filepath.Join(t.TempDir(), "pages"), filepath.Join(t.TempDir(), "saved")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--pages", dir, "--save", save).Status)
	require.Contains(t, clitest.Read(t, dir, "index.html"), `href="./cable-pull.html"`)
	page := clitest.Read(t, dir, "cable-pull.html")
	require.Equal(t, cli.ExitPass, clitest.Run("report", save, "--pages", dir).Status)
	require.Equal(t, page, clitest.Read(t, dir, "cable-pull.html"))
}

func TestManyRunsMakeAFolderOfPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "report")
	failed := clitest.Scenario(t, "case.txtar", clitest.Failing)
	require.Equal(t, cli.ExitFindings, clitest.Run("run", "vip-is-real", failed, "--pages", dir).Status)
	require.Len(t, entries(t, dir), 3)
	require.Contains(t, clitest.Read(t, dir, "index.html"), `href="./case.html"`)
	require.FileExists(t, filepath.Join(dir, "case.html"))
}

// From the page of all runs one comes to each, and from there to the captures.
func TestPagesAreLinked(t *testing.T) {
	t.Parallel()
	b := browser.Start(t)
	dir := filepath.Join(t.TempDir(), "a report")
	pcap := filepath.Join(dir, "of wires")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "split-brain", "--pages", dir, "--pcap", pcap).Status)
	b.Open(filepath.Join(dir, "index.html"), browser.Windows[0])
	b.Do(chromedp.Click(chromedp.CSS(`a[href="./cable-pull.html"]`)), chromedp.WaitVisible(chromedp.CSS(`.chart`)))
	require.Contains(t, b.Text(`document.title`), "PASS: Cable pull and return")
	linked := b.List(`[...document.querySelectorAll('a[href$=".pcapng"]')].map(a => decodeURI(a.pathname))`)
	require.Contains(t, linked, filepath.Join(pcap, "cable-pull", "standby.pcapng"))
	for _, path := range linked {
		require.FileExists(t, path)
	}
	require.Empty(t, b.Complaints())
}

func TestPagesThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	clitest.WriteText(t, file, "")
	one, two := clitest.Scenario(t, "case.txtar", clitest.Failing), clitest.Scenario(t, "case.txtar", clitest.Failing)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"cable-pull", "--html", dir}, "--html: found folder " + dir + ", expected a file"},
		{[]string{"cable-pull", "split-brain", "--html", file}, "--html: found 2 scenarios, expected one: it is the page of one; --pages DIR writes a page each"},
		{[]string{"cable-pull", "split-brain", "--pages", file}, "--pages: found file " + file + ", expected a folder"},
		{[]string{"cable-pull", "--pages", dir, "--html", file}, "--pages: found --html too"},
		{[]string{"cable-pull", "--pages", dir, "--seeds", "1..2"}, "--pages: found --seeds too"},
		{[]string{one, two, "--pages", filepath.Join(dir, "pages")}, "--pages: found two scenarios called case, expected names that differ: each has a page"},
		{[]string{"cable-pull", "--html", filepath.Join(dir, "no", "page.html")}, "found no folder " + filepath.Join(dir, "no")},
	} {
		got := clitest.Run(append([]string{"run"}, c.args...)...)
		require.Equal(t, cli.ExitError, got.Status, c.want)
		require.Contains(t, got.Err, c.want)
	}
}

// A saved run gives the same page again, to the byte.
func TestASavedRunGivesItsPageAgain(t *testing.T) {
	dir := t.TempDir()
	first, second, save := filepath.Join(dir, "first.html"), filepath.Join(dir, "second.html"), filepath.Join(dir, "saved")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--html", first, "--save", save).Status)
	require.Equal(t, cli.ExitPass, clitest.Run("report", save, "--html", second).Status)
	require.Contains(t, clitest.Read(t, first), "ARP probe")
	require.Equal(t, clitest.Read(t, first), clitest.Read(t, second))
}

// One file of all cables is for one scenario, and nothing is overwritten that is a folder.
func TestOneCaptureOfAllCables(t *testing.T) {
	dir := t.TempDir()
	all := filepath.Join(dir, "all.pcapng")
	require.Equal(t, cli.ExitPass, clitest.Run("run", "cable-pull", "--pcap", all).Status)
	require.FileExists(t, all)
	require.Len(t, entries(t, dir), 1)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"cable-pull", "split-brain", "--pcap", all}, "--pcap: found file " + all + ", expected a folder: there are 2 scenarios"},
		{[]string{"cable-pull", "--pcap", filepath.Join(dir, "no", "all.pcapng")}, "--pcap: cannot write " + filepath.Join(dir, "no", "all.pcapng") + ": found no folder"},
		{[]string{"cable-pull", "--pcap", clitest.Scenario(t, "case.txtar", clitest.Passing)}, "expected a folder"},
	} {
		got := clitest.Run(append([]string{"run"}, c.args...)...)
		require.Equal(t, cli.ExitError, got.Status, c.want)
		require.Contains(t, got.Err, c.want)
	}
}
