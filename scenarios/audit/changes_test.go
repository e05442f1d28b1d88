package audit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/core/text"
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
		"a client, of itself": {whole[:strings.LastIndex(whole, "arp")] + "ping %151\n", audited.CurePair, "pc2", "%203", "-ping %151, +arp -d, +ping -n 10 %151 -S %203"},
		"from no VIP":         {"ping %150 -S %202\nping %150 -S %203\nping %151\n", audited.CureClient, "pc2", "", "-ping %151, +arp -d, +ping -n 10 %151 -S %202, +arp -d, +ping -n 10 %151 -S %203"},
		"a client of a VIP":   {strings.Replace(whole, "arp -d\nping %151 -S %203\n", "", 1), audited.CurePair, "pc2", "%203", "+arp -d, +ping -n 10 %151 -S %203"},
		"without an end":      {strings.Replace(whole, "ping %150 -S %202", "ping -t %150 -S %202", 1), audited.CureEnds, "client", "", "-ping -t %150 -S %202+ping -n 10 %150 -S %202"},
		"waiting for a key":   {whole + "@pause\n", audited.CureGoesOn, "", "", "-@pause+rem pause"},
		"waiting without end": {whole + "TIMEOUT /T -1 >nul\n", audited.CureGoesOn, "", "", "-TIMEOUT /T -1 >nul+rem TIMEOUT /T -1 >nul"},
		"twice":               {whole + "ping %150 -S %203\n", audited.CureOnce, "client", "", "-ping %150 -S %203"},
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

// What the mail services read on a node and should not has its change: the folders, a domain's address, what they listen on
// and what they hide. Of the cluster as it is shipped none is proposed, and after the change nothing is left of it.
func TestEachMistakeOfTheMailFilesHasItsChange(t *testing.T) {
	right := shipped(t, "mail")
	for _, role := range []string{"active", "standby"} {
		right[role+"/arpclear.bat"] = []byte("arp -d\r\nping -n 10 192.168.10.150 -S 192.168.10.202\r\n")
	}
	require.Empty(t, planFor(t, right).mends())
	for name, c := range map[string]struct {
		file, old, new string
		kind           audited.ChangeKind
		want           string // what the changed file says
	}{
		"the work folder alone": {"standby/mail/epost.reg", `"MailSpoolDir"="\\\\EPOST-TEC\\cl_mail"`, `"MailSpoolDir"="X:\\mail"`, audited.MailFolders, `"MailSpoolDir"="\\\\EPOST-TEC\\cl_mail"`},
		"accounts elsewhere":    {"standby/mail/epost.reg", `cl_mail\\db\\"`, `cl_mail\\db2\\"`, audited.MailFolders, `"AccountDir"="\\\\EPOST-TEC\\cl_mail\\db\\"`},
		"a domain's address":    {"standby/mail/epost.reg", `"IP"="192.168.10.202"`, `"IP"="192.168.10.201"`, audited.MailDomain, `"IP"="192.168.10.202"`},
		"another's address":     {"standby/mail/popip.dat", "*.*.*.* 110", "192.168.10.200 110", audited.MailBinds, "*.*.*.* 110\r\n"},
		"another port":          {"standby/mail/popip.dat", "*.*.*.* 110", "*.*.*.* 1110", audited.MailBinds, "*.*.*.* 110\r\n"},
		"SSL spoken at once":    {"standby/mail/popip.dat", "*.*.*.* 110", "*.*.*.* 110*", audited.MailBinds, "*.*.*.* 110\r\n"},
		"an address besides":    {"standby/mail/popip.dat", "*.*.*.* 110", "192.168.10.202 110\r\n192.168.10.77 110", audited.MailBinds, "*.*.*.* 110\r\n"},
		"a hidden VIP":          {"standby/mail/hiddensmtpip.dat", "192.168.10.201", "192.168.10.202", audited.MailHidden, "192.168.10.201\r\n"},
	} {
		f := right.over(nil)
		f[c.file] = []byte(strings.Replace(utf8Of(t, f[c.file]), c.old, c.new, 1))
		p := planFor(t, f)
		require.Len(t, p.mends(), 1, name)
		x := p.candidates[0]
		for _, one := range p.candidates {
			if one.class == audited.Mend {
				x = one
			}
		}
		require.Equal(t, []any{c.kind, "standby"}, []any{x.Kind, x.Node}, name)
		require.NotNil(t, x.bp, name)
		require.NotEmpty(t, x.answered, name)
		require.Contains(t, string(x.files[c.file]), c.want, name)
		require.Empty(t, planFor(t, x.files).mends(), name)
	}
}

// A line of a bind list changes in its place, on both nodes if need be, and the lines that are right stay as they are.
func TestABindListChangesWhereItIsWrong(t *testing.T) {
	f := shipped(t, "mail")
	const list = "\r\n*.*.*.*  25\r\n192.168.10.202 465\r\n"
	f["active/mail/smtpip.dat"], f["standby/mail/smtpip.dat"] = []byte(list), []byte(list)
	var all []string
	for _, c := range planFor(t, f).candidates {
		if c.Kind == audited.MailBinds {
			require.NotEmpty(t, c.answered)
			for _, e := range c.Edits {
				all = append(all, fmt.Sprintf("%s:%d %s -> %s", e.File, e.Line, e.Old, e.New))
			}
		}
	}
	require.Equal(t, []string{"active/mail/smtpip.dat:3 192.168.10.202 465 -> 192.168.10.202 465*", "standby/mail/smtpip.dat:3 192.168.10.202 465 -> 192.168.10.202 465*"}, all)

	for _, role := range []string{"active", "standby"} {
		f[role+"/mail/smtpip.dat"] = []byte("*.*.*.* 587\r\n")
	}
	p := planFor(t, f)
	require.Equal(t, []audited.Edit{{File: "active/mail/smtpip.dat", New: "*.*.*.* 25"}}, p.candidate(t, audited.MailBinds).Edits)
	require.NotEmpty(t, p.candidate(t, audited.MailBinds).answered, "other servers cannot send")
}

// intervals are the guide's cluster with these settings of the active and the standby node; each takes up to 7 s to have a
// VIP: 3 s of polling, 1 s of netsh, 3 s of address detection.
func intervals(t *testing.T, active, standby, timeout int) files {
	f := cured(t)
	for role, set := range map[string][2]int{"active": {active, 0}, "standby": {standby, 1}} {
		f[role+"/ipwcs.reg"] = []byte(fmt.Sprintf("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\r\n\"Interval\"=dword:%08x\r\n\"PingTimeout\"=dword:%08x\r\n\"Balance\"=dword:%08x\r\n\"ReleaseTime\"=dword:0000003c\r\n", set[0], timeout, set[1]))
	}
	return f
}

// An Interval in which a node cannot have its VIP is a mistake, which the guide's mends, on each node that has another one:
// no shorter one is proposed, and nobody is told to make both as short.
func TestAnIntervalThatIsTooShortIsAMistake(t *testing.T) {
	for _, c := range []struct {
		active, standby, timeout int
		want                     string
	}{
		{5, 5, 2, "interval 5 -> 30 (2)"},
		{7, 7, 3, "interval 7 -> 30 (2)"},
		{8, 8, 3, "interval 8 -> 16 (2)"},
		{5, 20, 2, "interval 5, 20 -> 30 (2)"},
		{20, 5, 2, "same-interval 5 -> 20 (1)"},
		{5, 30, 2, "same-interval 5 -> 30 (1)"},
		{30, 30, 20, "interval 30 -> 60 (2), ping-timeout 20 -> 3 (2)"},
		{5, 5, 4, "interval 5 -> 30 (2)"},
	} {
		p := planFor(t, intervals(t, c.active, c.standby, c.timeout))
		var got []string
		for _, x := range p.candidates {
			if x.Kind == audited.Interval || x.Kind == audited.SameInterval || x.Kind == audited.PingTimeout && x.class == audited.Mend {
				got = append(got, fmt.Sprintf("%s %s -> %s (%d)", x.Kind, x.From, x.To, len(x.Edits)))
			}
			if x.Kind == audited.Interval && x.class == audited.Mend {
				require.Contains(t, p.lint[x.answered[0]].Message, "Interval")
				require.NotContains(t, x.lint(t).Error(), "too little time to go first")
			}
		}
		require.Equal(t, c.want, strings.Join(got, ", "), "%+v", c)
	}
}

// utf8Of is the text of an export or a list.
func utf8Of(t *testing.T, data []byte) string {
	if !bytes.HasPrefix(data, []byte{0xff, 0xfe}) {
		return string(data)
	}
	said, ok := text.DecodeUTF16(data[2:])
	require.True(t, ok)
	return said
}

// A monitoring table that is not right is played as it is, where it can be, and its mend is tried: the peer, the interface, a
// VIP that one of the nodes does not watch, and one that one of them has mistyped.
func TestEachMistakeOfATableHasItsChange(t *testing.T) {
	const right = `-c=\\hvt162EPST11 -i=192.168.10.202 -f=イーサネット`
	for name, c := range map[string]struct{ standby, edits string }{
		"the peer":      {strings.Replace(right, "11", "12", 1), "standby/ipwatch.dat:1 " + right},
		"the interface": {strings.Replace(right, "イーサネット", "イーサネット 2", 1), "standby/ipwatch.dat:1 " + right},
		"a VIP, active": {right + "\n" + strings.Replace(right, ".202", ".203", 1), "active/ipwatch.dat:0 " + strings.Replace(strings.Replace(right, "T11", "T12", 1), ".202", ".203", 1)},
		"mistyped":      {strings.Replace(right, ".202", ".220", 1), "standby/ipwatch.dat:1 " + right},
	} {
		f := cured(t)
		f["standby/ipwatch.dat"] = []byte(c.standby + "\n")
		p := planFor(t, f)
		var edits []string
		for _, x := range p.candidates {
			if x.Kind != audited.Table {
				continue
			}
			require.NotEmpty(t, x.answered, name)
			require.NoError(t, x.lint(t).Err(), name)
			for _, e := range x.Edits {
				edits = append(edits, fmt.Sprintf("%s:%d %s", e.File, e.Line, e.New))
			}
		}
		require.Equal(t, []string{c.edits}, edits, name)
	}
}

// lint is what check says of the changed files.
func (c *candidate) lint(t *testing.T) diag.List {
	_, problems := c.files.load()
	require.NotNil(t, c.bp)
	return problems
}

// What check refuses and can be played is told as the error that it is, and is first of the list by what it costs.
func TestATableThatCheckRefusesIsAudited(t *testing.T) {
	f := cured(t)
	f["standby/ipwatch.dat"] = []byte("-c=\\\\hvt162EPST11 -i=192.168.10.202 -f=Ethernet\n")
	a := auditOf(t, f, audited.CableActive)
	require.Equal(t, audited.Table, a.Todo[0].Change.Kind)
	require.Greater(t, a.Todo[0].Gain.Low, 100.0, "the standby never takes the VIP")
	i := slices.IndexFunc(a.Lint, func(l audited.Lint) bool { return l.Error })
	require.Contains(t, a.Lint[i].Message, "-f=Ethernet is no interface of standby")
	require.Contains(t, a.Lint[i].Answered, 0)
	require.Contains(t, a.Stories[0].Text, "expect problem no-interface\n")
}

// The guide starts the batch of the active node when Windows starts, too; of the standby it does not.
func TestTheTaskAtTheStartOfWindows(t *testing.T) {
	all := planFor(t, cured(t).with(t, "node.active", "tasks", `["event-100"]`).with(t, "node.standby", "tasks", `["event-100"]`)).mends()
	var kinds []audited.ChangeKind
	for _, m := range all {
		kinds = append(kinds, m.Change.Kind)
	}
	require.Equal(t, []audited.ChangeKind{audited.AddStartup, audited.CureClient}, kinds)
	require.Equal(t, "active", all[0].Change.Node)
	require.Contains(t, all[0].Change.Do[0].Command, "/sc ONSTART /delay 0000:30")
	require.Equal(t, audited.RepeatTask, all[0].Change.Do[1].Hand)
}

// Each trigger that cluster.toml gets has its command, and what that cannot say is done by hand.
func TestATaskIsToldByEachOfItsTriggers(t *testing.T) {
	for _, c := range []struct{ node, tasks, toml, typed string }{
		{"node.active", `[]`, `["event-100", "startup"]`, "ONEVENT, ONSTART, repeat-task"},
		{"node.active", `["startup after 1m"]`, `["event-100", "startup after 1m0s"]`, "ONEVENT"},
		{"node.standby", `[]`, `["event-100"]`, "ONEVENT"},
	} {
		x := planFor(t, cured(t).with(t, c.node, "tasks", c.tasks)).candidate(t, audited.AddTask)
		require.Equal(t, "tasks = "+c.toml, x.Edits[0].New)
		var typed []string
		for _, d := range x.Do {
			if _, after, is := strings.Cut(d.Command, "/sc "); is {
				typed = append(typed, strings.Fields(after)[0])
			} else if d.Hand == audited.RepeatTask {
				typed = append(typed, string(d.Hand))
			}
		}
		require.Equal(t, c.typed, strings.Join(typed, ", "), c.tasks)
	}
}

// A task that waits after its event heals everybody later; its other start stays.
func TestTheTaskWithoutADelay(t *testing.T) {
	all := planFor(t, cured(t).with(t, "node.active", "tasks", `["startup after 1m", "event-100 after 2m30s"]`)).mends()
	i := slices.IndexFunc(all, func(m audited.Tried) bool { return m.Change.Kind == audited.TaskAtOnce })
	require.GreaterOrEqual(t, i, 0)
	require.Equal(t, []string{"active", "2m30s"}, []string{all[i].Change.Node, all[i].Change.From})
	require.Equal(t, `tasks = ["event-100", "startup after 1m0s"]`, all[i].Change.Edits[0].New)
	require.Equal(t, []audited.Do{{On: "hvt162EPST11", Hand: audited.EditTask}}, all[i].Change.Do)
}

// A task that is ended before its batch has done all is given the time.
func TestTheTaskWithoutALimit(t *testing.T) {
	for limit, want := range map[string]bool{"1s": true, "1m": false} {
		all := planFor(t, cured(t).with(t, "node.active", "task_limit", `"`+limit+`"`)).mends()
		i := slices.IndexFunc(all, func(m audited.Tried) bool { return m.Change.Kind == audited.TaskLimit })
		require.Equal(t, want, i >= 0, limit)
		if want {
			require.Equal(t, []string{"active", "1s"}, []string{all[i].Change.Node, all[i].Change.From})
			require.Equal(t, `task_limit = "0s"`, all[i].Change.Edits[0].New)
		}
	}
}

// A task without an administrator's rights gets them where its batch needs them.
func TestTheTaskWithoutRights(t *testing.T) {
	for batch, want := range map[string]bool{"arp -d\r\nping -n 4 192.168.10.150 -S 192.168.10.202\r\n": true, "ping -n 4 192.168.10.150 -S 192.168.10.202\r\n": false} {
		f := cured(t).with(t, "node.active", "task_unelevated", "true")
		f["active/arpclear.bat"] = []byte(batch)
		all := planFor(t, f).mends()
		i := slices.IndexFunc(all, func(m audited.Tried) bool { return m.Change.Kind == audited.TaskElevated })
		require.Equal(t, want, i >= 0, batch)
		if want {
			require.Equal(t, "active", all[i].Change.Node)
			require.Equal(t, "task_unelevated = false", all[i].Change.Edits[0].New)
			require.Equal(t, []audited.Do{{On: "hvt162EPST11", Hand: audited.Elevate}}, all[i].Change.Do)
		}
	}
}

// A task that is added has an administrator's rights, whatever the one before had.
func TestTheAddedTaskHasItsRights(t *testing.T) {
	f := cured(t).with(t, "node.active", "tasks", `["startup"]`).with(t, "node.active", "task_unelevated", "true")
	all := planFor(t, f).mends()
	i := slices.IndexFunc(all, func(m audited.Tried) bool { return m.Change.Kind == audited.AddTask })
	require.GreaterOrEqual(t, i, 0)
	require.Equal(t, `tasks = ["event-100", "startup"]`, all[i].Change.Edits[0].New)
	require.Equal(t, "task_unelevated = false", all[i].Change.Edits[1].New)
	require.Contains(t, all[i].Change.Do[0].Command, "/rl HIGHEST")
}

// Times are written as people write them.
func TestTimesInUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{4 * time.Hour: "4h", 5 * time.Minute: "5m", 90 * time.Second: "1m30s", 10 * time.Minute: "10m", time.Hour + 30*time.Minute: "1h30m", 20 * time.Second: "20s"} {
		require.Equal(t, want, inUnits(d))
	}
}

// A service that is to run as an account of the other node never starts: the account is mended as one without its rights is,
// and the watcher serves again.
func TestAnAccountOfTheOtherNodeIsMended(t *testing.T) {
	f := shipped(t, "mail")
	f["standby/mail/services.reg"] = []byte(strings.Replace(utf8Of(t, f["standby/mail/services.reg"]), `"ObjectName"=".\\Administrator"`, `"ObjectName"="hvt162EPST11\\Administrator"`, 1))
	f["standby/ipwcs.reg"] = []byte(strings.TrimSpace(utf8Of(t, f["standby/ipwcs.reg"])) + "\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\IPWCS]\r\n\"ObjectName\"=\"hvt162EPST11\\\\Administrator\"\r\n")
	p := planFor(t, f)
	for _, kind := range []audited.ChangeKind{audited.WatcherAccount, audited.MailAccount} {
		c := p.candidate(t, kind)
		require.Equal(t, "standby", c.Node)
		require.Equal(t, `"ObjectName"=".\\Administrator"`, c.Edits[0].New)
		require.Len(t, c.answered, 1)
		require.Contains(t, p.lint[c.answered[0]].Message, "never starts (H17)")
	}
	a := auditTrying(t, f.with(t, "client", "profile", `"windows-modern"`), []audited.ChangeKind{audited.WatcherAccount}, audited.CableActive)
	require.Equal(t, []any{audited.WatcherAccount, audited.Gains}, []any{a.Todo[0].Change.Kind, a.Todo[0].Verdict})
	require.Greater(t, a.Todo[0].Gain.Low, 100.0, "the standby never takes the VIP")
}
