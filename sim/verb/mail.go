package verb

import (
	"ipwsim/sim/finding"
	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

var ofMail = []*Verb{
	{
		Name: "kill-mail", Target: Node,
		Doc: "the mail services die; the machine and IPWCS go on (C2)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the mail services of {target} died", Ja: "{target} のメールサービスが停止した"},
			Touches: parts(trace.MailPart),
		},
		act: func(d *doing) error { return d.Services(d.Target, false) },
	},
	{
		Name: "start-mail", Target: Node,
		Doc: "start the mail services again",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the mail services of {target} were started", Ja: "{target} のメールサービスを開始した"},
			Mends: always, Touches: parts(trace.MailPart),
		},
		act: func(d *doing) error { return d.Services(d.Target, true) },
	},
	{
		Name: "disk", Rest: "<ok|full|read-only>", parse: oneOf("ok", "full", "read-only"),
		Doc: "what the share's disk does from now on: its work, nothing for want of space, or nothing that writes (C3)",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the share's disk was set to: {setting}", Ja: "共有フォルダーのディスクの状態: {setting}"},
			Mends: is("ok"), Touches: parts(trace.DiskPart),
		},
		act: func(d *doing) error { return d.SetDisk(world.DiskMode(d.Arg.String())) },
	},
	{
		Name: "outside", Target: Server, Rest: "<takes|refuses|defers|silent>", parse: oneOf("takes", "refuses", "defers", "silent"),
		Doc: "what the mail server outside does with mail from now on",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the mail server {target} was set to: {setting}", Ja: "外部メールサーバー {target} の動作: {setting}"},
			Mends: is("takes"), Touches: parts(trace.OutsidePart),
		},
		act: func(d *doing) error { return d.Conduct(d.Target, conducts[d.Arg.String()]) },
	},
}

var conducts = map[string]mail.Conduct{
	"takes": mail.Takes, "refuses": mail.Refuses, "defers": mail.Defers, "silent": mail.Silent,
}
