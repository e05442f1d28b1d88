package rules

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheFileHasNoProblem(t *testing.T) {
	all, err := parse(file)
	require.NoError(t, err)
	require.Equal(t, all, All())
	require.NotEmpty(t, all)
}

// Each mistake in the file is told with its line.
func TestMistakesAreTold(t *testing.T) {
	const whole = "= Watcher | 監視\nW1\n en One.\n ja 一。\n source Guide.\n 出典 ガイド。\n"
	for text, want := range map[string]string{
		whole:                               "",
		"\n# a remark\n" + whole:            "",
		"W1\n":                              "line 1: W1 stands before the first heading\nline 1: W1 is not whole, expected en, ja, source and 出典",
		"= Watcher\n":                       `line 1: found "= Watcher", expected a heading as = Watcher | 監視プログラム`,
		whole + "W1\n":                      "line 7: W1 is there twice\nline 7: W1 is not whole, expected en, ja, source and 出典",
		whole + "Rule 2\n":                  "line 7: found \"Rule 2\", expected an ID as W12, or a field of a rule behind a blank\nline 7: Rule 2 is not whole, expected en, ja, source and 出典",
		whole + " en Two.\n":                "line 7: W1 has en twice",
		whole + " note Two.\n":              `line 7: found "note", expected en, ja, source or 出典`,
		" en One.\n" + whole:                "line 1: en belongs to no rule",
		strings.Replace(whole, "一。", "", 1): "line 4: ja of W1 is empty, or has a blank at an end\nline 2: W1 is not whole, expected en, ja, source and 出典",
	} {
		_, err := parse(text)
		if want == "" {
			require.NoError(t, err, text)
		} else {
			require.EqualError(t, err, want)
		}
	}
}

func TestNumbersGoOnWithoutAGap(t *testing.T) {
	var headings []string
	next := 0
	for _, r := range All() {
		letter := r.ID[:1]
		if h := letter + ": " + r.Group(false) + ", " + r.Group(true); !slices.Contains(headings, h) {
			headings = append(headings, h)
			if next = 1; letter == "P" {
				next = 0
			}
		}
		require.Equal(t, fmt.Sprint(letter, next), r.ID)
		next++
	}
	require.Equal(t, []string{
		"W: Watcher, 監視プログラム", "V: Another watcher, 別の監視プログラム", "H: Windows host, Windows マシン", "N: Network and clients, ネットワークとクライアント",
		"M: Mail, メール", "C: Cluster and its files, クラスターとそのファイル", "P: Checks, 検査項目",
	}, headings)
}

func TestLookup(t *testing.T) {
	for _, r := range All() {
		for _, id := range []string{r.ID, strings.ToLower(r.ID)} {
			got, ok := Lookup(id)
			require.True(t, ok)
			require.Equal(t, r, got)
		}
	}
	for _, id := range []string{"", "W", "W0", "W012", "12", "Q1"} {
		got, ok := Lookup(id)
		require.False(t, ok, id)
		require.Zero(t, got)
	}
}

// A rule is one to three sentences in each language, and says where it comes from.
func TestEveryRuleIsWhole(t *testing.T) {
	for _, r := range All() {
		for _, p := range []phrase{r.text, r.source} {
			require.Regexp(t, `\.$`, p.en, r.ID)
			require.Regexp(t, `。$`, p.ja, r.ID)
			require.NotRegexp(t, `\p{Han}|\p{Hiragana}|\p{Katakana}`, p.en, r.ID)
		}
		require.LessOrEqual(t, len(regexp.MustCompile(`\.( |$)`).FindAllString(r.Text(false), -1)), 3, r.ID)
		require.LessOrEqual(t, strings.Count(r.Text(true), "。"), 3, r.ID)
		require.Regexp(t, `Guide|Microsoft|RFC|KB[0-9]|IEEE|Ethernet|netsh help|Inferred|[Pp]roject's|Follows from|No figure`, r.Source(false), r.ID)
		require.Equal(t, strings.Contains(r.Source(false), "Inferred"), strings.Contains(r.Source(true), "推定"), r.ID)
		require.Equal(t, strings.Contains(strings.ToLower(r.Source(false)), "guide"), strings.Contains(r.Source(true), "ガイド"), r.ID)
		require.Equal(t, cites(r.Text(false)), cites(r.Text(true)), "%s names the same rules in both languages", r.ID)
		require.Equal(t, cites(r.Source(false)), cites(r.Source(true)), "%s names the same rules in both languages", r.ID)
	}
}

func cites(text string) []string {
	all := inText.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// names are what stands in Latin letters in Japanese texts too: products, settings, files, commands, protocols.
var names = []string{
	"netsh interface ip add|delete address", "ping -n <回数> <クライアント> -S <VIP>", "LogicalIP Add address", "ipwcs -entry",
	"arp -a", "net start", "net stop", "reg query", "type", "telnet", "ipwcs", "net",
	"ipconfig /all", "expect holder", "expect state", "ipwsim profiles", "gratuitous ARP", "ping -t", "arp -d", "store=persistent",
	"-c=", "-i=", "-f=", "-debug", "-install", `HKEY_LOCAL_MACHINE\SOFTWARE\EPOST\IPWCS`, "[07/Feb/2025:16:19:27]",
	"ipwatch.dat", "arpclear.bat", "smtpip.dat", "popip.dat", "imapip.dat", "hiddensmtpip.dat", "hiddenpopip.dat", "hiddenimapip.dat",
	"ping.exe", ".reg", ".idx", "hosts", "iplog", "queue", "inbox", "db", "reg", "ip-sysctl",
	"device_tracking", "arp_suppression", "learn_from_arp", "block_unknown", "proxy_arp", "Cisco", "VMware",
	"QEMU", "keep_vip_over_reboot", "public_after_boot", "public_after_link", "announce_again", "names", "dns", "skipassource", "connections", "end", "RTO", "SYN", "request_is_conflict",
	"defend_interval", "defend", "announce", "Tcpip", "probe", "false", "echo_blocked", "pipe_blocked", "port_fast", "mac_age", "arp_inspection",
	"windows-modern", "srv-2003", "srv-2008", "srv-2012plus", "ad-client", `\\hvt162EPST12`,
	"LogEnabled", "Interval", "Balance", "ReleaseTime", "PingTimeout", "LogicalIP", "RetryInterval", "RetryPeriod", "DadTransmits",
	"Absent", "Tentative", "Preferred", "Duplicate", "LocalSystem", "Administrator", "CreateUnicastIpAddressEntry", "WaitNamedPipe",
	"EPSTRS", "EPSTDS", "EPSTPOP3S", "EPSTIMAP4S", "IPWCS", "Windows Server", "Windows", "Linux", "Microsoft", "NetBIOS", "Ethernet", "XP",
	`watcher = "vrrp"`, "keepalived", "preempt", "advert", "VRRP", "IPWatcher",
	"netsh", "ping", "VIP", "ARP", "MAC", "ICMPv4", "ICMP", "IPv4", "IPv6", "TCP", "TTL", "DNS", "UNC", "SMTP", "POP3", "IMAP4", "L3",
	"RFC", "IEEE", "FAQ", "DWORD", "CP932", "UTF-8", "CRLF", "LF", "DATA",
}

// documents are Microsoft's, the appendix of the guide, and the mark of a guess.
var documents = regexp.MustCompile(`KB[0-9]+|cc[0-9]+|802\.1D|\(A\)|L は| x `)

func TestJapaneseIsJapanese(t *testing.T) {
	used := map[string]bool{}
	slices.SortStableFunc(names, func(a, b string) int { return len(b) - len(a) }) // hiddenpopip.dat before popip.dat
	for _, r := range All() {
		for _, text := range []string{r.Text(true), r.Source(true)} {
			left := documents.ReplaceAllString(inText.ReplaceAllString(text, ""), "")
			for _, name := range names {
				used[name] = used[name] || strings.Contains(left, name)
				left = strings.ReplaceAll(left, name, "")
			}
			require.NotRegexp(t, `[A-Za-z]`, left, r.ID)
			require.NotRegexp(t, `[^0-9][,.] `, text, "%s: 、 and 。 are the signs", r.ID)
		}
	}
	for _, name := range names {
		require.True(t, used[name], "no text has %s: take it out of the list", name)
	}
}

// EXTENDING.md names files and folders that are there.
func TestTheManualNamesWhatIsThere(t *testing.T) {
	page, err := os.ReadFile("EXTENDING.md")
	require.NoError(t, err)
	paths := regexp.MustCompile("`([a-z]+/[a-z0-9_./-]+)`").FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, paths)
	for _, m := range paths {
		require.True(t, exists(filepath.Join("../..", m[1])), m[1])
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
