package nas

import (
	"bytes"
	"encoding/hex"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// examples is messages of every shape.
var examples = []Message{
	{Op: Session, Name: `.\Administrator`},
	{Op: Session, Code: Done, Name: `.\Administrator`},
	{Op: Create, Name: "queue/tmp/a", Data: []byte("Subject: x\r\n")},
	{Op: Read, Code: Done, Name: "queue/a", Data: bytes.Repeat([]byte("data"), 50_000)},
	{Op: Rename, Name: "queue/tmp/a", To: "queue/a"},
	{Op: Rename, Code: NotExist, Name: "queue/tmp/a"},
	{Op: Stat, Code: Failed, Name: ".", Data: []byte("no idea")},
	{Op: List},
}

func encode(t require.TestingT, m Message) []byte {
	b, err := Append(nil, m)
	require.NoError(t, err)
	return b
}

func TestEveryMessageComesBack(t *testing.T) {
	var stream []byte
	for _, m := range examples {
		stream = append(stream, encode(t, m)...)
	}
	for _, r := range []io.Reader{bytes.NewReader(stream), iotest.HalfReader(bytes.NewReader(stream))} {
		for _, want := range examples {
			m, err := Receive(r)
			require.NoError(t, err)
			want.Data = append([]byte{}, want.Data...)
			require.Equal(t, want, m)
		}
		_, err := Receive(r)
		require.ErrorIs(t, err, io.EOF)
	}
}

func TestBytesOnTheWire(t *testing.T) {
	require.Equal(t, "0000000c"+"0400"+"0001"+"61"+"0002"+"622f"+"78797a",
		hex.EncodeToString(encode(t, Message{Op: Rename, Name: "a", To: "b/", Data: []byte("xyz")})))
}

func TestBadMessages(t *testing.T) {
	for _, c := range []struct{ name, hex, want string }{
		{"too short", "00000005" + "0100000000", "no call: a message of 5 bytes, 6 to 16777216 expected"},
		{"too long", "01000001" + "010000000000", "no call: a message of 16777217 bytes, 6 to 16777216 expected"},
		{"absurd", "ffffffff", "a message of 4294967295 bytes"},
		{"HTTP", hex.EncodeToString([]byte("GET / HTTP/1.1\r\n\r\n")), "a message of 1195725856 bytes"},
		{"no operation", "00000006" + "000000000000", "operation 0, code 0: operations 1 to 8, codes 0 to 9 expected"},
		{"an unknown operation", "00000006" + "090000000000", "operation 9"},
		{"an unknown code", "00000006" + "010a00000000", "code 10"},
		{"a name beyond the end", "00000007" + "01000002000061", "session: a name that goes beyond the end"},
		{"no room for the second name", "00000007" + "01000002616100", "session: a name that goes beyond the end"},
		{"cut short", "00000007" + "010000000000", "unexpected EOF"},
		{"half a length", "0000", "unexpected EOF"},
	} {
		b, err := hex.DecodeString(c.hex)
		require.NoError(t, err)
		_, err = Receive(bytes.NewReader(b))
		require.ErrorContains(t, err, c.want, c.name)
	}
	_, err := Append(nil, Message{Op: Rename, To: strings.Repeat("x", 1<<16)})
	require.ErrorContains(t, err, "rename: a name of 65536 bytes, at most 65535 expected")
	_, err = Append(nil, Message{Op: Create, Name: "a", Data: make([]byte, Limit-6)})
	require.ErrorContains(t, err, "create: a message of 16777217 bytes, 6 to 16777216 expected")
}

// A length that lies makes nobody set so much memory aside.
func TestALengthIsNotBelieved(t *testing.T) {
	lie := encode(t, Message{Op: Create, Data: make([]byte, Limit-6)})[:100]
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Receive(bytes.NewReader(lie))
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(200_000))
}

func TestBegin(t *testing.T) {
	whole := encode(t, Message{Op: Create, Name: "queue/tmp/a", Data: make([]byte, 5000)})
	for _, n := range []int{len(whole), 1460, 21} {
		m, data, err := Begin(whole[:n])
		require.NoError(t, err)
		require.Equal(t, "create queue/tmp/a", m.Op.String()+" "+m.Name)
		require.Equal(t, 5000, data)
	}
	for _, b := range [][]byte{nil, whole[:3], whole[:9], whole[:20], whole[1460:2920], append(whole, 0), []byte("HELP me with a message!")} {
		_, _, err := Begin(b)
		require.Error(t, err)
	}
}

// FuzzReceive: no input makes Receive or Begin panic, what is received is sent as the same bytes, and
// Begin sees in its first segment what it is.
func FuzzReceive(f *testing.F) {
	for _, m := range examples {
		b := encode(f, m)
		f.Add(b[:min(len(b), 1000)])
		f.Add(b[:len(b)-1][:min(len(b)-1, 1000)])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		begun, data, beginErr := Begin(b)
		m, err := Receive(bytes.NewReader(b))
		if err != nil {
			return
		}
		again := encode(t, m)
		require.Equal(t, b[:len(again)], again)
		if len(again) == len(b) {
			require.NoError(t, beginErr)
			require.Equal(t, m, begun)
			require.Len(t, m.Data, data)
		}
	})
}
