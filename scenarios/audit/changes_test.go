package audit

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/audited"
)

// twoVIPs is the guide's cluster with two clients and two VIPs, and this batch on both nodes, in which % stands for what
// all addresses begin with.
func twoVIPs(t *testing.T, batch string) files {
	f := cured(t)
	for role, peer := range map[string]string{"active": "hvt162EPST12", "standby": "hvt162EPST11"} {
		row := `-c=\\` + peer + " -i=192.168.10.202 -f=イーサネット\n"
		f[role+"/ipwatch.dat"] = []byte(row + strings.Replace(row, ".202", ".203", 1))
		f[role+"/arpclear.bat"] = []byte(strings.ReplaceAll(batch, "%", "192.168.10."))
	}
	return f
}

// A batch is held against each client and each VIP: what it lacks is a mistake of its own, and what it does in vain is one.
// The lines that mend it are new ones, but for pings that heal nobody, which go, unless the batch tests something.
func TestEachMistakeOfABatchHasItsChange(t *testing.T) {
	const whole = "arp -d\nping %150 -S %202\narp -d\nping %151 -S %202\narp -d\nping %150 -S %203\narp -d\nping %151 -S %203\n"
	for name, c := range map[string]struct {
		batch       string
		kind        audited.ChangeKind // "": none
		client, vip string
		edits       string // of the active node
	}{
		"whole":               {batch: whole},
		"a VIP":               {"arp -d\nping %150 -S %202\nping %151 -S %202\n", audited.CureEveryVIP, "", "%203", "+arp -d, +ping -n 4 %150 -S %203, +arp -d, +ping -n 4 %151 -S %203"},
		"a VIP, with a wait":  {"timeout /t 5\narp -d\nping %150 -S %202\nping %151 -S %202\n", audited.CureEveryVIP, "", "%203", "+arp -d, +ping -n 4 %150 -S %203, +arp -d, +ping -n 4 %151 -S %203"},
		"a client":            {"ping %150 -S %202\nping %150 -S %203\n", audited.CureClient, "pc2", "", "+arp -d, +ping -n 10 %151 -S %202, +arp -d, +ping -n 10 %151 -S %203"},
		"a client, by tests":  {"ping %150 -S %202\nif errorlevel 1 ping %150 -S %202\nping %150 -S %203\n", audited.CureClient, "pc2", "", "+arp -d, +ping -n 10 %151 -S %202, +arp -d, +ping -n 10 %151 -S %203"},
		"a client, of itself": {whole[:strings.LastIndex(whole, "arp")] + "ping %151\n", audited.CurePair, "pc2", "%203", "-ping -n 4 %151, +arp -d, +ping -n 10 %151 -S %203"},
		"from no VIP":         {"ping %150 -S %202\nping %150 -S %203\nping %151\n", audited.CureClient, "pc2", "", "-ping -n 4 %151, +arp -d, +ping -n 10 %151 -S %202, +arp -d, +ping -n 10 %151 -S %203"},
		"a client of a VIP":   {strings.Replace(whole, "arp -d\nping %151 -S %203\n", "", 1), audited.CurePair, "pc2", "%203", "+arp -d, +ping -n 10 %151 -S %203"},
		"twice":               {whole + "ping %150 -S %203\n", audited.CureOnce, "client", "", "-ping -n 4 %150 -S %203"},
	} {
		p := planFor(t, twoVIPs(t, c.batch))
		mends := map[audited.ChangeKind]audited.Change{}
		for _, m := range p.mends() {
			mends[m.Change.Kind] = m.Change
		}
		if c.kind == "" {
			require.Empty(t, mends, name)
			continue
		}
		require.Contains(t, mends, c.kind, name)
		m := mends[c.kind]
		var edits []string
		for _, e := range m.Edits {
			if strings.HasPrefix(e.File, "active/") {
				edits = append(edits, strings.TrimSuffix("-"+e.Old+"+"+e.New, "+"))
			}
		}
		got := strings.ReplaceAll(strings.ReplaceAll(strings.Join(edits, ", "), "-+", "+"), "192.168.10.", "%")
		require.Equal(t, []string{"", c.client, strings.ReplaceAll(c.vip, "%", "192.168.10."), c.edits}, []string{m.Node, m.Client, m.VIP, got}, name)
	}
}

// A change of one node's batch alone says whom it is for, whatever the other node's has.
func TestAChangeOfOneBatchNamesItsClient(t *testing.T) {
	f := cured(t)
	f["active/arpclear.bat"] = []byte("ping 192.168.10.150 -S 192.168.10.202\n")
	f["standby/arpclear.bat"] = []byte("ping 192.168.10.150 -S 192.168.10.202\nping 192.168.10.151 -S 192.168.10.202\n")
	all := planFor(t, f).mends()
	require.Len(t, all, 1)
	require.Equal(t, []any{audited.CureClient, "active", "pc2"}, []any{all[0].Change.Kind, all[0].Change.Node, all[0].Change.Client})
}
