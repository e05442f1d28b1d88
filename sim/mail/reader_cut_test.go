package mail_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share"
)

// cutShare loses the share at an operation, until it is repaired.
type cutShare struct {
	share.FS
	left     int  // operations that still succeed
	done     bool // the one that fails is carried out all the same: only its answer is lost
	repaired bool
}

func (c *cutShare) do(op func() error) error {
	c.left--
	if c.left >= 0 || c.repaired {
		return op()
	}
	if c.left == -1 && c.done {
		_ = op()
	}
	return share.ErrUnreachable
}

func (c *cutShare) Create(n string, data []byte) error {
	return c.do(func() error { return c.FS.Create(n, data) })
}

func (c *cutShare) ReadFile(n string) (b []byte, err error) {
	err = c.do(func() error { b, err = c.FS.ReadFile(n); return err })
	return b, err
}

func (c *cutShare) ReadDir(n string) (all []share.Info, err error) {
	err = c.do(func() error { all, err = c.FS.ReadDir(n); return err })
	return all, err
}

func (c *cutShare) Stat(n string) (i share.Info, err error) {
	err = c.do(func() error { i, err = c.FS.Stat(n); return err })
	return i, err
}

func (c *cutShare) Rename(from, to string) error {
	return c.do(func() error { return c.FS.Rename(from, to) })
}
func (c *cutShare) Remove(n string) error { return c.do(func() error { return c.FS.Remove(n) }) }
func (c *cutShare) Mkdir(n string) error  { return c.do(func() error { return c.FS.Mkdir(n) }) }

// The share is lost at each operation of a reader's session in turn, and comes back: the reader gets
// each message once, and what it means to delete is deleted in the end.
func TestShareLostAtEveryOperation(t *testing.T) {
	forBoth(t, func(t *testing.T, by string) {
		for _, done := range []bool{false, true} {
			at, whole := 0, false
			for ; !whole; at++ {
				l := newBoxLab(t)
				fs := &cutShare{FS: l.disk, left: at, done: done}
				startBoxes(l.node, fs)
				startReader(l.client, by, false)
				l.Run(50 * time.Second)
				whole = fs.left >= 0
				fs.repaired = true
				l.Run(5 * time.Minute)
				require.Equal(t, []string{"1.a@client", "2.a@client", "3.a@client"}, fetched(l.Lab), "lost at operation %d, carried out: %v", at, done)
				require.Empty(t, l.stored())
			}
			require.Greater(t, at, 5)
		}
	})
}
