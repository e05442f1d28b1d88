package clusters_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"
	"ipwsim/sim/profile"
)

func TestProfilesNamesEveryProfileWithItsSources(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, cli.ExitPass, root.Execute(context.Background(), []string{"profiles"}, &out, &errs))
	var all []profile.Described
	for _, name := range profile.Servers.Names() {
		p, _ := profile.Servers.Lookup(name)
		all = append(all, p)
	}
	for _, name := range profile.Neighbors.Names() {
		p, _ := profile.Neighbors.Lookup(name)
		all = append(all, p)
	}
	for _, p := range all {
		require.Contains(t, "\n"+out.String(), "\n"+p.Title()+"\n", "each profile is listed")
		require.NotEmpty(t, p.Origins(), "%s says where its numbers come from", p.Title())
	}
	require.Len(t, all, len(profile.Servers.Names())+len(profile.Neighbors.Names()))
	clitest.Columns(t, out.String())
}

func TestAProfile(t *testing.T) {
	require.Equal(t, `l3-huawei
  age                                    1200 s
  idle                                   none
  renewed by traffic heard               no
  requests before the end                3, 5 s apart, the last broadcast
  requests before giving up              3, 1 s apart
  gratuitous request                     update
  gratuitous reply                       update
  request to another, sender cached      update
  unasked answer from another MAC        update
  locktime                               none
  a client's address is usable after     3 s, 3 probes
  a client announces its address         yes
  a client's source address              nearest
  a client's TCP connect                 SYN at 0, 3, 9 s, 21 s in all
  a client's TCP data                    5 repeats, RTO from 0.3 s
  a client's ping                        a request when the last is done with
  a client's programs use the VIP every  10 s
  ping.exe rests after an unreachable    1 s
  [H] age, gratuitous ARP, renewal: Huawei: maker's manual
  [L] requests before the neighbour is given up: assumed
  [L] ping.exe's rest after an unreachable: inferred from the guide's
      transcript, step 15
`, clitest.Run("profiles", "l3-huawei").Out)
}

func TestAProfileInJapanese(t *testing.T) {
	require.Equal(t, `srv-2003
  使用開始前の重複検査の回数             0
  重複検査中 (Tentative) の時間          なし
  通知の回数                             1
  自分の通知への応答                     競合とみなす
  検査中のアドレスへの要求               競合とみなさない
  アドレスを名乗られた保持側の動作       通知する (10 秒に 1 回まで)
  送信元アドレス                         最初のアドレス (first)
  TCP 接続                               SYN は 0, 3, 9 秒、計 21 秒
  TCP データ                             再送 5 回、RTO は 0.3 秒から
  削除したアドレスの接続                 固まる (hang)
  ARP キャッシュ                         windows-xp
  [M] アドレスの追加、通知、競合、防御: KB199773
  [L] 防御の間隔: RFC 5227 の 2.4: 仮定
  [H] 送信元アドレス: KB969029
  [M] TCP: netsh の既定値 (RTO 3000、SYN 再送 2)、KB170359
  [L] 削除したアドレスの接続: 記録なし: 固まると仮定
`, clitest.Run("profiles", "srv-2003", "--lang", "ja").Out)
}

var (
	// typed is what profiles have to say as it is typed: names of profiles, marks, keys of cluster.toml, and in brackets
	// its values.
	typed = regexp.MustCompile(`(?m)^\S+$|(windows|srv|l3|our)-\S+|\[set\] \w+: |\([a-z]+\)`)
	// english are words of it, not names.
	english = regexp.MustCompile(`\b[a-z]{2,}\b`)
	names   = []string{"ping", "exe", "gratuitous", "locktime", "netsh", "ip", "sysctl", "iputils", "cluster", "toml"}
)

// inEnglish are the English words of what profiles print in Japanese.
func inEnglish(text string) (all []string) {
	for _, word := range english.FindAllString(typed.ReplaceAllString(text, ""), -1) {
		if !slices.Contains(names, word) {
			all = append(all, word)
		}
	}
	return all
}

// The cluster has a profile of each kind, and in them every setting there is.
func TestJapaneseProfilesHaveNoEnglish(t *testing.T) {
	own := clitest.Read(t, "..", "..", "..", "sim", "cluster", "testdata", "own-profiles.toml")
	dir := ownCluster(t, "")
	clitest.WriteText(t, filepath.Join(dir, "cluster.toml"), own)
	said := clitest.Run("profiles", "--lang", "ja", "--cluster", dir)
	require.Equal(t, cli.ExitPass, said.Status, said.Err)
	require.Equal(t, strings.Count(clitest.Run("profiles", "--cluster", dir).Out, "  [set] "), strings.Count(said.Out, "  [set] "))
	require.Empty(t, inEnglish(said.Out))
	clitest.Columns(t, said.Out)

	require.Equal(t, []string{"none", "probes", "maker"}, inEnglish("ours\n  TCP 接続   none\n  送信元アドレス   最初のアドレス (first)\n"+
		"  [set] age: cluster.toml の 3 行目\n  [H] probes: KB1: maker\n"))
}

func TestProfilesByName(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, cli.ExitError, root.Execute(context.Background(), []string{"profiles", "srv-2008", "linus"}, &out, &errs))
	require.Contains(t, out.String(), "srv-2008")
	require.NotContains(t, out.String(), "srv-2003")
	require.Contains(t, errs.String(), `no profile is called "linus" (did you mean "linux"?)`)
}

// ownCluster is a folder with the guide's cluster, its cluster.toml begun otherwise.
func ownCluster(t *testing.T, own string) string {
	dir := filepath.Join(t.TempDir(), "our-cluster")
	guide, err := fs.Sub(scenarios.Clusters(), "guide")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, guide))
	path := filepath.Join(dir, "cluster.toml")
	toml, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o644))
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(toml), "\n[[switch]]\n", "\n"+own+"[[switch]]\n", 1)), 0o644))
	return dir
}

func TestProfilesOfACluster(t *testing.T) {
	dir := ownCluster(t, "[[profile]]\nname = \"our-xp\"\nbase = \"windows-xp\"\nidle = \"60s\"\n")
	var out, errs bytes.Buffer
	require.Equal(t, cli.ExitPass, root.Execute(context.Background(), []string{"profiles", "our-xp", "--cluster", dir}, &out, &errs))
	require.Regexp(t, `^our-xp
  based on                               windows-xp
  age                                    600 s
  idle                                   60 s
(  .*\n)+  \[set\] idle: cluster.toml line \d+
  \[H\] age: `, out.String())
	require.NotContains(t, out.String(), "srv-2003\n", "the others are not asked for")

	out.Reset()
	require.Equal(t, cli.ExitPass, root.Execute(context.Background(), []string{"profiles", "--cluster", dir}, &out, &errs))
	require.Contains(t, out.String(), "srv-2003\n", "the shipped ones too")
	require.Contains(t, out.String(), "\nour-xp\n")
	clitest.Columns(t, out.String())

	require.Equal(t, cli.ExitError, root.Execute(context.Background(), []string{"profiles", "our-xq", "--cluster", dir}, &out, &errs))
	require.Contains(t, errs.String(), `(did you mean "our-xp"?)`)
}

func TestProfilesOfABadCluster(t *testing.T) {
	dir := ownCluster(t, "[[profile]]\nname = \"our-xp\"\nbase = \"windows-xq\"\nage = \"0s\"\n")
	var out, errs bytes.Buffer
	require.Equal(t, cli.ExitError, root.Execute(context.Background(), []string{"profiles", "our-xp", "--cluster", dir}, &out, &errs))
	require.Empty(t, out.String())
	require.Regexp(t, `our-cluster/cluster.toml:\d+: error: profile.base: "windows-xq" is no shipped profile`, errs.String())
	require.Regexp(t, `our-cluster/cluster.toml:\d+: error: profile.age: "0s" is out of range`, errs.String())

	require.Equal(t, cli.ExitError, root.Execute(context.Background(), []string{"profiles", "--cluster", dir + "/none"}, &out, &errs))
	require.Contains(t, errs.String(), "--cluster: ")
}
