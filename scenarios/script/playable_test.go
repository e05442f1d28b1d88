package script

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
)

// wrong are clusters with an error of each kind that can be played.
var wrong = map[string]string{
	cluster.NoInterface: "-- standby/ipwatch.dat --\n-c=\\\\hvt162EPST11 -i=192.168.10.202 -f=LAN\n",
	cluster.VIPSubnet: "-- active/ipwatch.dat --\n-c=\\\\hvt162EPST12 -i=10.99.0.5 -f=イーサネット\n" +
		"-- standby/ipwatch.dat --\n-c=\\\\hvt162EPST11 -i=10.99.0.5 -f=イーサネット\n",
	cluster.VIPInUse: "-- active/ipwatch.dat --\n-c=\\\\hvt162EPST12 -i=192.168.10.150 -f=イーサネット\n" +
		"-- standby/ipwatch.dat --\n-c=\\\\hvt162EPST11 -i=192.168.10.150 -f=イーサネット\n",
	cluster.VIPAlone:  "-- standby/ipwatch.dat --\n-c=\\\\hvt162EPST11 -i=192.168.10.202 -f=イーサネット\n-c=\\\\hvt162EPST11 -i=192.168.10.203 -f=イーサネット\n",
	cluster.WrongPeer: "-- standby/ipwatch.dat --\n-c=\\\\hvt162EPST13 -i=192.168.10.202 -f=イーサネット\n",
	cluster.SameMAC:   "-- cluster.toml --\n" + clusterToml("mac = \"00-15-5d-0a-0b-c8\"\n"),
}

// clusterToml is the guide's cluster with a router, and keys more of the standby.
func clusterToml(standby string) string {
	return `name = "guide"
[[switch]]
name = "sw1"
[node.active]
name = "hvt162EPST11"
address = "192.168.10.200/24"
mac = "00-15-5d-0a-0b-c8"
interface = "イーサネット"
switch = "sw1"
gateway = "192.168.10.1"
[node.standby]
name = "hvt162EPST12"
address = "192.168.10.201/24"
interface = "イーサネット"
switch = "sw1"
gateway = "192.168.10.1"
` + standby + `[[client]]
name = "client"
address = "192.168.10.150/24"
switch = "sw1"
gateway = "192.168.10.1"
[[router]]
name = "core1"
[[router.interface]]
address = "192.168.10.1/24"
switch = "sw1"
[[router.interface]]
address = "192.168.20.1/24"
switch = "office"
[[switch]]
name = "office"
`
}

// W2: an error of a kind is played where the scenario names it, and nowhere else; it is told as what was expected.
func TestErrorsThatArePlayed(t *testing.T) {
	require.Len(t, wrong, len(cluster.Playable))
	for _, kind := range cluster.Playable {
		t.Run(kind, func(t *testing.T) {
			out := run(t, "cluster guide\nexpect problem "+kind+"\nend 60s\n"+wrong[kind], Options{})
			require.NotNil(t, out.Trace)
			require.True(t, out.Expectations[0].OK)
			require.Contains(t, told(out.Expectations[0].Seen), "error: ")
			require.Empty(t, out.Problems, "what is expected is no problem of the run")

			refused := []string{"", "expect no problem " + kind + "\n"}
			for _, other := range cluster.Playable {
				if other != kind {
					refused = append(refused, "expect problem "+other+"\n")
				}
			}
			for _, lines := range refused {
				err := runError(t, "cluster guide\n"+lines+"end 60s\n"+wrong[kind], Options{})
				require.ErrorContains(t, err, "is refused. To play it as it is, say `expect problem "+kind+"` in the scenario:")
			}
		})
	}
	out := run(t, "cluster guide\nexpect problem same-mac\nend 60s\n", Options{})
	require.False(t, passed(out), "there is none")
}

// Another error beside one that is played refuses the cluster as ever.
func TestAnErrorBesideOneThatIsPlayed(t *testing.T) {
	files := wrong[cluster.NoInterface] + "-- active/ipwcs.reg --\nnothing\n"
	require.ErrorContains(t, runError(t, "cluster guide\nexpect problem no-interface\nend 60s\n"+files, Options{}), `cluster "guide" is refused:`)
}

// H2: a VIP of another subnet has the mask of its class; a router in that subnet leads clients to it.
func TestAVIPOfAnotherSubnetOverARouter(t *testing.T) {
	more := "[[router.interface]]\naddress = \"10.99.0.1/8\"\nswitch = \"sw2\"\n[[switch]]\nname = \"sw2\"\n[[trunk]]\na = \"sw1\"\nb = \"sw2\"\n"
	toml := strings.Replace(clusterToml(""), "[[switch]]\nname = \"office\"", more+"[[switch]]\nname = \"office\"", 1)
	out := run(t, "cluster guide\nping client vip\nexpect problem vip-subnet\nexpect answered client\nexpect holder active\nend 60s\n"+
		"-- cluster.toml --\n"+toml+wrong[cluster.VIPSubnet], Options{})
	require.True(t, out.Expectations[1].OK && out.Expectations[2].OK, told(out.Expectations[1].Seen))
}
