package mail_test

import (
	"net/netip"

	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
)

func atBind(ip string) settings.Bind {
	return settings.Bind{Address: netip.MustParseAddr(ip), Port: 25}
}

// hookFS asks before each operation of the share whether it may happen, and tells when it has.
type hookFS struct {
	share.FS
	before func(name string) error
	after  func() error // its answer replaces a good one
}

func (h hookFS) do(name string, f func() error) error {
	if err := h.before(name); err != nil {
		return err
	}
	err := f()
	if lost := h.after(); lost != nil {
		return lost
	}
	return err
}

func hooked[T any](h hookFS, name string, f func() (T, error)) (v T, err error) {
	err = h.do(name, func() (err error) { v, err = f(); return err })
	return v, err
}

func (h hookFS) Create(name string) (share.File, error) {
	f, err := hooked(h, name, func() (share.File, error) { return h.FS.Create(name) })
	if err != nil {
		return nil, err
	}
	return &hookFile{h, f, name, nil}, nil
}

func (h hookFS) ReadFile(name string) ([]byte, error) {
	return hooked(h, name, func() ([]byte, error) { return h.FS.ReadFile(name) })
}

func (h hookFS) Rename(from, to string) error {
	return h.do(to, func() error { return h.FS.Rename(from, to) })
}

func (h hookFS) Remove(name string) error {
	return h.do(name, func() error { return h.FS.Remove(name) })
}

func (h hookFS) Names(name string) ([]string, error) {
	return hooked(h, name, func() ([]string, error) { return h.FS.Names(name) })
}

func (h hookFS) ReadDir(name string) ([]share.Info, error) {
	return hooked(h, name, func() ([]share.Info, error) { return h.FS.ReadDir(name) })
}

func (h hookFS) Mkdir(name string) error { return h.do(name, func() error { return h.FS.Mkdir(name) }) }

func (h hookFS) Stat(name string) (share.Info, error) {
	return hooked(h, name, func() (share.Info, error) { return h.FS.Stat(name) })
}

// hookFile keeps what is written until Sync: what was not synced is lost when the writer dies, or
// half of it.
type hookFile struct {
	hook hookFS
	file share.File
	name string
	held []byte
}

func (f *hookFile) Write(p []byte) (n int, err error) {
	err = f.hook.do(f.name, func() error {
		half := len(p) / 2
		_, err := f.file.Write(p[:half])
		f.held = append(f.held, p[half:]...)
		return err
	})
	return len(p), err
}

func (f *hookFile) Sync() error {
	return f.hook.do(f.name, func() error {
		_, err := f.file.Write(f.held)
		f.held = nil
		return err
	})
}

func (f *hookFile) Close() error { return f.hook.do(f.name, f.file.Close) }

// naming notes every name that is asked for.
func naming(fs share.FS, seen *[]string) share.FS {
	return hookFS{fs, func(name string) error { *seen = append(*seen, name); return nil }, func() error { return nil }}
}

// sick is a share on which everything fails from the left-th operation on, until it is healed; a
// negative left is health.
type sick struct {
	err    error
	left   int
	failed bool
}

func (s *sick) share(fs share.FS) share.FS {
	return hookFS{fs, func(string) error {
		if s.left > 1 {
			s.left--
			return nil
		}
		if s.left < 0 {
			return nil
		}
		s.failed = true
		return s.err
	}, func() error { return nil }}
}
