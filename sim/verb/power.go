package verb

import (
	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

var ofPower = []*Verb{
	{
		Name: "shutdown", Target: Node,
		Doc: "shut Windows down in order: services, stack, link (H6)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "{target} was shut down", Ja: "{target} をシャットダウンした"},
			Touches: allOf,
		},
		act: onNode((*windows.Node).Shutdown),
	},
	{
		Name: "power-off", Target: Powered,
		Doc: "take the power away: all stops at once (H6); all cables of a switch lose their link",
		Fault: &Fault{
			Said:    finding.Phrase{En: "{target} lost its power", Ja: "{target} の電源が切れた"},
			Touches: allOf,
		},
		act: orSwitch((*windows.Node).PowerOff, false),
	},
	{
		Name: "power-on", Target: Powered,
		Doc: "switch a machine on: boot, link, address detection, services (H6). A switch gives link at once, and has forgotten who is where",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} was switched on", Ja: "{target} の電源を入れた"},
			Mends: always, Touches: allOf,
		},
		act: orSwitch((*windows.Node).PowerOn, true),
	},
	{
		Name: "freeze", Target: Node,
		Doc: "stop the machine as a snapshot does: nothing runs, the link stays (H7)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "{target} froze", Ja: "{target} が凍結した"},
			Touches: parts(trace.RunPart),
		},
		act: onNode((*windows.Node).Freeze),
	},
	{
		Name: "resume", Target: Node,
		Doc: "let a frozen machine go on with what it believed (H7)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "{target} was resumed", Ja: "{target} が再開した"},
			Mends: always, Touches: parts(trace.RunPart),
		},
		act: onNode((*windows.Node).Resume),
	},
}

// parts are parts of the target.
func parts(all ...trace.Part) func(*doing) []trace.Touch {
	return func(d *doing) (touches []trace.Touch) {
		for _, p := range all {
			touches = append(touches, trace.Touch{Part: p, Of: d.Target})
		}
		return touches
	}
}

// allOf is all that goes with a machine's power; a switch has nothing else.
func allOf(d *doing) []trace.Touch {
	if d.IsSwitch(d.Target) {
		return parts(trace.PowerPart)(d)
	}
	return parts(trace.PowerPart, trace.RunPart, trace.WatcherPart, trace.MailPart)(d)
}

// orSwitch changes the power of a node or a switch.
func orSwitch(change func(*windows.Node) bool, on bool) func(*doing) error {
	return func(d *doing) error {
		if d.IsSwitch(d.Target) {
			return d.PowerSwitch(d.Target, on)
		}
		return onNode(change)(d)
	}
}

// onNode does to the target what says whether it changed anything.
func onNode(change func(*windows.Node) bool) func(*doing) error {
	return func(d *doing) error {
		n, err := d.Node(d.Target)
		if err == nil && !change(n) {
			err = diag.Errorf("%s is %s; the fault changes nothing", d.Target, diag.Word(n.Status()))
		}
		return err
	}
}
