package share

import (
	"fmt"
	"io/fs"

	"ipwsim/sim/share/ninep"
)

// mountFile is a file being written over a mount. It keeps back what does not fill a message, as
// the redirector's cache does: what was kept back is lost with the machine.
type mountFile struct {
	mount  *Mount
	name   string
	conn   *client // that the file was made over; the file ends with it
	fid    uint32
	offset int64 // of what was sent
	kept   []byte
	err    error // the first failure: what comes after it would leave a hole
	closed bool
}

// Create is part of FS.
func (m *Mount) Create(name string) (File, error) {
	f := &mountFile{mount: m, name: name}
	err := m.named("create", name, func(c *client) (err error) {
		f.conn = c
		if f.fid, err = c.create(name); err == nil {
			c.files++
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// do is Mount.do for an operation on the open file. After a failure only Close does anything.
func (f *mountFile) do(op string, run func(*client) error) error {
	if f.closed {
		return fail(op, f.name, fs.ErrClosed)
	}
	err := f.mount.do(f.conn, run)
	if err != nil && f.err == nil {
		f.err = fail(op, f.name, err)
	}
	return f.err
}

// Write is part of File.
func (f *mountFile) Write(p []byte) (int, error) {
	if f.closed {
		return 0, fail("write", f.name, fs.ErrClosed)
	}
	if f.err != nil {
		return 0, f.err
	}
	f.kept = append(f.kept, p...)
	if len(f.kept) < payload {
		return len(p), nil
	}
	if err := f.do("write", f.flush); err != nil {
		return 0, err
	}
	return len(p), nil
}

// flush sends what was kept back.
func (f *mountFile) flush(c *client) error {
	if f.err != nil {
		return f.err
	}
	for rest := f.kept; len(rest) > 0; {
		part := rest[:min(len(rest), c.unit)]
		r, err := ask[*ninep.Rwrite](c, &ninep.Twrite{Fid: f.fid, Offset: uint64(f.offset), Data: part})
		switch {
		case err != nil:
			return err
		case r.Count == 0 || int(r.Count) > len(part):
			return unreachable(fmt.Errorf("the server wrote %d bytes of %d", r.Count, len(part)))
		}
		f.offset += int64(r.Count)
		rest = rest[r.Count:]
	}
	f.kept = f.kept[:0]
	return nil
}

// Sync is part of File.
func (f *mountFile) Sync() error {
	return f.do("sync", func(c *client) error {
		if err := f.flush(c); err != nil {
			return err
		}
		_, err := ask[*ninep.Rfsync](c, &ninep.Tfsync{Fid: f.fid})
		return err
	})
}

// Close is part of File. The server learns of it with the next request.
func (f *mountFile) Close() error {
	err := f.do("close", func(c *client) error {
		err := f.flush(c)
		c.drop(f.fid)
		c.files--
		return err
	})
	f.closed = true
	return err
}
