package verb

import (
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

var ofServices = []*Verb{
	{
		Name: "stop-service", Target: Node,
		Doc: "stop the IPWCS service; it releases the VIP (W6)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the watcher of {target} was stopped", Ja: "{target} の IPWatcher を停止した"},
			Touches: parts(trace.WatcherPart),
		},
		act: onNode((*windows.Node).StopService),
	},
	{
		Name: "start-service", Target: Node,
		Doc: "start the IPWCS service (W5)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the watcher of {target} was started", Ja: "{target} の IPWatcher を開始した"},
			Mends: always, Touches: started(trace.Watcher, parts(trace.WatcherPart)),
		},
		act: onNode((*windows.Node).StartService),
	},
	{
		Name: "kill-service", Target: Node,
		Doc: "the process of IPWCS dies: nothing is released, its addresses stay (H17); its next start releases first (W5)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the watcher of {target} died", Ja: "{target} の IPWatcher が異常終了した"},
			Touches: parts(trace.WatcherPart),
		},
		act: onNode((*windows.Node).KillService),
	},
	{
		Name: "deny-logon", Target: Node,
		Doc: "the account of the services may not log on any more, as after its password was changed: IPWCS and mail services that run go on, and none starts, not at a boot either (H17)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the account of the services of {target} was denied the logon", Ja: "{target} のサービスのアカウントがログオンを拒否された"},
			Touches: parts(trace.LogonPart),
		},
		act: func(d *doing) error { return setOn(d, func(n *windows.Node) bool { return n.DenyLogon(true) }) },
	},
	{
		Name: "grant-logon", Target: Node,
		Doc: "it may again; what has not started is started by hand",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the account of the services of {target} may log on again", Ja: "{target} のサービスのアカウントがログオンできるようになった"},
			Mends: always, Touches: parts(trace.LogonPart),
		},
		act: func(d *doing) error { return setOn(d, func(n *windows.Node) bool { return n.DenyLogon(false) }) },
	},
	{
		Name: "netsh", Target: Node, Rest: "<ok|fail|lie>", parse: oneOf("ok", "fail", "lie"),
		Doc: "what netsh does from now on: its work, an error, or nothing while it reports success (H2)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "netsh of {target} was set to: {setting}", Ja: "{target} の netsh の動作: {setting}"},
			ja:    strings.NewReplacer("ok", "正常", "fail", "失敗", "lie", "虚偽応答").Replace,
			Mends: is("ok"), Touches: parts(trace.NetshPart),
		},
		act: func(d *doing) error {
			return setOn(d, func(n *windows.Node) bool { return n.SetNetsh(windows.NetshMode(d.Arg.String())) })
		},
	},
}

// setOn changes a setting of the target, which may be off.
func setOn(d *doing, change func(*windows.Node) bool) error {
	n, err := d.Node(d.Target)
	if err == nil && !change(n) {
		err = diag.Errorf("%s is set so already", d.Target)
	}
	return err
}

// started are the parts that the start of a service touches: none while its account may not log on, for it fails (H17).
func started(service string, touches func(*doing) []trace.Touch) func(*doing) []trace.Touch {
	return func(d *doing) []trace.Touch {
		if n, err := d.Node(d.Target); err == nil && !n.MayLogOn(service) {
			return nil
		}
		return touches(d)
	}
}
