package verb

import (
	"strings"

	"ipwsim/sim/finding"
	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

var ofMail = []*Verb{
	{
		Name: "kill-mail", Target: Node, Rest: "[" + services + "]", bare: true, parse: oneOf(mail.Names...),
		Doc: "the mail services die, or the one that is named; the machine and IPWCS go on (C2, H17)",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the mail service {setting} of {target} died", Ja: "{target} の {setting} が異常終了した"},
			Bare:    finding.Phrase{En: "the mail services of {target} died", Ja: "{target} のメールサービスが停止した"},
			Touches: mailServices,
		},
		act: func(d *doing) error { return d.Services(d.Target, d.word(), world.MailKill) },
	},
	{
		Name: "stop-mail", Target: Node, Rest: "[" + services + "]", bare: true, parse: oneOf(mail.Names...),
		Doc: "stop the mail services in order, or the one that is named, as net stop does: nothing starts them again by itself",
		Fault: &Fault{
			Said:    finding.Phrase{En: "the mail service {setting} of {target} was stopped", Ja: "{target} の {setting} を停止した"},
			Bare:    finding.Phrase{En: "the mail services of {target} were stopped", Ja: "{target} のメールサービスを停止した"},
			Touches: mailServices,
		},
		act: func(d *doing) error { return d.Services(d.Target, d.word(), world.MailStop) },
	},
	{
		Name: "start-mail", Target: Node, Rest: "[" + services + "]", bare: true, parse: oneOf(mail.Names...),
		Doc: "start the mail services that do not run, or the one that is named",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the mail service {setting} of {target} was started", Ja: "{target} の {setting} を開始した"},
			Bare:  finding.Phrase{En: "the mail services of {target} were started", Ja: "{target} のメールサービスを開始した"},
			Mends: always, Touches: started("", mailServices),
		},
		act: func(d *doing) error { return d.Services(d.Target, d.word(), world.MailStart) },
	},
	{
		Name: "disk", Rest: "<ok|full|read-only|lying>", parse: oneOf("ok", "full", "read-only", "lying"),
		Doc: "what the share's disk does from now on: its work, nothing for want of space, nothing that writes (C3), or it answers before the data is safe, which a crash then loses",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the share's disk was set to: {setting}", Ja: "共有フォルダーのディスクの状態: {setting}"},
			ja:    strings.NewReplacer("ok", "正常", "full", "満杯", "read-only", "読み取り専用", "lying", "虚偽応答").Replace,
			Mends: is("ok"), Touches: parts(trace.DiskPart),
		},
		act: func(d *doing) error { return d.SetDisk(world.DiskMode(d.Arg.String())) },
	},
	{
		Name: "outside", Target: Server, Rest: "<takes|refuses|defers|silent>", parse: oneOf("takes", "refuses", "defers", "silent"),
		Doc: "what the mail server outside does with mail from now on",
		Fault: &Fault{
			Said:  finding.Phrase{En: "the mail server {target} was set to: {setting}", Ja: "外部メールサーバー {target} の動作: {setting}"},
			ja:    strings.NewReplacer("takes", "受信", "refuses", "拒否", "defers", "一時拒否", "silent", "無応答").Replace,
			Mends: is("takes"), Touches: parts(trace.OutsidePart),
		},
		act: func(d *doing) error { return d.Conduct(d.Target, conducts[d.Arg.String()]) },
	},
}

var services = strings.Join(mail.Names, "|")

// mailServices are the target's, or the one that is named.
func mailServices(d *doing) []trace.Touch {
	return []trace.Touch{{Part: trace.MailPart, Of: d.Target, End: d.word()}}
}

var conducts = map[string]mail.Conduct{
	"takes": mail.Takes, "refuses": mail.Refuses, "defers": mail.Defers, "silent": mail.Silent,
}
