package scenarios_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

// needs skips the test where a program is not installed; with IPWSIM_NO_SKIP set, as in CI, that is
// a failure.
func needs(t *testing.T, program, install string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	message := program + " is not installed (" + install + "): what it would check is not checked"
	if os.Getenv("IPWSIM_NO_SKIP") != "" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// frame is a frame as tshark reads it: its fields by name, one that it does not have is "".
type frame map[string]string

// is says whether the frame has these values: name, value, name, value.
func (f frame) is(pairs ...string) bool {
	for i := 0; i < len(pairs); i += 2 {
		if f[pairs[i]] != pairs[i+1] {
			return false
		}
	}
	return true
}

// values are the named fields in one line.
func (f frame) values(names ...string) string {
	var out []string
	for _, n := range names {
		out = append(out, f[n])
	}
	return strings.Join(out, " ")
}

// opened reads a capture with tshark, once, for starting it costs more than what it reads: the named
// fields of every frame, of which none may be malformed or an error to it.
func opened(t *testing.T, tshark, file string, names ...string) []frame {
	t.Helper()
	args := []string{"-r", file, "-T", "fields", "-E", "separator=/t", "-e", "_ws.malformed", "-e", "_ws.expert.severity"}
	for _, n := range names {
		args = append(args, "-e", n)
	}
	out, err := exec.Command(tshark, args...).Output()
	require.NoError(t, err, file)
	var frames []frame
	for line := range strings.Lines(string(out)) {
		values := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		require.Len(t, values, 2+len(names), line)
		require.Empty(t, values[0], "malformed: %s", line)
		require.NotContains(t, strings.Split(values[1], ","), expertError, line)
		f := frame{}
		for i, n := range names {
			f[n] = values[2+i]
		}
		frames = append(frames, f)
	}
	require.NotEmpty(t, frames, "%s has frames", file)
	return frames
}

// expertError is the severity of an error among tshark's remarks on a frame (PI_ERROR).
const expertError = "8388608"

// captures are those that have been opened, by their scenarios: one serves all tests.
var captures = map[string][]frame{}

// fields are what the tests look at in frames.
var fields = []string{
	"frame.interface_name", "frame.time_epoch", "frame.len", "frame.comment", "eth.src", "eth.dst", "ip.src", "ip.dst", "ip.ttl", "icmp.type", "icmp.seq",
	"arp.src.proto_ipv4", "arp.dst.proto_ipv4", "arp.isgratuitous", "arp.isprobe", "arp.isannouncement",
	"vrrp.version", "vrrp.type", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.short_adver_int", "vrrp.ip_addr", "vrrp.checksum.status",
}

// captured runs a shipped scenario and opens the capture of all its cables.
func captured(t *testing.T, scenario string) []frame {
	t.Helper()
	if frames, ok := captures[scenario]; ok {
		return frames
	}
	tshark := needs(t, "tshark", "apt-get install tshark")
	file := filepath.Join(t.TempDir(), "all.pcapng")
	out, err := script.Run(context.Background(), shipped(t, scenario), script.Options{Cluster: cluster, Pcap: file})
	require.NoError(t, err)
	require.NotEqual(t, finding.Bad, out.Outcome())
	captures[scenario] = opened(t, tshark, file, fields...)
	return captures[scenario]
}

// those are the named values of the frames that are so, a line each.
func those(frames []frame, is []string, names ...string) []string {
	var out []string
	for _, f := range frames {
		if f.is(is...) {
			out = append(out, f.values(names...))
		}
	}
	return out
}

// An independent reader finds every frame well formed, and the frames of the story in their places.
func TestCapturesOpenInTshark(t *testing.T) {
	frames := captured(t, "cable-pull")
	for _, cable := range []string{"active", "standby", "client"} {
		require.NotEmpty(t, those(frames, []string{"frame.interface_name", cable}), "%s has frames", cable)
	}

	// H3, H4: the standby's take-over on its own cable, in seconds of the simulated day
	// (2025-02-07T16:19:27+09:00 is 07:19:27 UTC, 1738912767).
	on := []string{"frame.interface_name", "standby", "eth.src", "00:15:5d:0a:0b:c9"}
	vip := append(on, "arp.dst.proto_ipv4", "192.168.10.202", "arp.src.proto_ipv4")
	require.Equal(t, []string{"1738912818.022", "1738912819.022", "1738912820.022"},
		cut(those(frames, append(vip, "0.0.0.0"), "frame.time_epoch"), 14), "three ARP probes, 1 s apart, 51 s after the start")
	require.Equal(t, []string{"1738912821.022"},
		cut(those(frames, append(vip, "192.168.10.202", "arp.isgratuitous", "1"), "frame.time_epoch"), 14), "one announcement")
	require.NotEmpty(t, those(frames, append(on, "icmp.type", "8", "ip.src", "192.168.10.201", "ip.dst", "192.168.10.202")), "the watcher's echo requests")
}

// A capture of all cables has the frames of the captures of each, in the order of time, each with its cable's name.
func TestOneCaptureOfAllCablesInTshark(t *testing.T) {
	frames := captured(t, "l3-switch")
	require.True(t, slices.IsSortedFunc(frames, func(a, b frame) int { return strings.Compare(a["frame.time_epoch"], b["frame.time_epoch"]) }))
	dir := t.TempDir()
	_, err := script.Run(context.Background(), shipped(t, "l3-switch"), script.Options{Cluster: cluster, Pcap: dir})
	require.NoError(t, err)
	cables, err := filepath.Glob(filepath.Join(dir, "*.pcapng"))
	require.NoError(t, err)
	require.Greater(t, len(cables), 3)
	merged := filepath.Join(t.TempDir(), "merged.pcapng") // so that tshark starts once
	out, err := exec.Command(needs(t, "mergecap", "apt-get install tshark"), append([]string{"-w", merged}, cables...)...).CombinedOutput()
	require.NoError(t, err, string(out))
	alone := opened(t, "tshark", merged, fields...)
	require.Len(t, alone, len(frames))
	for _, path := range cables {
		is := []string{"frame.interface_name", strings.TrimSuffix(filepath.Base(path), ".pcapng")}
		require.NotEmpty(t, those(frames, is, fields...), path)
		require.Equal(t, those(alone, is, fields...), those(frames, is, fields...), path)
	}
}

// V1, V4: tshark takes an advertisement for VRRP, and its checksum for right.
func TestAdvertisementsInTshark(t *testing.T) {
	said := []string{"ip.src", "vrrp.version", "vrrp.type", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.short_adver_int", "vrrp.ip_addr"}
	seen := map[string]bool{}
	for _, f := range captured(t, "vrrp-stop") {
		if f["frame.interface_name"] == "client" && f["vrrp.version"] != "" {
			require.True(t, f.is("vrrp.checksum.status", "1", "eth.dst", "01:00:5e:00:00:12", "ip.dst", "224.0.0.18", "ip.ttl", "255"), "%v", f)
			seen[f.values(said...)] = true
		}
	}
	require.Equal(t, map[string]bool{
		"192.168.10.200 3 1 51 100 100 192.168.10.202": true,
		"192.168.10.200 3 1 51 0 100 192.168.10.202":   true,
		"192.168.10.201 3 1 51 90 100 192.168.10.202":  true,
	}, seen)
}

// wayOf are the TTL and the MACs of the fifth echo's requests or replies on each cable, as tshark reads them.
func wayOf(frames []frame, kind, from, to string) map[string]string {
	way := map[string]string{}
	for _, f := range frames {
		if f.is("icmp.type", kind, "icmp.seq", "5", "ip.src", from, "ip.dst", to) {
			way[f["frame.interface_name"]] += f.values("ip.ttl", "eth.src", "eth.dst")
		}
	}
	return way
}

// Through an L3 switch the TTL falls by one, the MACs are rewritten, and every frame is well formed
// (N5).
func TestRoutedCapturesOpenInTshark(t *testing.T) {
	frames := captured(t, "l3-switch")
	client, inside, outside, server := "02:00:00:01:00:01", "02:00:00:02:01:02", "02:00:00:02:01:01", "02:00:00:00:00:01"
	way := wayOf(frames, "8", "192.168.20.50", "192.168.10.202")
	for cable, want := range map[string]string{
		"client":        "128 " + client + " " + inside, // from the client to its gateway
		"core1-office":  "128 " + client + " " + inside,
		"core1-servers": "127 " + outside + " " + server, // on to the node: one hop less to live
		"active":        "127 " + outside + " " + server,
	} {
		require.Equal(t, want, way[cable], cable)
	}
}

// Over two L3 switches the TTL falls by one at each, and each puts its own MACs in the frame (N5).
func TestCapturesOverTwoRoutersOpenInTshark(t *testing.T) {
	frames := captured(t, "l3-offices")
	requests := wayOf(frames, "8", "192.168.21.50", "192.168.10.202")
	replies := wayOf(frames, "0", "192.168.10.202", "192.168.21.50")
	const (
		client = "02:00:00:01:00:01"
		floor  = "02:00:00:02:02:02" // the office's, towards the client
		office = "02:00:00:02:02:01" // and towards the core
		core   = "02:00:00:02:01:02" // the core's, towards the offices
		inside = "02:00:00:02:01:01" // and towards the nodes
		server = "02:00:00:00:00:01"
	)
	for _, hop := range []struct{ cable, there, back string }{
		{"client", "128 " + client + " " + floor, "126 " + floor + " " + client},
		{"office1-floor1", "128 " + client + " " + floor, "126 " + floor + " " + client},
		{"office1-backbone", "127 " + office + " " + core, "127 " + core + " " + office},
		{"core-backbone", "127 " + office + " " + core, "127 " + core + " " + office},
		{"core-servers", "126 " + inside + " " + server, "128 " + server + " " + inside},
		{"active", "126 " + inside + " " + server, "128 " + server + " " + inside},
	} {
		require.Equal(t, hop.there, requests[hop.cable], hop.cable)
		require.Equal(t, hop.back, replies[hop.cable], hop.cable)
	}
}

// Wireshark shows what each frame is for. Every capture is read without a malformed frame, and what
// the comments say agrees with tshark's own reading of the frames.
func TestCommentsInTshark(t *testing.T) {
	for scenario, want := range map[string][]string{
		"cable-pull": {
			"standby: address detection for the VIP (H3), probe 3", "standby: announces the VIP (H4)", "standby: poll of the VIP (W11)",
			"client: ping.exe seq 5 to the VIP", "active: asks standby to release the VIP (W16)", "standby: answers active: released (W15)",
			"standby: defends the VIP against a probe (H3)", "active: answers client as the VIP, echo seq 5",
		},
		"arpclear":    {"standby: ping.exe as the VIP seq 4 to client (H11)", "standby: asks who has client, as the VIP (N6)"},
		"l3-switch":   {"client: ping.exe seq 5 to the VIP, by way of core1", "core1: asks who has the VIP"},
		"pipe-denied": {"standby: answers active: error 5: access denied (W15)"},
	} {
		seen := map[string]bool{}
		for _, f := range captured(t, scenario) {
			requireAgreement(t, f["arp.isprobe"] == "1", f["arp.isannouncement"] == "1", f["icmp.type"], f["icmp.seq"], f["frame.comment"])
			seen[f["frame.comment"]] = true
		}
		for _, comment := range want {
			require.True(t, seen[comment], "%s: no frame has the comment %q", scenario, comment)
		}
	}
}

// The same for mail, on the client's cable and the share's. One at a time: tshark takes the copies of a
// segment on several cables for segments sent again.
func TestMailCommentsInTshark(t *testing.T) {
	tshark := needs(t, "tshark", "apt-get install tshark")
	dir := t.TempDir()
	_, err := script.Run(context.Background(), shipped(t, "mail-step-15"), script.Options{Cluster: cluster, Pcap: dir})
	require.NoError(t, err)
	for cable, want := range map[string][]string{
		"client": {
			"client: connects to the VIP for SMTP", "active: accepts client for SMTP", "client: SMTP RCPT TO:<suzuki@example.com> to the VIP",
			"active: SMTP 250 to the final dot (M6): 2.0.0 OK: queued, to client", "standby: SMTP 250 to the final dot (M6): 2.0.0 OK: queued, to client",
			"client: POP3 PASS .. to the VIP",
		},
		"share": {`active: NAS session .\Administrator to share`, "share: NAS mkdir queue: done, to active", "standby: NAS list queue to share"},
	} {
		seen := map[string]bool{}
		for _, f := range opened(t, tshark, filepath.Join(dir, cable+".pcapng"), "smtp.req.command", "smtp.response.code", "pop.request.command", "frame.comment") {
			requireMailAgreement(t, f["smtp.req.command"]+f["smtp.response.code"], f["pop.request.command"], f["frame.comment"])
			seen[f["frame.comment"]] = true
		}
		for _, comment := range want {
			require.True(t, seen[comment], "%s: no frame has the comment %q", cable, comment)
		}
	}
}

// requireMailAgreement: a command or an answer is one for tshark too, and no other frame is.
func requireMailAgreement(t *testing.T, smtp, pop, comment string) {
	_, said, ok := strings.Cut(comment, ": SMTP ")
	ok = ok && !strings.Contains(said, "message data, ") && !strings.Contains(said, "final dot to")
	require.Equal(t, ok, smtp != "", comment)
	require.True(t, strings.HasPrefix(said, smtp), comment)
	require.True(t, pop == "" || strings.Contains(comment, ": POP3 "+pop), comment)
}

func requireAgreement(t *testing.T, probe, announcement bool, icmp, seq, comment string) {
	require.Equal(t, probe, strings.Contains(comment, "address detection"), comment)
	require.Equal(t, announcement, strings.Contains(comment, "announces"), comment)
	require.Equal(t, icmp == "8", strings.Contains(comment, "poll of") || strings.Contains(comment, "ping.exe") ||
		strings.Contains(comment, "its programs use") || strings.Contains(comment, "echo request"), comment)
	require.Equal(t, icmp == "0", strings.Contains(comment, "echo seq "), comment)
	if strings.Contains(comment, "seq ") {
		require.Regexp(t, `seq `+seq+`\b`, comment)
	}
}

func cut(lines []string, n int) []string {
	for i := range lines {
		lines[i] = lines[i][:min(n, len(lines[i]))]
	}
	return lines
}
