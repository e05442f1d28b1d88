package share

import (
	"bytes"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share/nas"
)

func now() time.Time { return time.Date(2025, time.February, 7, 16, 19, 27, 0, time.UTC) }

// someDisk has a folder and a file.
func someDisk(t require.TestingT) *Disk {
	d := NewDisk(now)
	require.NoError(t, d.Mkdir("folder"))
	require.NoError(t, d.Create("file", []byte("hello")))
	return d
}

type still struct{}

func (still) Now() time.Time           { return time.Now() } // wall clock: net.Pipe's deadlines
func (still) Sleep(time.Duration) bool { return true }

// visitor is a client of the disk's server that asks what it likes.
type visitor struct {
	t    require.TestingT
	conn net.Conn
}

func visit(t testing.TB, d *Disk) visitor {
	near, far := net.Pipe()
	t.Cleanup(func() { _ = near.Close() })
	go serve(still{}, far, d)
	return visitor{t, near}
}

func (v visitor) ask(m nas.Message) nas.Message {
	_, err := v.conn.Write(encoded(m))
	require.NoError(v.t, err)
	answer, err := nas.Receive(v.conn)
	require.NoError(v.t, err)
	require.Equal(v.t, []any{m.Op, m.Name}, []any{answer.Op, answer.Name})
	return answer
}

// ended says whether the server hangs up at those bytes.
func (v visitor) ended(b []byte) bool {
	_, _ = v.conn.Write(b)
	_, err := v.conn.Read(make([]byte, 1))
	return err != nil
}

var admission = nas.Message{Op: nas.Session, Name: "Administrator"}

// Requests that make no sense get their error and change nothing.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		m    nas.Message
		want nas.Code
	}{
		{"LocalSystem", nas.Message{Op: nas.Session, Name: "LocalSystem"}, nas.Permission},
		{"nobody", nas.Message{Op: nas.Session}, nas.Permission},
		{"to read up", nas.Message{Op: nas.Read, Name: "../file"}, nas.Invalid},
		{"to read with a backslash", nas.Message{Op: nas.Read, Name: `..\..\windows`}, nas.Invalid},
		{"to read nothing", nas.Message{Op: nas.Read}, nas.Invalid},
		{"to read below a file", nas.Message{Op: nas.Read, Name: "file/x"}, nas.NotExist},
		{"to create outside", nas.Message{Op: nas.Create, Name: "folder/../../x"}, nas.Invalid},
		{"to create a NUL", nas.Message{Op: nas.Create, Name: "a\x00"}, nas.Invalid},
		{"to create the root", nas.Message{Op: nas.Create, Name: "."}, nas.Invalid},
		{"to create a name that is too long", nas.Message{Op: nas.Create, Name: strings.Repeat("x", 256)}, nas.Invalid},
		{"to create what is there", nas.Message{Op: nas.Create, Name: "file"}, nas.Exist},
		{"to rename to outside", nas.Message{Op: nas.Rename, Name: "file", To: ".."}, nas.Invalid},
		{"to rename to nothing", nas.Message{Op: nas.Rename, Name: "file"}, nas.Invalid},
		{"to remove the root", nas.Message{Op: nas.Remove, Name: "."}, nas.Invalid},
		{"to make a folder outside", nas.Message{Op: nas.Mkdir, Name: `folder\..\..\x`}, nas.Invalid},
		{"to list a file", nas.Message{Op: nas.List, Name: "file"}, nas.NotExist},
	} {
		d := someDisk(t)
		v := visit(t, d)
		require.Equal(t, nas.Done, v.ask(admission).Code)
		require.Equal(t, c.want, v.ask(c.m).Code, c.name)
		all, err := d.ReadDir(".")
		require.NoError(t, err)
		require.Len(t, all, 2, c.name)
	}
}

// The witness hears of each change that took effect, and of nothing else; also of one whose client hangs up before the
// answer.
func TestTheWitnessHearsOfEachChange(t *testing.T) {
	d := someDisk(t)
	heard := make(chan Change, 10)
	d.SetWitness(func(c Change) { heard <- c })
	v := visit(t, d)
	for _, m := range []nas.Message{
		admission,
		{Op: nas.Create, Name: "x", Data: []byte("hello")},
		{Op: nas.Create, Name: "x"}, // it is there
		{Op: nas.Read, Name: "x"},
		{Op: nas.Rename, Name: "x", To: "folder/y"},
		{Op: nas.Stat, Name: "folder/y"},
	} {
		v.ask(m)
	}
	_, err := v.conn.Write(encoded(nas.Message{Op: nas.Remove, Name: "folder/y"}))
	require.NoError(t, err)
	require.NoError(t, v.conn.Close())
	require.Equal(t, []Change{{Op: nas.Create, Name: "x"}, {Op: nas.Rename, Name: "x", To: "folder/y"}, {Op: nas.Remove, Name: "folder/y"}},
		[]Change{<-heard, <-heard, <-heard})
	require.Empty(t, heard)
}

// A client that was not admitted can do nothing.
func TestNothingBeforeTheSession(t *testing.T) {
	d := someDisk(t)
	mkdir := nas.Message{Op: nas.Mkdir, Name: "x"}
	require.True(t, visit(t, d).ended(encoded(mkdir)))
	v := visit(t, d)
	require.Equal(t, nas.Permission, v.ask(nas.Message{Op: nas.Session, Name: "LocalSystem"}).Code)
	require.True(t, v.ended(encoded(mkdir)))
	_, err := d.Stat("x")
	require.Error(t, err)
}

// What is no request ends its connection, and no other.
func TestGarbage(t *testing.T) {
	d := someDisk(t)
	other := visit(t, d)
	require.Equal(t, nas.Done, other.ask(admission).Code)
	for _, garbage := range []string{
		"GET / HTTP/1.1\r\n\r\n", "EHLO x\r\n", "\x00\x00\x00\x00\x00\x00\x00", "\xff\xff\xff\xff\x01\x00\x00\x00\x00\x00",
		"\x00\x00\x00\x06\x63\x00\x00\x00\x00\x00", string(encoded(done(admission))),
	} {
		require.True(t, visit(t, d).ended([]byte(garbage)), "%q", garbage)
		v := visit(t, d)
		require.Equal(t, nas.Done, v.ask(admission).Code)
		require.True(t, v.ended([]byte(garbage)), "%q", garbage)
	}
	require.Equal(t, "hello", string(other.ask(nas.Message{Op: nas.Read, Name: "file"}).Data))
}

// An answer that would be too long is an error, and the connection goes on.
func TestTooLongAnAnswer(t *testing.T) {
	d := someDisk(t)
	require.NoError(t, d.Create("huge", make([]byte, nas.Limit)))
	v := visit(t, d)
	require.Equal(t, nas.Done, v.ask(admission).Code)
	answer := v.ask(nas.Message{Op: nas.Read, Name: "huge"})
	require.Equal(t, nas.Failed, answer.Code)
	require.Equal(t, "read: a message of 16777226 bytes, 6 to 16777216 expected", string(answer.Data))
	require.Equal(t, "hello", string(v.ask(nas.Message{Op: nas.Read, Name: "file"}).Data))
}

// FuzzSession: no sequence of requests makes the server panic, or answer what is no answer to it.
func FuzzSession(f *testing.F) {
	var seed []byte
	for _, m := range []nas.Message{
		admission, {Op: nas.Create, Name: "x", Data: []byte("x")}, {Op: nas.Rename, Name: "x", To: "folder/y"}, {Op: nas.Read, Name: "file"},
		{Op: nas.List, Name: "."}, {Op: nas.Stat, Name: "folder"}, {Op: nas.Remove, Name: "file"}, {Op: nas.Mkdir, Name: "d"},
	} {
		seed = append(seed, encoded(m)...)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := someDisk(t)
		for r := bytes.NewReader(b); ; {
			m, err := nas.Receive(r)
			if err != nil {
				return
			}
			out, _ := d.answer(nil, m)
			answer, err := nas.Receive(bytes.NewReader(out))
			require.NoError(t, err)
			require.Equal(t, []any{m.Op, m.Name}, []any{answer.Op, answer.Name})
			if m.Op == nas.List && answer.Code == nas.Done {
				_, err := parseInfos(answer.Data)
				require.NoError(t, err)
			}
		}
	})
}
