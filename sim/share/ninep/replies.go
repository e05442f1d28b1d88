package ninep

// Qid is the server's own name of a file or folder.
type Qid struct {
	Kind    uint8 // QidDir or 0
	Version uint32
	Path    uint64
}

func (q *Qid) fields(c *codec) { num(c, &q.Kind); num(c, &q.Version); num(c, &q.Path) }

// Rlerror is the answer to a request that failed.
type Rlerror struct{ Errno Errno }

// Rversion has what the server speaks.
type Rversion struct {
	MessageSize uint32
	Version     string
}

// Rattach answers Tattach.
type Rattach struct{ Qid Qid }

// Rflush answers Tflush.
type Rflush struct{}

// Rwalk has one Qid for each name that was found; fewer than asked for: NewFid was not made.
type Rwalk struct{ Qids []Qid }

// Rlopen answers Tlopen. IOUnit is how many bytes to read or write at once, 0 for no advice.
type Rlopen struct {
	Qid    Qid
	IOUnit uint32
}

// Rlcreate answers Tlcreate.
type Rlcreate struct {
	Qid    Qid
	IOUnit uint32
}

// Rgetattr has a file's attributes; times are seconds and nanoseconds since 1970.
type Rgetattr struct {
	Valid                                  uint64
	Qid                                    Qid
	Mode, UID, GID                         uint32
	Links, Device, Size, BlockSize, Blocks uint64
	Access, Modified, Changed, Born        Timestamp
	Generation, DataVersion                uint64
}

// Timestamp is a time since 1970.
type Timestamp struct{ Seconds, Nanoseconds uint64 }

// Rreaddir has entries of a folder, as AppendEntry writes them; none at its end.
type Rreaddir struct{ Data []byte }

// Rread has a file's bytes; none at its end.
type Rread struct{ Data []byte }

// Rwrite says how many bytes were written.
type Rwrite struct{ Count uint32 }

// Rfsync answers Tfsync.
type Rfsync struct{}

// Rmkdir answers Tmkdir.
type Rmkdir struct{ Qid Qid }

// Rrenameat answers Trenameat.
type Rrenameat struct{}

// Runlinkat answers Tunlinkat.
type Runlinkat struct{}

// Rclunk answers Tclunk.
type Rclunk struct{}

// Each is a Message.

func (*Rlerror) Type() Type   { return TypeRlerror }
func (*Rversion) Type() Type  { return TypeTversion + 1 }
func (*Rattach) Type() Type   { return TypeTattach + 1 }
func (*Rflush) Type() Type    { return TypeTflush + 1 }
func (*Rwalk) Type() Type     { return TypeTwalk + 1 }
func (*Rlopen) Type() Type    { return TypeTlopen + 1 }
func (*Rlcreate) Type() Type  { return TypeTlcreate + 1 }
func (*Rgetattr) Type() Type  { return TypeTgetattr + 1 }
func (*Rreaddir) Type() Type  { return TypeTreaddir + 1 }
func (*Rread) Type() Type     { return TypeTread + 1 }
func (*Rwrite) Type() Type    { return TypeTwrite + 1 }
func (*Rfsync) Type() Type    { return TypeTfsync + 1 }
func (*Rmkdir) Type() Type    { return TypeTmkdir + 1 }
func (*Rrenameat) Type() Type { return TypeTrenameat + 1 }
func (*Runlinkat) Type() Type { return TypeTunlinkat + 1 }
func (*Rclunk) Type() Type    { return TypeTclunk + 1 }

func (m *Rlerror) fields(c *codec)  { num(c, &m.Errno) }
func (m *Rversion) fields(c *codec) { num(c, &m.MessageSize); c.str(&m.Version) }
func (m *Rattach) fields(c *codec)  { m.Qid.fields(c) }
func (m *Rwalk) fields(c *codec)    { list(c, &m.Qids, func(q *Qid) { q.fields(c) }) }
func (m *Rlopen) fields(c *codec)   { m.Qid.fields(c); num(c, &m.IOUnit) }
func (m *Rlcreate) fields(c *codec) { m.Qid.fields(c); num(c, &m.IOUnit) }
func (m *Rreaddir) fields(c *codec) { c.data(&m.Data) }
func (m *Rread) fields(c *codec)    { c.data(&m.Data) }
func (m *Rwrite) fields(c *codec)   { num(c, &m.Count) }
func (m *Rmkdir) fields(c *codec)   { m.Qid.fields(c) }
func (*Rflush) fields(*codec)       {}
func (*Rfsync) fields(*codec)       {}
func (*Rrenameat) fields(*codec)    {}
func (*Runlinkat) fields(*codec)    {}
func (*Rclunk) fields(*codec)       {}
func (m *Rgetattr) fields(c *codec) {
	num(c, &m.Valid)
	m.Qid.fields(c)
	c.u32s(&m.Mode, &m.UID, &m.GID)
	c.u64s(&m.Links, &m.Device, &m.Size, &m.BlockSize, &m.Blocks)
	for _, t := range []*Timestamp{&m.Access, &m.Modified, &m.Changed, &m.Born} {
		c.u64s(&t.Seconds, &t.Nanoseconds)
	}
	c.u64s(&m.Generation, &m.DataVersion)
}

// Entry is one of a folder's entries.
type Entry struct {
	Qid    Qid
	Offset uint64 // where the next Treaddir goes on
	Kind   uint8  // DirentDir, DirentFile
	Name   string
}

func (e *Entry) fields(c *codec) { e.Qid.fields(c); num(c, &e.Offset); num(c, &e.Kind); c.str(&e.Name) }

// Size is the entry's length in Rreaddir, in bytes.
func (e *Entry) Size() int { return direntHeader + len(e.Name) }

// AppendEntry adds an entry to Rreaddir's data; it fails as Append does.
func AppendEntry(b []byte, e Entry) ([]byte, error) {
	c := codec{b: b}
	e.fields(&c)
	return c.b, c.err
}

// Entries reads Rreaddir's data.
func Entries(data []byte) ([]Entry, error) {
	var all []Entry
	for c := (codec{b: data, reading: true}); len(c.b) > 0; {
		var e Entry
		if e.fields(&c); c.err != nil {
			return nil, c.err
		}
		all = append(all, e)
	}
	return all, nil
}
