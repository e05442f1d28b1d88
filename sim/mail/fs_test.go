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

// Create goes through what others and a crash may see of it: the name, then half of the data, then all.
func (h hookFS) Create(name string, data []byte) error {
	for i, part := range [][]byte{nil, data[:len(data)/2], data} {
		err := h.do(name, func() error {
			if i > 0 {
				_ = h.FS.Remove(name)
			}
			return h.FS.Create(name, part)
		})
		if err != nil {
			return err
		}
	}
	return nil
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

func (h hookFS) ReadDir(name string) ([]share.Info, error) {
	return hooked(h, name, func() ([]share.Info, error) { return h.FS.ReadDir(name) })
}

func (h hookFS) Mkdir(name string) error { return h.do(name, func() error { return h.FS.Mkdir(name) }) }

func (h hookFS) Stat(name string) (share.Info, error) {
	return hooked(h, name, func() (share.Info, error) { return h.FS.Stat(name) })
}

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
