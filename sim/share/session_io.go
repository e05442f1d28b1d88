package share

import (
	"io/fs"

	"ipwsim/sim/share/ninep"
)

func (s *session) open(m *ninep.Tlopen) (ninep.Message, error) {
	f, err := s.fid(m.Fid)
	switch {
	case err != nil:
		return nil, err
	case f.open:
		return nil, ninep.EINVAL
	case m.Flags&ninep.OpenAccess != ninep.OpenRead:
		return nil, ninep.EACCES // files are written once, by who made them
	}
	info, err := s.disk.stat(f.name)
	if err != nil {
		return nil, err
	}
	if info.IsDir {
		f.items, err = s.disk.list(f.name)
	} else {
		f.data, err = s.disk.contents(f.name)
	}
	f.open, f.dir = err == nil, info.IsDir
	return &ninep.Rlopen{Qid: qid(info), IOUnit: s.limit - ninep.Overhead}, err
}

// create makes a new file, whatever the flags say of one that is there.
func (s *session) create(m *ninep.Tlcreate) (ninep.Message, error) {
	f, err := s.fid(m.Fid)
	switch {
	case err != nil:
		return nil, err
	case f.open:
		return nil, ninep.EINVAL
	}
	name, err := join(f.name, m.Name)
	if err != nil {
		return nil, err
	}
	out, err := s.disk.create(name)
	if err != nil {
		return nil, err
	}
	f.name, f.out, f.open = name, out, true
	return &ninep.Rlcreate{Qid: ninep.Qid{Path: out.node.id}, IOUnit: s.limit - ninep.Overhead}, nil
}

func (s *session) read(m *ninep.Tread) (ninep.Message, error) {
	f, err := s.fid(m.Fid)
	switch {
	case err != nil:
		return nil, err
	case !f.open || f.dir || f.out != nil:
		return nil, ninep.EBADF
	}
	rest := f.data[min(m.Offset, uint64(len(f.data))):]
	return &ninep.Rread{Data: rest[:min(uint64(s.count(m.Count)), uint64(len(rest)))]}, nil
}

// count is how much data may go into one answer.
func (s *session) count(asked uint32) uint32 { return min(asked, s.limit-ninep.Overhead) }

func (s *session) readDir(m *ninep.Treaddir) (ninep.Message, error) {
	f, err := s.fid(m.Fid)
	switch {
	case err != nil:
		return nil, err
	case !f.open || !f.dir:
		return nil, ninep.EBADF
	}
	r := &ninep.Rreaddir{}
	for i := min(m.Offset, uint64(len(f.items))); i < uint64(len(f.items)); i++ {
		item := f.items[i]
		e := ninep.Entry{Qid: qid(item), Offset: i + 1, Kind: ninep.DirentFile, Name: item.Name}
		if item.IsDir {
			e.Kind = ninep.DirentDir
		}
		if len(r.Data)+e.Size() > int(s.count(m.Count)) {
			break
		}
		if r.Data, err = ninep.AppendEntry(r.Data, e); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// write adds to a file. A file is written from front to back: an offset elsewhere is an error.
func (s *session) write(m *ninep.Twrite) (ninep.Message, error) {
	f, err := s.fid(m.Fid)
	switch {
	case err != nil:
		return nil, err
	case f.out == nil:
		return nil, fs.ErrClosed
	case m.Offset != uint64(f.out.size()):
		return nil, ninep.EINVAL
	}
	n, err := f.out.Write(m.Data)
	return &ninep.Rwrite{Count: uint32(n)}, err
}

func (s *session) sync(m *ninep.Tfsync) (ninep.Message, error) {
	f, err := s.fid(m.Fid)
	switch {
	case err != nil:
		return nil, err
	case f.out == nil:
		return &ninep.Rfsync{}, nil // nothing of it was written through this fid
	}
	return &ninep.Rfsync{}, f.out.Sync()
}
