package facts

import (
	"fmt"
	"net/netip"

	"pgregory.net/rapid"

	"ipwsim/sim/trace"
	"ipwsim/sim/trace/story"
)

// busyTrace is a random trace with all that a run records beside what P0 looks at.
func busyTrace(rt *rapid.T) *trace.Trace {
	s := randomStory(rt)
	for range rapid.IntRange(0, 40).Draw(rt, "more") {
		s.At(float64(rapid.IntRange(1, 2*horizon).Draw(rt, "at")) / 2)
		kinds := []func(*rapid.T, *story.Story){randomFault, randomWatcher, randomWatcher, randomPerson, randomNoise, randomMail}
		rapid.SampledFrom(kinds).Draw(rt, "what")(rt, s)
	}
	return s.End(horizon + 0.5)
}

var anyNode = rapid.SampledFrom([]string{"active", "standby"})

func randomFault(rt *rapid.T, s *story.Story) {
	node, cable := anyNode.Draw(rt, "node"), rapid.SampledFrom(s.Header.Cables).Draw(rt, "cable")
	one := rapid.SampledFrom([][]string{
		{"unplug", cable.Name}, {"plug", cable.Name}, {"flap", cable.Name, "3s"}, {"cut", cable.Name, cable.A}, {"mend", cable.Name},
		{"power-off", node}, {"power-on", node}, {"freeze", node}, {"resume", node}, {"netsh", node, "fail"}, {"block-echo", "pc"},
		{"rule", "", "drop arp"}, {"impair", cable.Name, "loss 5%"}, {"kill-mail", node},
	}).Draw(rt, "fault")
	s.Fault(one[0], one[1], one[2:]...)
}

// randomWatcher is a watcher at work, asking over the pipe, or its machine's netsh.
func randomWatcher(rt *rapid.T, s *story.Story) {
	node, ip := anyNode.Draw(rt, "node"), rapid.SampledFrom(vips).Draw(rt, "vip")
	switch rapid.IntRange(0, 4).Draw(rt, "of the watcher") {
	case 0:
		s.Service(node, rapid.SampledFrom([]trace.ServiceState{trace.StartPending, trace.Running, trace.Running, trace.StopPending, trace.Stopped}).Draw(rt, "service"))
	case 1:
		answers := []trace.PipeAnswer{trace.Released, trace.NotHeld, trace.Refused, trace.NoAnswer}
		s.Add(node, trace.Pipe{VIP: ip, Answer: rapid.SampledFrom(answers).Draw(rt, "answer"), Took: story.Seconds(0.5)})
	case 2:
		s.Add(node, trace.Command{Does: trace.AddAddress, IP: ip, Exit: rapid.IntRange(0, 1).Draw(rt, "exit")})
	default:
		why := rapid.SampledFrom([]trace.Reason{trace.ByCycle, trace.ByPeer, story.Free, story.Yielded, story.GivenUp, story.Added}).Draw(rt, "why")
		states := []trace.WatchState{trace.Polling, trace.Taking, trace.Held, trace.Releasing}
		s.Add(node, trace.Watch{VIP: ip, State: rapid.SampledFrom(states).Draw(rt, "state"), Why: why, Rule: story.Rules[why]})
	}
}

// randomPerson is ping.exe, or a node's scheduled batch.
func randomPerson(rt *rapid.T, s *story.Story) {
	ip := rapid.SampledFrom(append([]netip.Addr{story.Inner}, vips...)).Draw(rt, "target")
	switch rapid.IntRange(0, 2).Draw(rt, "person") {
	case 0:
		s.Add("pc", trace.PingStart{ID: 1, Target: ip})
	case 1:
		s.Add("pc", trace.PingLine{ID: 1, Outcome: rapid.SampledFrom([]trace.PingOutcome{trace.Replied, trace.TimedOut}).Draw(rt, "outcome")})
	default:
		s.Add(anyNode.Draw(rt, "node"), trace.Task{
			Name: "cure", State: rapid.SampledFrom([]trace.TaskState{trace.TaskStarted, trace.TaskSkipped, trace.TaskFinished}).Draw(rt, "task"),
		})
	}
}

func randomNoise(rt *rapid.T, s *story.Story) {
	cable := rapid.SampledFrom(s.Header.Cables).Draw(rt, "cable")
	s.Add("", trace.Impairment{Cable: cable.Name, From: cable.B, Loss: float64(rapid.IntRange(0, 1).Draw(rt, "loss")) / 2})
	if seldom(rt, "rule") {
		s.Add("", trace.Rule{Text: "drop icmp to pc", Verdict: trace.Drop, Protocol: "icmp", To: "pc"})
	}
}

// randomMail is a message or two on its way.
func randomMail(rt *rapid.T, s *story.Story) {
	id, to := fmt.Sprint(rapid.IntRange(1, 2).Draw(rt, "message")), "bob@example.com"
	file, box := id+".001", "inbox/bob/"+id+".001"
	s.Add("active", rapid.SampledFrom([]trace.Body{
		trace.MailFile{Do: trace.FileMoved, File: "queue/tmp/" + file, To: "queue/" + file, Mail: &trace.MailEnvelope{To: []string{to}, MessageID: "m" + id}},
		trace.MailFile{Do: trace.FileMoved, File: "queue/" + file, To: box}, trace.MailFile{Do: trace.FileRemoved, File: "queue/" + file},
		trace.MailFile{Do: trace.FileRemoved, File: box}, trace.MailRelay{ID: id, To: to}, trace.MailTaken{ID: id, To: to},
		trace.MailStock{Place: trace.InQueue, File: "queue/" + file}, trace.MailStock{Place: trace.InMailbox, File: box}, trace.MailFetch{User: "bob", MessageID: "m" + id}, trace.MailPoll{Stage: trace.AtLogin},
		trace.MailSession{End: trace.BrokenEnd}, trace.MailBounce{ID: id, To: to}, trace.MailAudit{},
	}).Draw(rt, "mail"))
	s.Add("pc", rapid.SampledFrom([]trace.Body{
		trace.MailSend{MessageID: "m" + id, Code: 250}, trace.MailSend{MessageID: "m" + id, Code: 451, Stage: trace.AtDot},
		trace.MailSend{MessageID: "m" + id, Stage: trace.AtConnect, Took: story.Seconds(2)},
	}).Draw(rt, "send"))
}
