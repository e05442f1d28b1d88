package profile

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func all() []Described {
	var ps []Described
	for _, name := range Neighbors.Names() {
		n, _ := Neighbors.Lookup(name)
		ps = append(ps, n)
	}
	for _, name := range Servers.Names() {
		s, _ := Servers.Lookup(name)
		ps = append(ps, s)
	}
	return ps
}

func TestEveryProfileHasItsSources(t *testing.T) {
	for _, p := range all() {
		require.NotEmpty(t, p.Origins(), p.Title())
		for _, s := range p.Origins() {
			require.NotEmpty(t, s.About, p.Title())
			require.NotEmpty(t, s.From, p.Title())
			require.Contains(t, []string{"H", "M", "L", "-"}, s.Confidence, p.Title())
		}
	}
}

func TestEveryProfilePrintsItself(t *testing.T) {
	for _, p := range all() {
		text := Describe(p)
		require.True(t, strings.HasPrefix(text, p.Title()+"\n"), text)
		for _, s := range p.Settings() {
			require.Contains(t, text, s.Name)
			require.NotEmpty(t, s.Value, "%s: %s", p.Title(), s.Name)
		}
	}
}

func TestDescribe(t *testing.T) {
	n, _ := Neighbors.Lookup("l3-huawei")
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
  [L] ping.exe's rest after an unreachable: inferred from the guide's transcript, step 15
`, Describe(n))
}

// What is set comes before the base's sources, which may speak of it too.
func TestDescribeAnOwnProfile(t *testing.T) {
	s, _ := Servers.Lookup("srv-2003")
	s.Name, s.Base, s.Announcements = "ours", "srv-2003", 0
	s.Sources = append([]Source{{"announcements", "cluster.toml line 7", Set}}, s.Sources...)
	require.Equal(t, `ours
  based on                               srv-2003
  probes before an address is usable     0
  tentative                              none
  announcements                          0
  its announcement answered              a conflict
  a request for a tentative address      no conflict
  owner that hears its address claimed   announces, once in 10 s
  source address                         first
  TCP connect                            SYN at 0, 3, 9 s, 21 s in all
  TCP data                               5 repeats, RTO from 0.3 s
  connections of a removed address       hang
  ARP cache                              windows-xp
  [set] announcements: cluster.toml line 7
  [M] address add, announcement, conflict, defence: KB199773
  [L] interval of defence: RFC 5227, 2.4: assumed
  [H] source address: KB969029
  [M] TCP: netsh: RTO 3000, SYN retries 2; KB170359
  [L] connections of a removed address: not on record: they hang, assumed
`, Describe(s))
}
