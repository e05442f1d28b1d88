package mail_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
)

// touched is a share that notes each name it is asked for, and takes its time.
type touched struct {
	share.FS
	host  mail.Host // whose goroutine waits
	names []string
}

func (f *touched) note(names ...string) {
	f.names = append(f.names, names...)
	f.host.Sleep(time.Millisecond)
}

func (f *touched) Create(n string, data []byte) error     { f.note(n); return f.FS.Create(n, data) }
func (f *touched) ReadFile(n string) ([]byte, error)      { f.note(n); return f.FS.ReadFile(n) }
func (f *touched) Rename(from, to string) error           { f.note(from, to); return f.FS.Rename(from, to) }
func (f *touched) Remove(n string) error                  { f.note(n); return f.FS.Remove(n) }
func (f *touched) ReadDir(n string) ([]share.Info, error) { f.note(n); return f.FS.ReadDir(n) }
func (f *touched) Mkdir(n string) error                   { f.note(n); return f.FS.Mkdir(n) }
func (f *touched) Stat(n string) (share.Info, error)      { f.note(n); return f.FS.Stat(n) }

// strangers are the names that are no part of bob's mailbox.
func (f *touched) strangers() (all []string) {
	for _, n := range f.names {
		if n != bobsBox && !strings.HasPrefix(n, bobsBox+"/") && !strings.HasPrefix(bobsBox, n+"/") {
			all = append(all, n)
		}
	}
	return all
}

// An account that an administrator gave a name which is a path has no mailbox, with any password.
func TestAccountsThatAreNoFileNames(t *testing.T) {
	for _, name := range []string{"..", `..\..\windows`, "../bob", "nul", "a:b", "bob."} {
		l := newBoxLab(t)
		fs := &touched{FS: l.disk, host: l.node}
		node := boxNode()
		node.Domains[0].Users = []settings.User{{Name: name, Password: "x"}}
		mail.NewPOP3(l.node, fs, node).Start()
		text := "S: +OK EPSTPOP3S ready\nC: USER " + name + "\nS: +OK and the password\nC: PASS x\nS: -ERR [AUTH] wrong user or password"
		went := l.talk(pop3At, text)
		l.Run(time.Minute)
		require.Equal(t, script(text), *went)
		require.Empty(t, fs.names)
	}
}

// The twin: a service that makes a path of what the client sends is noticed.
func TestTouchedCatches(t *testing.T) {
	l := newBoxLab(t)
	fs := &touched{FS: l.disk, host: l.node}
	l.node.Go("twin", func() { _, _ = fs.ReadDir("work/inbox/" + `..\alice`) })
	l.Run(time.Second)
	require.Len(t, fs.strangers(), 1)
}
