package sharetest

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/share"
)

// model is a share as one would write it in five minutes: names and what they hold.
type model struct {
	files   map[string]string
	folders map[string]bool
}

func (m *model) taken(name string) bool { _, ok := m.files[name]; return ok || m.folders[name] }

func (m *model) make(name string) error {
	switch {
	case !m.folders[path.Dir(name)]:
		return fs.ErrNotExist
	case m.taken(name):
		return fs.ErrExist
	}
	return nil
}

// below is what a folder has, sorted.
func (m *model) below(dir string) []string {
	var all []string
	for name := range m.files { // order: sorted below
		if path.Dir(name) == dir {
			all = append(all, path.Base(name))
		}
	}
	for name := range m.folders { // order: sorted below
		if name != "." && path.Dir(name) == dir {
			all = append(all, path.Base(name))
		}
	}
	slices.Sort(all)
	return all
}

// kind is the error of io/fs that err wraps.
func kind(t *rapid.T, err error) error {
	for _, k := range []error{fs.ErrNotExist, fs.ErrExist} {
		if errors.Is(err, k) {
			return k
		}
	}
	require.NoError(t, err)
	return nil
}

func testModel(t *testing.T, open func(*testing.T) share.FS) {
	rapid.Check(t, func(r *rapid.T) {
		s := open(t)
		m := &model{files: map[string]string{}, folders: map[string]bool{".": true}}
		names := rapid.SampledFrom([]string{"a", "b", "c", "a/a", "a/b", "b/a", "b/b", "a/a/a"})
		r.Repeat(map[string]func(*rapid.T){
			"create": func(r *rapid.T) {
				name, data := names.Draw(r, "name"), rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(r, "data")
				err := s.Create(name, data)
				require.Equal(r, m.make(name), kind(r, err))
				if err == nil {
					m.files[name] = string(data)
				}
			},
			"mkdir": func(r *rapid.T) {
				name := names.Draw(r, "name")
				err := s.Mkdir(name)
				require.Equal(r, m.make(name), kind(r, err))
				if err == nil {
					m.folders[name] = true
				}
			},
			"rename": func(r *rapid.T) {
				from, to := names.Draw(r, "from"), names.Draw(r, "to")
				data, ok := m.files[from]
				want := m.make(to)
				if !ok {
					want = fs.ErrNotExist
				}
				require.Equal(r, want, kind(r, s.Rename(from, to)))
				if want == nil {
					delete(m.files, from)
					m.files[to] = data
				}
			},
			"remove": func(r *rapid.T) {
				name := names.Draw(r, "name")
				var want error
				switch {
				case !m.taken(name):
					want = fs.ErrNotExist
				case len(m.below(name)) > 0:
					want = fs.ErrExist
				}
				require.Equal(r, want, kind(r, s.Remove(name)))
				if want == nil {
					delete(m.files, name)
					delete(m.folders, name)
				}
			},
			"read": func(r *rapid.T) {
				name := names.Draw(r, "name")
				data, err := s.ReadFile(name)
				want, ok := m.files[name]
				require.Equal(r, ok, kind(r, err) == nil)
				require.Equal(r, want, string(data))
			},
			"list": func(r *rapid.T) {
				dir := rapid.SampledFrom([]string{".", "a", "b", "a/a"}).Draw(r, "folder")
				all, err := s.ReadDir(dir)
				require.Equal(r, m.folders[dir], kind(r, err) == nil)
				var got []string
				for _, i := range all {
					got = append(got, i.Name)
					require.Equal(r, m.folders[path.Join(dir, i.Name)], i.IsDir)
					require.EqualValues(r, len(m.files[path.Join(dir, i.Name)]), i.Size)
				}
				if err == nil {
					require.Equal(r, m.below(dir), got)
				}
			},
		})
	})
}
