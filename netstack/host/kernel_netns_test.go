//go:build linux

package host_test

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// kernel is a real host in a network namespace, and a sender of raw frames in another, at the two
// ends of a veth pair.
type kernel struct {
	t            *testing.T
	host, sender string // the namespaces
	frames       io.Writer
	sent         *bufio.Scanner
}

// senderEnv tells the test binary that it is the sender, and on which interface.
const senderEnv = "IPWSIM_FRAME_SENDER"

// newKernel needs root and iproute2. Without them the test is skipped, or fails where IPWSIM_NO_SKIP
// is set.
func newKernel(t *testing.T) *kernel {
	if os.Geteuid() != 0 {
		skip(t, "a network namespace needs root")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		skip(t, "ip (iproute2) is not installed")
	}
	k := &kernel{t: t, host: fmt.Sprintf("ipwsim-%d-host", os.Getpid()), sender: fmt.Sprintf("ipwsim-%d-sender", os.Getpid())}
	for _, ns := range []string{k.host, k.sender} {
		if out, err := exec.Command("ip", "netns", "add", ns).CombinedOutput(); err != nil {
			skip(t, "no network namespaces here: "+string(out))
		}
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", ns).Run() })
	}
	k.ip("link", "add", "host0", "netns", k.host, "type", "veth", "peer", "name", "sender0", "netns", k.sender)
	k.ip("-n", k.host, "link", "set", "host0", "address", net.HardwareAddr(hostMAC[:]).String(), "up")
	k.ip("-n", k.host, "addr", "add", hostIP.String()+"/24", "dev", "host0")
	k.ip("-n", k.sender, "link", "set", "sender0", "up")
	// The kernel's own defaults, whatever this machine has: hundredths of a second for locktime.
	k.ip("netns", "exec", k.host, "sh", "-c", "cd /proc/sys/net/ipv4 && echo 100 > neigh/host0/locktime &&"+
		"echo 0 | tee conf/all/arp_accept > conf/host0/arp_accept")
	k.startSender()
	return k
}

func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("IPWSIM_NO_SKIP") != "" {
		t.Fatal("IPWSIM_NO_SKIP is set, but: " + why)
	}
	t.Skip(why)
}

func (k *kernel) ip(args ...string) []byte {
	k.t.Helper()
	out, err := exec.Command("ip", args...).CombinedOutput()
	require.NoError(k.t, err, "ip %s: %s", strings.Join(args, " "), out)
	return out
}

func (k *kernel) release() string {
	b, err := os.ReadFile("/proc/sys/kernel/osrelease")
	require.NoError(k.t, err)
	return strings.TrimSpace(string(b))
}

// startSender runs this test binary again, as the sender.
func (k *kernel) startSender() {
	cmd := exec.Command("ip", "netns", "exec", k.sender, os.Args[0], "-test.run=^TestFrameSender$")
	cmd.Env = append(os.Environ(), senderEnv+"=sender0")
	in, err := cmd.StdinPipe()
	require.NoError(k.t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(k.t, err)
	require.NoError(k.t, cmd.Start())
	k.t.Cleanup(func() {
		_ = in.Close() // ends the sender
		_ = cmd.Wait()
	})
	k.frames, k.sent = in, bufio.NewScanner(out)
}

// send returns when the frame is out.
func (k *kernel) send(frame []byte) {
	_, err := fmt.Fprintf(k.frames, "%x\n", frame)
	require.NoError(k.t, err)
	require.True(k.t, k.sent.Scan(), "the sender ended")
	require.Equal(k.t, "sent", k.sent.Text())
}

// TestFrameSender is the sender's side: a frame in hexadecimal a line, until the input ends.
func TestFrameSender(t *testing.T) {
	name := os.Getenv(senderEnv)
	if name == "" {
		return // no test but a helper of one
	}
	dev, err := net.InterfaceByName(name)
	require.NoError(t, err)
	fd, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0)
	require.NoError(t, err)
	defer func() { _ = syscall.Close(fd) }()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		frame, err := hex.DecodeString(in.Text())
		require.NoError(t, err)
		require.NoError(t, syscall.Sendto(fd, frame, 0, &syscall.SockaddrLinklayer{Ifindex: dev.Index}))
		fmt.Println("sent")
	}
}

// neighbors are the MACs, in hexadecimal, of the entries of the host's neighbour table.
func (k *kernel) neighbors() map[netip.Addr]string {
	var table []struct {
		Dst    netip.Addr `json:"dst"`
		LLAddr string     `json:"lladdr"`
	}
	out := k.ip("-n", k.host, "-4", "-j", "neigh", "show", "dev", "host0")
	require.NoError(k.t, json.Unmarshal(out, &table), "%s", out)
	all := map[netip.Addr]string{}
	for _, e := range table {
		all[e.Dst] = strings.ReplaceAll(e.LLAddr, ":", "")
	}
	return all
}
