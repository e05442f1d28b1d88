package ninep

import (
	"bytes"
	"encoding/hex"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// examples is one message of each type, with fields that differ.
var examples = []Message{
	&Tversion{65536, Version}, &Rversion{65536, Version},
	&Tattach{1, NoFid, "Administrator", "", NoUID}, &Rattach{Qid{QidDir, 2, 3}},
	&Tflush{7}, &Rflush{},
	&Twalk{1, 2, []string{"queue", "tmp"}}, &Rwalk{[]Qid{{QidDir, 0, 5}, {0, 1, 6}}},
	&Tlopen{2, OpenRead}, &Rlopen{Qid{0, 0, 6}, 4096},
	&Tlcreate{2, "a", CreateNew, 0o644, 4}, &Rlcreate{Qid{0, 0, 7}, 4096},
	&Tgetattr{2, AttrBasic},
	&Rgetattr{
		AttrBasic, Qid{0, 1, 2}, ModeFile, 3, 4, 5, 6, 7, 8, 9,
		Timestamp{10, 11}, Timestamp{12, 13}, Timestamp{14, 15}, Timestamp{16, 17}, 18, 19,
	},
	&Treaddir{2, 3, 4}, &Rreaddir{[]byte("entries")},
	&Tread{2, 1 << 40, 4}, &Rread{[]byte("data")},
	&Twrite{2, 3, []byte("data")}, &Rwrite{4},
	&Tfsync{2, 1}, &Rfsync{},
	&Tmkdir{2, "d", 0o755, 3}, &Rmkdir{Qid{QidDir, 0, 1}},
	&Trenameat{2, "a", 3, "b"}, &Rrenameat{},
	&Tunlinkat{2, "a", RemoveDir}, &Runlinkat{},
	&Tclunk{2}, &Rclunk{},
	&Rlerror{ENOENT},
}

func encode(t *testing.T, tag uint16, m Message) []byte {
	b, err := Append(nil, tag, m)
	require.NoError(t, err)
	return b
}

func TestEveryMessageComesBack(t *testing.T) {
	seen := map[Type]bool{}
	var stream []byte
	for i, m := range examples {
		seen[m.Type()] = true
		stream = append(stream, encode(t, uint16(i), m)...)
	}
	require.Len(t, seen, len(empty), "an example of each type")
	r := bytes.NewReader(stream)
	for i, want := range examples {
		tag, m, err := Read(r, 1<<16)
		require.NoError(t, err)
		require.EqualValues(t, i, tag)
		require.Equal(t, want, m)
	}
	_, _, err := Read(r, 1<<16)
	require.ErrorIs(t, err, io.EOF)
}

// As in the manual: size[4] Tversion tag[2] msize[4] version[s].
func TestBytesOnTheWire(t *testing.T) {
	require.Equal(t, "15000000"+"64"+"ffff"+"00000100"+"0800"+hex.EncodeToString([]byte(Version)),
		hex.EncodeToString(encode(t, NoTag, examples[0])))
}

// Linux sends Tfsync with one field more than others do.
func TestFsyncWithoutDataOnly(t *testing.T) {
	_, m, err := Read(bytes.NewReader([]byte{11, 0, 0, 0, 50, 1, 0, 9, 0, 0, 0}), 100)
	require.NoError(t, err)
	require.Equal(t, &Tfsync{Fid: 9}, m)
}

func TestBadMessages(t *testing.T) {
	for _, c := range []struct{ name, hex, want string }{
		{"too short", "06000000640100", "a message of 6 bytes, 7 to 100 expected"},
		{"too long", "65000000640100", "a message of 101 bytes, 7 to 100 expected"},
		{"absurd", "ffffffff640100", "a message of 4294967295 bytes"},
		{"ends early", "0a0000007801000000ff", "9P type 120: it ends 1 bytes too early"},
		{"goes on", "0c000000780100010000000000", "9P type 120: 1 bytes too many"},
		{"a string beyond the end", "0f000000640100000001000800" + "3950", "9P type 100: it ends 6 bytes too early"},
		{"data beyond the end", "17000000760100" + "01000000" + "0000000000000000" + "ffffffff", "too early"},
		{"a long walk", "11000000" + "6e0100" + "0100000002000000" + "1100", "a walk of 17 names, at most 16 expected"},
	} {
		b, err := hex.DecodeString(c.hex)
		require.NoError(t, err)
		_, _, err = Read(bytes.NewReader(b), 100)
		require.ErrorContains(t, err, c.want, c.name)
	}
	tag, _, err := Read(bytes.NewReader([]byte{7, 0, 0, 0, 99, 5, 0}), 100)
	require.ErrorIs(t, err, ErrUnknown)
	require.EqualValues(t, 5, tag)

	_, err = Append(nil, 0, &Tversion{Version: strings.Repeat("x", 1<<16)})
	require.ErrorContains(t, err, "a string of 65536 bytes, at most 65535 expected")
	_, err = Append(nil, 0, &Twalk{Names: make([]string, 17)})
	require.ErrorContains(t, err, "a walk of 17 names")
}

func TestEntries(t *testing.T) {
	want := []Entry{{Qid{QidDir, 1, 2}, 1, DirentDir, "folder"}, {Qid{0, 1, 3}, 2, DirentFile, "a"}}
	var b []byte
	size := 0
	for _, e := range want {
		var err error
		b, err = AppendEntry(b, e)
		require.NoError(t, err)
		size += e.Size()
	}
	require.Len(t, b, size)
	got, err := Entries(b)
	require.NoError(t, err)
	require.Equal(t, want, got)
	_, err = Entries(b[:size-1])
	require.ErrorContains(t, err, "1 bytes too early")
}

// FuzzRead: no input makes Read panic, and what it reads it also writes.
func FuzzRead(f *testing.F) {
	for i, m := range examples {
		b, err := Append(nil, uint16(i), m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)-1])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tag, m, err := Read(bytes.NewReader(b), 1<<16)
		if err != nil {
			return
		}
		again, err := Append(nil, tag, m)
		require.NoError(t, err)
		if _, fsync := m.(*Tfsync); !fsync { // may have been shorter
			require.Equal(t, b[:len(again)], again)
		}
		if r, ok := m.(*Rreaddir); ok {
			_, _ = Entries(r.Data)
		}
	})
}
