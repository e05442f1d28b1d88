package share

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/share/ninep"
)

// maxBatch bounds the requests under way, so that their answers fit the connection's buffers.
const maxBatch = 64

func elements(name string) []string {
	if name == "." {
		return nil
	}
	return strings.Split(name, "/")
}

// walk makes a new fid of what has the name. The root has one already.
func (c *client) walk(name string) (uint32, error) {
	names := elements(name)
	if len(names) == 0 {
		return root, nil
	}
	return c.walkFrom(root, names)
}

// walkFrom walks from a fid that is not open; a long way takes several requests.
func (c *client) walkFrom(from uint32, names []string) (uint32, error) {
	m := &ninep.Twalk{Fid: from, NewFid: c.fid(), Names: names[:min(len(names), ninep.MaxWalk)]}
	r, err := ask[*ninep.Rwalk](c, m)
	if from != root {
		c.drop(from)
	}
	switch {
	case err != nil:
		return 0, err
	case len(r.Qids) < len(m.Names):
		return 0, fs.ErrNotExist
	case len(names) > ninep.MaxWalk:
		return c.walkFrom(m.NewFid, names[ninep.MaxWalk:])
	}
	return m.NewFid, nil
}

// clone is a fid of a folder that may be used up.
func (c *client) clone(dir string) (uint32, error) { return c.walkFrom(root, elements(dir)) }

func (c *client) create(name string) (uint32, error) {
	f, err := c.clone(path.Dir(name))
	if err != nil {
		return 0, err
	}
	m := &ninep.Tlcreate{Fid: f, Name: path.Base(name), Flags: ninep.CreateNew, Mode: 0o644}
	if _, err := ask[*ninep.Rlcreate](c, m); err != nil {
		c.drop(f)
		return 0, err
	}
	return f, nil
}

// open opens a file or folder for reading.
func (c *client) open(name string) (uint32, ninep.Qid, error) {
	f, err := c.clone(name)
	if err != nil {
		return 0, ninep.Qid{}, err
	}
	r, err := ask[*ninep.Rlopen](c, &ninep.Tlopen{Fid: f, Flags: ninep.OpenRead})
	if err != nil {
		c.drop(f)
		return 0, ninep.Qid{}, err
	}
	return f, r.Qid, nil
}

func (c *client) readFile(name string) ([]byte, error) {
	f, q, err := c.open(name)
	if err != nil {
		return nil, err
	}
	defer c.drop(f)
	if q.Kind&ninep.QidDir != 0 {
		return nil, fs.ErrNotExist
	}
	data := []byte{}
	for {
		r, err := ask[*ninep.Rread](c, &ninep.Tread{Fid: f, Offset: uint64(len(data)), Count: uint32(c.unit)})
		if err != nil || len(r.Data) == 0 {
			return data, err
		}
		data = append(data, r.Data...)
	}
}

func (c *client) rename(from, to string) error {
	old, err := c.walk(path.Dir(from))
	if err != nil {
		return err
	}
	defer c.drop(old)
	to, dir := path.Base(to), path.Dir(to)
	into := old
	if dir != path.Dir(from) {
		if into, err = c.walk(dir); err != nil {
			return err
		}
		defer c.drop(into)
	}
	_, err = ask[*ninep.Rrenameat](c, &ninep.Trenameat{OldDir: old, OldName: path.Base(from), NewDir: into, NewName: to})
	return err
}

// remove tries a file first: it does not know what the name is.
func (c *client) remove(name string) error {
	dir, err := c.walk(path.Dir(name))
	if err != nil {
		return err
	}
	defer c.drop(dir)
	m := &ninep.Tunlinkat{Dir: dir, Name: path.Base(name)}
	if _, err = ask[*ninep.Runlinkat](c, m); err == error(ninep.EISDIR) {
		m.Flags = ninep.RemoveDir
		_, err = ask[*ninep.Runlinkat](c, m)
	}
	return err
}

func (c *client) mkdir(name string) error {
	dir, err := c.walk(path.Dir(name))
	if err != nil {
		return err
	}
	defer c.drop(dir)
	_, err = ask[*ninep.Rmkdir](c, &ninep.Tmkdir{Dir: dir, Name: path.Base(name), Mode: 0o755})
	return err
}

func (c *client) stat(name string) (Info, error) {
	f, err := c.walk(name)
	if err != nil {
		return Info{}, err
	}
	defer c.drop(f)
	r, err := ask[*ninep.Rgetattr](c, &ninep.Tgetattr{Fid: f, Mask: ninep.AttrBasic})
	if err != nil {
		return Info{}, err
	}
	return infoOf(path.Base(name), r), nil
}

func infoOf(name string, r *ninep.Rgetattr) Info {
	i := Info{
		Name: name, IsDir: r.Qid.Kind&ninep.QidDir != 0,
		ModTime: time.Unix(int64(r.Modified.Seconds), int64(r.Modified.Nanoseconds)).UTC(),
	}
	if !i.IsDir {
		i.Size = int64(r.Size)
	}
	return i
}

// names lists a folder, sorted.
func (c *client) names(name string) ([]string, error) {
	f, q, err := c.open(name)
	if err != nil {
		return nil, err
	}
	defer c.drop(f)
	if q.Kind&ninep.QidDir == 0 {
		return nil, fs.ErrNotExist
	}
	all, err := c.entries(f)
	slices.Sort(all)
	return all, err
}

// readDir lists the names, then asks what each is.
func (c *client) readDir(name string) ([]Info, error) {
	entries, err := c.names(name)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	dir, err := c.walk(name) // an open fid cannot be walked from
	if err != nil {
		return nil, err
	}
	defer c.drop(dir)
	var all []Info
	for ; len(entries) > 0; entries = entries[min(maxBatch, len(entries)):] {
		if all, err = c.describe(all, dir, entries[:min(maxBatch, len(entries))]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// entries reads an open folder to its end.
func (c *client) entries(f uint32) ([]string, error) {
	var all []string
	for next := uint64(0); ; {
		r, err := ask[*ninep.Rreaddir](c, &ninep.Treaddir{Fid: f, Offset: next, Count: uint32(c.unit)})
		if err != nil {
			return nil, err
		}
		some, err := ninep.Entries(r.Data)
		switch {
		case err != nil:
			return nil, unreachable(err)
		case len(some) == 0:
			return all, nil
		case some[len(some)-1].Offset == next:
			return nil, unreachable(errors.New("a folder's listing goes round in circles"))
		}
		next = some[len(some)-1].Offset
		for _, e := range some {
			if e.Name != "." && e.Name != ".." {
				all = append(all, e.Name)
			}
		}
	}
}

// describe asks for the attributes of names in a folder. One that is gone meanwhile is left out.
func (c *client) describe(all []Info, dir uint32, entries []string) ([]Info, error) {
	var walks, gets []ninep.Message
	for _, name := range entries {
		walks = append(walks, &ninep.Twalk{Fid: dir, NewFid: c.fid(), Names: []string{name}})
	}
	found, err := c.batch(walks)
	if err != nil {
		return nil, err
	}
	var names []string
	for i, answer := range found {
		walk := walks[i].(*ninep.Twalk)
		if _, err := as[*ninep.Rwalk](walk, answer); err == nil {
			gets = append(gets, &ninep.Tgetattr{Fid: walk.NewFid, Mask: ninep.AttrBasic})
			names = append(names, entries[i])
		}
	}
	if len(gets) == 0 {
		return all, nil
	}
	answers, err := c.batch(gets)
	if err != nil {
		return nil, err
	}
	for i, answer := range answers {
		c.drop(gets[i].(*ninep.Tgetattr).Fid)
		if r, err := as[*ninep.Rgetattr](gets[i], answer); err == nil {
			all = append(all, infoOf(names[i], r))
		}
	}
	return all, nil
}
