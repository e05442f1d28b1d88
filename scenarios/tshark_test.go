package scenarios_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
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

// fields runs tshark over a capture with a filter and returns the named fields, a line a frame.
func fields(t *testing.T, tshark, file, filter string, names ...string) []string {
	t.Helper()
	args := []string{"-r", file, "-Y", filter, "-T", "fields", "-E", "separator= "}
	for _, n := range names {
		args = append(args, "-e", n)
	}
	out, err := exec.Command(tshark, args...).Output()
	require.NoError(t, err, file)
	text := strings.TrimSuffix(string(out), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// An independent reader finds every frame well formed, and the frames of the story in their places.
func TestCapturesOpenInTshark(t *testing.T) {
	tshark := needs(t, "tshark", "apt-get install tshark")
	dir := t.TempDir()
	out, err := script.Run(context.Background(), shipped(t, "cable-pull"), script.Options{Cluster: cluster, Pcap: dir})
	require.NoError(t, err)
	require.NotEqual(t, finding.Bad, out.Outcome())
	for _, cable := range []string{"active", "standby", "client"} {
		file := filepath.Join(dir, cable+".pcapng")
		require.NotEmpty(t, fields(t, tshark, file, "eth", "frame.number"), "%s has frames", cable)
		require.Empty(t, fields(t, tshark, file, "_ws.malformed || _ws.expert.severity == error", "frame.number"), "%s", cable)
	}

	// H3, H4: the standby's take-over on its own cable, in seconds of the simulated day
	// (2025-02-07T16:19:27+09:00 is 07:19:27 UTC, 1738912767).
	standby := filepath.Join(dir, "standby.pcapng")
	const vip = "arp.dst.proto_ipv4 == 192.168.10.202 && eth.src == 00:15:5d:0a:0b:c9 && "
	require.Equal(t, []string{"1738912818.022", "1738912819.022", "1738912820.022"},
		cut(fields(t, tshark, standby, vip+"arp.src.proto_ipv4 == 0.0.0.0", "frame.time_epoch"), 14), "three ARP probes, 1 s apart, 51 s after the start")
	require.Equal(t, []string{"1738912821.022"},
		cut(fields(t, tshark, standby, vip+"arp.isgratuitous == 1 && arp.src.proto_ipv4 == 192.168.10.202", "frame.time_epoch"), 14), "one announcement")
	require.NotEmpty(t, fields(t, tshark, standby, "icmp.type == 8 && ip.src == 192.168.10.201 && ip.dst == 192.168.10.202", "frame.number"), "the watcher's echo requests")
}

// A capture of all cables has the frames of the captures of each, in the order of time, each with its cable's name.
func TestOneCaptureOfAllCablesInTshark(t *testing.T) {
	tshark := needs(t, "tshark", "apt-get install tshark")
	dir, all := t.TempDir(), filepath.Join(t.TempDir(), "all.pcapng")
	for _, to := range []string{dir, all} {
		_, err := script.Run(context.Background(), shipped(t, "l3-switch"), script.Options{Cluster: cluster, Pcap: to})
		require.NoError(t, err)
	}
	require.Empty(t, fields(t, tshark, all, "frame.time_delta < 0", "frame.number"))
	cables, err := filepath.Glob(filepath.Join(dir, "*.pcapng"))
	require.NoError(t, err)
	require.Greater(t, len(cables), 3)
	what := []string{"frame.time_epoch", "frame.len", "eth.src", "eth.dst", "frame.comment"}
	for _, path := range cables {
		name := strings.TrimSuffix(filepath.Base(path), ".pcapng")
		require.Equal(t, fields(t, tshark, path, "frame", what...), fields(t, tshark, all, `frame.interface_name == "`+name+`"`, what...), name)
	}
}

// V1, V4: tshark takes an advertisement for VRRP, and its checksum for right.
func TestAdvertisementsInTshark(t *testing.T) {
	tshark := needs(t, "tshark", "apt-get install tshark")
	dir := t.TempDir()
	out, err := script.Run(context.Background(), shipped(t, "vrrp-stop"), script.Options{Cluster: cluster, Pcap: dir})
	require.NoError(t, err)
	require.NotEqual(t, finding.Bad, out.Outcome())
	file := filepath.Join(dir, "client.pcapng")
	require.Empty(t, fields(t, tshark, file, "_ws.malformed || _ws.expert.severity == error || vrrp && !(vrrp.checksum.status == 1)", "frame.number"))
	const all = "vrrp && eth.dst == 01:00:5e:00:00:12 && ip.dst == 224.0.0.18 && ip.ttl == 255"
	require.Len(t, fields(t, tshark, file, "vrrp && !("+all+")", "frame.number"), 0)
	seen := map[string]bool{}
	for _, line := range fields(t, tshark, file, all, "ip.src", "vrrp.version", "vrrp.type", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.short_adver_int", "vrrp.ip_addr") {
		seen[line] = true
	}
	require.Equal(t, map[string]bool{
		"192.168.10.200 3 1 51 100 100 192.168.10.202": true,
		"192.168.10.200 3 1 51 0 100 192.168.10.202":   true,
		"192.168.10.201 3 1 51 90 100 192.168.10.202":  true,
	}, seen)
}

// Through an L3 switch the TTL falls by one, the MACs are rewritten, and every frame is well formed
// (N5).
func TestRoutedCapturesOpenInTshark(t *testing.T) {
	tshark := needs(t, "tshark", "apt-get install tshark")
	dir := t.TempDir()
	out, err := script.Run(context.Background(), shipped(t, "l3-switch"), script.Options{Cluster: cluster, Pcap: dir})
	require.NoError(t, err)
	require.NotEqual(t, finding.Bad, out.Outcome())
	echo := func(cable string) []string {
		file := filepath.Join(dir, cable+".pcapng")
		require.Empty(t, fields(t, tshark, file, "_ws.malformed || _ws.expert.severity == error", "frame.number"), cable)
		const request = "icmp.type == 8 && ip.src == 192.168.20.50 && ip.dst == 192.168.10.202 && icmp.seq == 5"
		return fields(t, tshark, file, request, "ip.ttl", "eth.src", "eth.dst")
	}
	client, inside, outside, server := "02:00:00:01:00:01", "02:00:00:02:01:02", "02:00:00:02:01:01", "02:00:00:00:00:01"
	require.Equal(t, []string{"128 " + client + " " + inside}, echo("client"), "from the client to its gateway")
	require.Equal(t, []string{"128 " + client + " " + inside}, echo("core1-office"))
	require.Equal(t, []string{"127 " + outside + " " + server}, echo("core1-servers"), "on to the node: one hop less to live")
	require.Equal(t, []string{"127 " + outside + " " + server}, echo("active"))
}

// Over two L3 switches the TTL falls by one at each, and each puts its own MACs in the frame (N5).
func TestCapturesOverTwoRoutersOpenInTshark(t *testing.T) {
	tshark := needs(t, "tshark", "apt-get install tshark")
	dir := t.TempDir()
	out, err := script.Run(context.Background(), shipped(t, "l3-offices"), script.Options{Cluster: cluster, Pcap: dir})
	require.NoError(t, err)
	require.NotEqual(t, finding.Bad, out.Outcome())
	packets := func(cable, filter string) []string {
		file := filepath.Join(dir, cable+".pcapng")
		require.NotEmpty(t, fields(t, tshark, file, "eth", "frame.number"), "%s has frames", cable)
		require.Empty(t, fields(t, tshark, file, "_ws.malformed || _ws.expert.severity == error", "frame.number"), cable)
		return fields(t, tshark, file, filter+" && icmp.seq == 5", "ip.ttl", "eth.src", "eth.dst")
	}
	const (
		request = "icmp.type == 8 && ip.src == 192.168.21.50 && ip.dst == 192.168.10.202"
		reply   = "icmp.type == 0 && ip.src == 192.168.10.202 && ip.dst == 192.168.21.50"

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
		require.Equal(t, []string{hop.there}, packets(hop.cable, request), hop.cable)
		require.Equal(t, []string{hop.back}, packets(hop.cable, reply), hop.cable)
	}
}

// Wireshark shows what each frame is for. Every capture is read without a malformed frame, and what
// the comments say agrees with tshark's own reading of the frames.
func TestCommentsInTshark(t *testing.T) {
	tshark := needs(t, "tshark", "apt-get install tshark")
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
		file := filepath.Join(t.TempDir(), "all.pcapng")
		_, err := script.Run(context.Background(), shipped(t, scenario), script.Options{Cluster: cluster, Pcap: file})
		require.NoError(t, err)
		seen := map[string]bool{}
		for _, line := range fields(t, tshark, file, "frame", "frame.number", "_ws.malformed", "arp.isprobe", "arp.isannouncement", "icmp.type", "icmp.seq", "frame.comment") {
			f := strings.SplitN(line, " ", 7) // the first is never empty
			require.Empty(t, f[1], "%s: %s", scenario, line)
			requireAgreement(t, f[2] == "1", f[3] == "1", f[4], f[5], f[6])
			seen[f[6]] = true
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
		for _, line := range fields(t, tshark, filepath.Join(dir, cable+".pcapng"), "frame", "frame.number", "_ws.malformed",
			"smtp.req.command", "smtp.response.code", "pop.request.command", "frame.comment") {
			f := strings.SplitN(line, " ", 6) // the first is never empty
			require.Empty(t, f[1], "%s: %s", cable, line)
			requireMailAgreement(t, line, f[2]+f[3], f[4], f[5])
			seen[f[5]] = true
		}
		for _, comment := range want {
			require.True(t, seen[comment], "%s: no frame has the comment %q", cable, comment)
		}
	}
}

// requireMailAgreement: a command or an answer is one for tshark too, and no other frame is.
func requireMailAgreement(t *testing.T, line, smtp, pop, comment string) {
	_, said, ok := strings.Cut(comment, ": SMTP ")
	ok = ok && !strings.Contains(said, "message data, ") && !strings.Contains(said, "final dot to")
	require.Equal(t, ok, smtp != "", line)
	require.True(t, strings.HasPrefix(said, smtp), line)
	require.True(t, pop == "" || strings.Contains(comment, ": POP3 "+pop), line)
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
