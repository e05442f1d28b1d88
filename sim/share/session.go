package share

import (
	"path"
	"strings"

	"ipwsim/sim/share/ninep"
)

// session is the server's side of one connection.
type session struct {
	disk  *Disk
	limit uint32 // of a message, as agreed on
	fids  map[uint32]*fid
}

// fid is a file or folder that the client has a number for.
type fid struct {
	name  string
	open  bool
	dir   bool       // of an open one
	out   *diskFile  // a file being written
	data  []byte     // a file being read, as it was when it was opened
	items []nodeInfo // a folder being read
}

// version begins the session anew.
func (s *session) version(m *ninep.Tversion) ninep.Message {
	s.fids = map[uint32]*fid{}
	if m.Version != ninep.Version && !strings.HasPrefix(m.Version, ninep.Version+".") || m.MessageSize < 1024 {
		return &ninep.Rversion{MessageSize: m.MessageSize, Version: "unknown"}
	}
	s.limit = min(m.MessageSize, messageSize)
	return &ninep.Rversion{MessageSize: s.limit, Version: ninep.Version}
}

// fid finds one that the client has.
func (s *session) fid(number uint32) (*fid, error) {
	if f := s.fids[number]; f != nil {
		return f, nil
	}
	return nil, ninep.EBADF
}

// add gives a number to the client's fid.
func (s *session) add(number uint32, f *fid) error {
	if s.fids == nil || s.fids[number] != nil || number == ninep.NoFid {
		return ninep.EBADF
	}
	s.fids[number] = f
	return nil
}

// within is the name of something in a folder that the client has.
func (s *session) within(number uint32, element string) (string, error) {
	f, err := s.fid(number)
	if err != nil {
		return "", err
	}
	return join(f.name, element)
}

func join(dir, element string) (string, error) {
	if element == "." || strings.Contains(element, "/") || !ValidName(element) {
		return "", ninep.EINVAL
	}
	return path.Join(dir, element), nil
}

func (s *session) attach(m *ninep.Tattach) (ninep.Message, error) {
	switch {
	case m.AuthFid != ninep.NoFid:
		return nil, ninep.EINVAL
	case !s.disk.admits(m.User):
		return nil, ninep.EACCES
	}
	root, err := s.disk.stat(".")
	if err != nil {
		return nil, err
	}
	return &ninep.Rattach{Qid: qid(root)}, s.add(m.Fid, &fid{name: "."})
}

func (s *session) walk(m *ninep.Twalk) (ninep.Message, error) {
	from, err := s.fid(m.Fid)
	switch {
	case err != nil:
		return nil, err
	case from.open:
		return nil, ninep.EINVAL
	}
	name, found := from.name, []ninep.Qid{}
	for _, element := range m.Names {
		if name, err = join(name, element); err != nil {
			break
		}
		info, serr := s.disk.stat(name)
		if err = serr; err != nil {
			break
		}
		found = append(found, qid(info))
	}
	switch {
	case err != nil && len(found) == 0:
		return nil, err
	case err != nil: // as far as it came; NewFid is not made
		return &ninep.Rwalk{Qids: found}, nil
	case m.NewFid == m.Fid:
		from.name = name
		return &ninep.Rwalk{Qids: found}, nil
	}
	return &ninep.Rwalk{Qids: found}, s.add(m.NewFid, &fid{name: name})
}

func (s *session) attributes(m *ninep.Tgetattr) (ninep.Message, error) {
	f, err := s.fid(m.Fid)
	if err != nil {
		return nil, err
	}
	info, err := s.disk.stat(f.name)
	if err != nil {
		return nil, err
	}
	at := ninep.Timestamp{Seconds: uint64(info.ModTime.Unix()), Nanoseconds: uint64(info.ModTime.Nanosecond())}
	r := &ninep.Rgetattr{
		Valid: ninep.AttrBasic, Qid: qid(info), Mode: ninep.ModeFile | 0o644, Links: 1,
		Size: uint64(info.Size), BlockSize: 4096, Blocks: uint64(info.Size+511) / 512,
		Access: at, Modified: at, Changed: at,
	}
	if info.IsDir {
		r.Mode = ninep.ModeDir | 0o755
	}
	return r, nil
}

func (s *session) mkdir(m *ninep.Tmkdir) (ninep.Message, error) {
	name, err := s.within(m.Dir, m.Name)
	if err != nil {
		return nil, err
	}
	if err := s.disk.Mkdir(name); err != nil {
		return nil, err
	}
	info, err := s.disk.stat(name)
	return &ninep.Rmkdir{Qid: qid(info)}, err
}

func (s *session) rename(m *ninep.Trenameat) (ninep.Message, error) {
	from, err := s.within(m.OldDir, m.OldName)
	if err != nil {
		return nil, err
	}
	to, err := s.within(m.NewDir, m.NewName)
	if err != nil {
		return nil, err
	}
	return &ninep.Rrenameat{}, s.disk.Rename(from, to)
}

func (s *session) unlink(m *ninep.Tunlinkat) (ninep.Message, error) {
	name, err := s.within(m.Dir, m.Name)
	if err != nil {
		return nil, err
	}
	info, err := s.disk.stat(name)
	folder := m.Flags&ninep.RemoveDir != 0
	switch {
	case err != nil:
		return nil, err
	case info.IsDir && !folder:
		return nil, ninep.EISDIR
	case !info.IsDir && folder:
		return nil, ninep.ENOTDIR
	}
	return &ninep.Runlinkat{}, s.disk.Remove(name)
}

func (s *session) clunk(m *ninep.Tclunk) (ninep.Message, error) {
	f, err := s.fid(m.Fid)
	if err != nil {
		return nil, err
	}
	delete(s.fids, m.Fid)
	if f.out != nil {
		_ = f.out.Close()
	}
	return &ninep.Rclunk{}, nil
}

func qid(i nodeInfo) ninep.Qid {
	q := ninep.Qid{Path: i.id}
	if i.IsDir {
		q.Kind = ninep.QidDir
	}
	return q
}
