package share_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/capture"
	"ipwsim/sim/share"
	"ipwsim/sim/share/sharetest"
)

// An independent reader finds every message of 9P well formed, and what was asked and answered in it.
func TestWiresharkReadsTheShare(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		const message = "tshark is not installed (apt-get install tshark): what it would check is not checked"
		if os.Getenv("IPWSIM_NO_SKIP") != "" {
			t.Fatal(message)
		}
		t.Skip(message)
	}
	l := newLab(t)
	dir := t.TempDir()
	pcap, err := capture.Start(l.Network(), dir, clock(), nil)
	require.NoError(t, err)
	l.a.do(func(s share.FS) {
		require.NoError(t, s.Mkdir("queue"))
		sharetest.Put(t, s, "a", []byte("hello, share"))
		require.NoError(t, s.Rename("a", "queue/b"))
		_, err := s.ReadFile("queue/b")
		require.NoError(t, err)
		_, err = s.ReadDir("queue")
		require.NoError(t, err)
		require.NoError(t, s.Remove("queue/b"))
		require.NoError(t, s.Remove("queue"))
		_, err = s.Stat("nothing")
		require.Error(t, err)
	})
	l.Run(time.Second)
	require.NoError(t, pcap.Close())

	fields := func(filter string, names ...string) string {
		args := []string{"-r", filepath.Join(dir, "a.pcapng"), "-Y", filter, "-T", "fields", "-E", "separator= "}
		for _, n := range names {
			args = append(args, "-e", n)
		}
		out, err := exec.Command(tshark, args...).Output()
		require.NoError(t, err)
		return strings.TrimSpace(string(out))
	}
	require.Empty(t, fields("_ws.malformed || _ws.expert.severity == error", "frame.number"))
	require.Equal(t, "9P2000.L 9P2000.L", strings.Join(strings.Fields(fields("9p.version", "9p.version")), " "))
	got := fields("9p", "9p.msgtype", "9p.fid", "9p.newfid", "9p.wname", "9p.filename", "9p.uname", "9p.count", "9p.offset")
	lines := strings.Split(got, "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	require.Equal(t, conversation, lines)
}

// conversation is type, fids, names, count and offset of each frame; 120 is Tclunk of an earlier fid.
var conversation = []string{
	"100", "101", // version
	"104 1 Administrator", "105", // attach
	"72 1 queue", "73", // mkdir
	"110 1 2", "111", "14 2 a", "15", // walk to the root's clone, create
	"118 2 12 0", "119 12", "50 2", "51", // write 12 bytes at 0, fsync
	"120,110 2,1 3 queue", "121,111", "74 3 a,b", "75", // rename from the root to 3
	"120,110 3,1 4 queue,b", "121,111", "12 4", "13", // open
	"116 4 65512 0", "117 12", "116 4 65512 12", "117 0", // read 12 bytes, then the end
	"120,110 4,1 5 queue", "121,111", "12 5", "13", // open a folder
	"40 5 65512 0", "41 25", "40 5 65512 1", "41 0", // readdir
	"120,110 5,1 6 queue", "121,111", "110 6 7 b", "111", "24 7", "25", // attributes of b
	"120,120,110 7,6,1 8 queue", "121,121,111", "76 b", "77", // unlink
	"120,76 8 queue", "121,7", "76 queue", "77", // unlink: a folder; so as a folder
	"110 1 9 nothing", "7", // error
}
