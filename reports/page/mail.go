package page

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
)

// hosts names the machines that mail needs beside the cluster: the share and the outside server.
func (t *teller) hosts() string {
	var all []string
	for _, o := range t.header().Others {
		what := o.What
		if key := "other." + strings.ReplaceAll(what, " ", "-"); words.Has(key) {
			what = t.Say(key)
		}
		all = append(all, t.Say("mail.host", o.Name, what, o.Address.Addr()))
	}
	if len(all) == 0 {
		return ""
	}
	return t.Say("mail.hosts", t.list(all))
}

// mailSaid tells for each client when mail was down and why: of many times the longest.
func (t *teller) mailSaid() (all []string) {
	m := t.Facts.Mail
	for _, route := range m.Routes {
		var own []finding.MailDown
		var sum time.Duration
		for _, d := range m.Downs {
			if d.MailRoute == route {
				own = append(own, d)
				sum += d.Length()
			}
		}
		if len(own) == 0 {
			all = append(all, t.Say("mail.never-down", route.Client, route.Server))
			continue
		}
		d := slices.MaxFunc(own, func(a, b finding.MailDown) int { return cmp.Compare(a.Length(), b.Length()) })
		text := t.mailDown(&d)
		if n := len(own) - 1; n > 0 {
			text += " " + t.Say("mail.down-more", n, t.Length(sum-d.Length()))
		}
		all = append(all, text)
	}
	return all
}

func (t *teller) mailDown(d *finding.MailDown) string {
	saw := t.Say("mail.down-slow")
	if n := failed(d); n > 0 {
		saw = t.Say("mail.down-failed", n, t.MailFailures(d.Failures))
	}
	text := ""
	if d.Open {
		text = t.Say("mail.down-on", d.Client, d.Server, t.when(d.From), saw)
	} else {
		text = t.Say("mail.down", d.Client, d.Server, t.when(d.From), t.when(d.To), saw)
	}
	if fault := t.Fault(d.Fault); fault != "" {
		if also := t.also(d.Also); also != "" {
			fault += t.Say("semicolon") + t.Say("also-in-force", also)
		}
		text += " " + t.Say("mail.down-cause", fault)
	}
	return text
}

// failed is how many tries failed.
func failed(d *finding.MailDown) (n int) {
	for _, f := range d.Failures {
		n += f.Count
	}
	return n
}
