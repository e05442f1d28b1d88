package share

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share/ninep"
)

func now() time.Time { return time.Date(2025, time.February, 7, 16, 19, 27, 0, time.UTC) }

// attached is a session with the root as fid 1, a folder as 2, a file as 3.
func attached(t *testing.T) *session {
	d := NewDisk(now)
	require.NoError(t, d.Mkdir("folder"))
	f, err := d.Create("file")
	require.NoError(t, err)
	_, err = f.Write([]byte("hello"))
	require.NoError(t, err)
	s := &session{disk: d, limit: messageSize}
	for _, m := range []ninep.Message{
		&ninep.Tversion{MessageSize: 4096, Version: ninep.Version},
		&ninep.Tattach{Fid: 1, AuthFid: ninep.NoFid, User: "Administrator"},
		&ninep.Twalk{Fid: 1, NewFid: 2, Names: []string{"folder"}},
		&ninep.Twalk{Fid: 1, NewFid: 3, Names: []string{"file"}},
	} {
		require.NotEqual(t, ninep.TypeRlerror, s.answer(m).Type())
	}
	return s
}

// Requests that make no sense get their error and change nothing.
func TestRefused(t *testing.T) {
	const badf, inval, notsup = ninep.EBADF, ninep.EINVAL, ninep.EOPNOTSUPP
	for _, c := range []struct {
		name string
		m    ninep.Message
		want ninep.Errno
	}{
		{"an unknown fid", &ninep.Tgetattr{Fid: 9}, badf},
		{"to walk from an unknown fid", &ninep.Twalk{Fid: 9, NewFid: 10}, badf},
		{"to walk to a fid in use", &ninep.Twalk{Fid: 1, NewFid: 2}, badf},
		{"to walk to no fid", &ninep.Twalk{Fid: 1, NewFid: ninep.NoFid}, badf},
		{"to walk up", &ninep.Twalk{Fid: 2, NewFid: 9, Names: []string{".."}}, inval},
		{"to walk with a backslash", &ninep.Twalk{Fid: 1, NewFid: 9, Names: []string{`..\..\windows`}}, inval},
		{"to walk with a slash", &ninep.Twalk{Fid: 1, NewFid: 9, Names: []string{"folder/x"}}, inval},
		{"to walk below a file", &ninep.Twalk{Fid: 3, NewFid: 9, Names: []string{"x"}}, ninep.ENOENT},
		{"another attach with the same fid", &ninep.Tattach{Fid: 1, AuthFid: ninep.NoFid, User: "Administrator"}, badf},
		{"an authentication file", &ninep.Tattach{Fid: 9, AuthFid: 1, User: "Administrator"}, inval},
		{"LocalSystem", &ninep.Tattach{Fid: 9, AuthFid: ninep.NoFid, User: "LocalSystem"}, ninep.EACCES},
		{"to open for writing", &ninep.Tlopen{Fid: 3, Flags: 1}, ninep.EACCES},
		{"to open an unknown fid", &ninep.Tlopen{Fid: 9}, badf},
		{"to create outside", &ninep.Tlcreate{Fid: 2, Name: "../x"}, inval},
		{"to create a NUL", &ninep.Tlcreate{Fid: 2, Name: "a\x00"}, inval},
		{"to create the folder itself", &ninep.Tlcreate{Fid: 2, Name: "."}, inval},
		{"to create nothing", &ninep.Tlcreate{Fid: 2, Name: ""}, inval},
		{"to create below a file", &ninep.Tlcreate{Fid: 3, Name: "x"}, ninep.ENOENT},
		{"to create a name that is too long", &ninep.Tlcreate{Fid: 2, Name: strings.Repeat("x", 256)}, inval},
		{"to read what is not open", &ninep.Tread{Fid: 3, Count: 1}, badf},
		{"to read a folder's entries of a file", &ninep.Treaddir{Fid: 3, Count: 1}, badf},
		{"to write what is not open", &ninep.Twrite{Fid: 3, Data: []byte("x")}, badf},
		{"to sync an unknown fid", &ninep.Tfsync{Fid: 9}, badf},
		{"to clunk an unknown fid", &ninep.Tclunk{Fid: 9}, badf},
		{"to rename to outside", &ninep.Trenameat{OldDir: 1, OldName: "file", NewDir: 2, NewName: ".."}, inval},
		{"to rename from outside", &ninep.Trenameat{OldDir: 2, OldName: "../file", NewDir: 2, NewName: "x"}, inval},
		{"to unlink the root", &ninep.Tunlinkat{Dir: 1, Name: ".", Flags: ninep.RemoveDir}, inval},
		{"to unlink a folder as a file", &ninep.Tunlinkat{Dir: 1, Name: "folder"}, ninep.EISDIR},
		{"to unlink a file as a folder", &ninep.Tunlinkat{Dir: 1, Name: "file", Flags: ninep.RemoveDir}, ninep.ENOTDIR},
		{"to make a folder outside", &ninep.Tmkdir{Dir: 2, Name: `..\x`}, inval},
		{"an answer", &ninep.Rwrite{}, notsup},
	} {
		s := attached(t)
		require.Equal(t, &ninep.Rlerror{Errno: c.want}, s.answer(c.m), c.name)
		require.Len(t, s.fids, 3, c.name)
		all, err := s.disk.ReadDir(".")
		require.NoError(t, err)
		require.Len(t, all, 2, c.name)
	}
}

// Before its Tattach a client can do nothing.
func TestNothingBeforeAttach(t *testing.T) {
	s := &session{disk: NewDisk(now), limit: messageSize}
	attach := &ninep.Tattach{Fid: 1, AuthFid: ninep.NoFid, User: "Administrator"}
	require.Equal(t, &ninep.Rlerror{Errno: ninep.EBADF}, s.answer(attach), "no version yet")
	require.Equal(t, &ninep.Rlerror{Errno: ninep.EBADF}, s.answer(&ninep.Tmkdir{Dir: 1, Name: "x"}))
	for _, v := range []ninep.Tversion{{MessageSize: 4096, Version: "9P2000"}, {MessageSize: 4096, Version: "9P2000.Lx"}, {MessageSize: 100, Version: ninep.Version}} {
		require.Equal(t, "unknown", s.answer(&v).(*ninep.Rversion).Version)
	}
}

// A new Tversion forgets all fids, and files being written with them.
func TestVersionBeginsAnew(t *testing.T) {
	s := attached(t)
	s.answer(&ninep.Tversion{MessageSize: 4096, Version: ninep.Version})
	require.Equal(t, &ninep.Rlerror{Errno: ninep.EBADF}, s.answer(&ninep.Tgetattr{Fid: 1}))
}

// No answer is larger than was agreed on.
func TestAnswersFit(t *testing.T) {
	s := attached(t)
	f, err := s.disk.Create("large")
	require.NoError(t, err)
	_, err = f.Write(make([]byte, 10_000))
	require.NoError(t, err)
	for i := range 100 {
		require.NoError(t, s.disk.Mkdir(fmt.Sprintf("folder/%0100d", i)))
	}
	s.answer(&ninep.Twalk{Fid: 1, NewFid: 4, Names: []string{"large"}})
	s.answer(&ninep.Tlopen{Fid: 4})
	s.answer(&ninep.Tlopen{Fid: 2})
	for _, m := range []ninep.Message{&ninep.Tread{Fid: 4, Count: 1 << 31}, &ninep.Treaddir{Fid: 2, Count: 1 << 31}} {
		b, err := ninep.Append(nil, 1, s.answer(m))
		require.NoError(t, err)
		require.LessOrEqual(t, len(b), 4096)
		require.Greater(t, len(b), 3500)
	}
	require.Equal(t, &ninep.Rread{Data: []byte{}}, s.answer(&ninep.Tread{Fid: 4, Offset: 1 << 63, Count: 1}))
	require.Equal(t, &ninep.Rreaddir{}, s.answer(&ninep.Treaddir{Fid: 2, Offset: 1 << 63, Count: 1000}))
}

type still struct{}

func (still) Now() time.Time           { return time.Now() } // wall clock: net.Pipe's deadlines
func (still) Sleep(time.Duration) bool { return true }

// What is no 9P ends the connection; an unknown message does not.
func TestGarbage(t *testing.T) {
	for _, garbage := range []string{"GET / HTTP/1.1\r\n\r\n", "EHLO x\r\n", "\x00\x00\x00\x00\x00\x00\x00", "\xff\xff\xff\xff\x64\xff\xff", "\x0c\x00\x00\x00\x64\xff\xff\x00\x01\x00\x00\xff"} {
		near, far := net.Pipe()
		go serve(still{}, far, NewDisk(now))
		_, _ = near.Write([]byte(garbage))
		_, err := near.Read(make([]byte, 1))
		require.Error(t, err, "%q", garbage)
	}
	near, far := net.Pipe()
	defer near.Close()
	go serve(still{}, far, NewDisk(now))
	_, err := near.Write([]byte{7, 0, 0, 0, 98, 5, 0})
	require.NoError(t, err)
	tag, m, err := ninep.Read(bufio.NewReader(near), 100)
	require.NoError(t, err)
	require.EqualValues(t, 5, tag)
	require.Equal(t, &ninep.Rlerror{Errno: ninep.EOPNOTSUPP}, m)
}

// FuzzSession: no sequence of requests makes the server panic, or answer more than was agreed on.
func FuzzSession(f *testing.F) {
	var seed []byte
	for _, m := range []ninep.Message{
		&ninep.Twalk{Fid: 1, NewFid: 4}, &ninep.Tlcreate{Fid: 4, Name: "x"}, &ninep.Twrite{Fid: 4, Data: []byte("x")},
		&ninep.Tfsync{Fid: 4}, &ninep.Tclunk{Fid: 4}, &ninep.Trenameat{OldDir: 1, OldName: "x", NewDir: 2, NewName: "y"},
		&ninep.Tlopen{Fid: 3}, &ninep.Tread{Fid: 3, Count: 9}, &ninep.Tlopen{Fid: 2}, &ninep.Treaddir{Fid: 2, Count: 900},
		&ninep.Tunlinkat{Dir: 1, Name: "file"}, &ninep.Tmkdir{Dir: 1, Name: "d"}, &ninep.Tgetattr{Fid: 1}, &ninep.Tflush{},
	} {
		seed, _ = ninep.Append(seed, 1, m)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, b []byte) {
		s := attached(new(testing.T))
		r := bufio.NewReader(strings.NewReader(string(b)))
		for {
			_, m, err := ninep.Read(r, 4096)
			if err != nil {
				return
			}
			out, err := ninep.Append(nil, 0, s.answer(m))
			require.NoError(t, err)
			require.LessOrEqual(t, len(out), 4096)
		}
	})
}
