package verb

import (
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// ofShare are the faults of the share and its server, beside those of its disk.
var ofShare = []*Verb{
	{
		Name: "share-crash", Rest: "[<operation> <n>]", bare: true, parse: parseCrash,
		Doc: "the share's machine loses its power: now, or after the n-th operation of that name from now on (create, read, rename, remove, list, mkdir, stat, or any), before it is answered; what was answered is on the disk unless that is lying (M6)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the share was to crash after an operation: {setting}", Ja: "共有フォルダーのマシンは次の操作の後に電源が切れる: {setting}"},
			Bare:    finding.Phrase{En: "the share's machine lost its power", Ja: "共有フォルダーのマシンの電源が切れた"},
			Touches: ofServer("power"),
		},
		act: func(d *doing) error {
			at, _ := d.Arg.(crashAt)
			return d.CrashShare(at.operation, at.n)
		},
	},
	{
		Name: "share-boot", Doc: "the share's machine is there again, with what is on its disk",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the share's machine was switched on", Ja: "共有フォルダーのマシンの電源を入れた"},
			Mends: always, Touches: ofServer("power"),
		},
		act: func(d *doing) error { return d.BootShare() },
	},
	{
		Name: "share-slow", Rest: "<time|ok>", parse: parseSlow,
		Doc: "each operation on the share takes so long from now on, or as in cluster.toml again; after 21 s a node gives up",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the time of each operation on the share was set to: {setting}", Ja: "共有フォルダーの 1 操作の時間: {setting}"},
			ja:    strings.NewReplacer("ok", "既定値").Replace,
			Mends: func(c Call) bool { return c.Arg == slowness(0) }, Touches: ofServer("latency"),
		},
		act: func(d *doing) error { return d.SlowShare(time.Duration(d.Arg.(slowness))) },
	},
	{
		Name: "share-session", Target: Node,
		Doc: "the share's server forgets the node's session and does not tell it: what the node sends is neither done nor answered, and after 21 s it begins a new one",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the session of {target} with the share died", Ja: "{target} と共有フォルダーのセッションが失われた"},
			Mends: always, Touches: func(d *doing) []trace.Touch {
				return []trace.Touch{{Part: trace.DiskPart, Of: d.Target, End: "session"}}
			},
		},
		act: func(d *doing) error { return d.DropSession(d.Target) },
	},
	{
		Name: "share-account", Rest: "<changed|ok>", parse: oneOf("changed", "ok"),
		Doc: "the password of the account that may use the share is changed, so that the nodes are denied, or changed back (C3)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the password of the share's account: {setting}", Ja: "共有フォルダーのアカウントのパスワード: {setting}"},
			ja:    strings.NewReplacer("changed", "変更", "ok", "元どおり").Replace,
			Mends: is("ok"), Touches: ofServer("account"),
		},
		act: func(d *doing) error { return d.DenyShare(d.word() == "changed") },
	},
}

// ofServer is a part of the share's server.
func ofServer(part string) func(*doing) []trace.Touch {
	return func(*doing) []trace.Touch {
		return []trace.Touch{{Part: trace.DiskPart, Of: cluster.ShareName, End: part}}
	}
}

// crashAt is after which operation the share crashes.
type crashAt struct {
	operation string
	n         int
}

func (c crashAt) String() string { return c.operation + " " + strconv.Itoa(c.n) }

var operations = []string{"create", "read", "rename", "remove", "list", "mkdir", "stat", world.AnyOperation}

func parseCrash(words []string) (Arg, error) {
	if len(words) != 2 {
		return nil, errForm
	}
	if _, err := oneOf(operations...)(words[:1]); err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(words[1])
	if err != nil || n < 1 || strconv.Itoa(n) != words[1] {
		return nil, diag.Errorf("found %q, expected a number from 1", words[1])
	}
	return crashAt{words[0], n}, nil
}

// slowness is how long an operation takes; 0: as long as in cluster.toml.
type slowness time.Duration

func (s slowness) String() string {
	if s == 0 {
		return "ok"
	}
	return time.Duration(s).String()
}

func parseSlow(words []string) (Arg, error) {
	if strings.Join(words, " ") == "ok" {
		return slowness(0), nil
	}
	d, err := parseSpan(words)
	if err != nil {
		return nil, err
	}
	return slowness(d.(span)), nil
}
