package ninep

// A fid is a number that the client gives to a file or folder of the server's.

// Tversion begins a session: it forgets all fids.
type Tversion struct {
	MessageSize uint32 // of the largest message, in bytes
	Version     string
}

// Tattach makes Fid the root, for a user.
type Tattach struct {
	Fid, AuthFid uint32
	User, Tree   string
	UID          uint32
}

// Tflush gives a request up.
type Tflush struct{ OldTag uint16 }

// Twalk makes NewFid what is found from Fid along the names.
type Twalk struct {
	Fid, NewFid uint32
	Names       []string
}

// Tlopen opens a file or folder.
type Tlopen struct{ Fid, Flags uint32 }

// Tlcreate makes a file in the folder Fid and opens it; Fid is then the file.
type Tlcreate struct {
	Fid              uint32
	Name             string
	Flags, Mode, GID uint32
}

// Tgetattr asks for the attributes in Mask.
type Tgetattr struct {
	Fid  uint32
	Mask uint64
}

// Treaddir reads entries of an open folder, Count bytes of them, from where an Entry's Offset points.
type Treaddir struct {
	Fid    uint32
	Offset uint64
	Count  uint32
}

// Tread reads Count bytes of an open file.
type Tread struct {
	Fid    uint32
	Offset uint64
	Count  uint32
}

// Twrite writes to an open file.
type Twrite struct {
	Fid    uint32
	Offset uint64
	Data   []byte
}

// Tfsync makes what was written to the file durable.
type Tfsync struct {
	Fid      uint32
	DataOnly uint32 // Linux sends it; other clients leave it out
}

// Tmkdir makes a folder in the folder Dir.
type Tmkdir struct {
	Dir       uint32
	Name      string
	Mode, GID uint32
}

// Trenameat moves a file from one folder to another.
type Trenameat struct {
	OldDir  uint32
	OldName string
	NewDir  uint32
	NewName string
}

// Tunlinkat removes a file, or with RemoveDir an empty folder, from the folder Dir.
type Tunlinkat struct {
	Dir   uint32
	Name  string
	Flags uint32
}

// Tclunk ends the use of a fid.
type Tclunk struct{ Fid uint32 }

// Each is a Message.

func (*Tversion) Type() Type  { return TypeTversion }
func (*Tattach) Type() Type   { return TypeTattach }
func (*Tflush) Type() Type    { return TypeTflush }
func (*Twalk) Type() Type     { return TypeTwalk }
func (*Tlopen) Type() Type    { return TypeTlopen }
func (*Tlcreate) Type() Type  { return TypeTlcreate }
func (*Tgetattr) Type() Type  { return TypeTgetattr }
func (*Treaddir) Type() Type  { return TypeTreaddir }
func (*Tread) Type() Type     { return TypeTread }
func (*Twrite) Type() Type    { return TypeTwrite }
func (*Tfsync) Type() Type    { return TypeTfsync }
func (*Tmkdir) Type() Type    { return TypeTmkdir }
func (*Trenameat) Type() Type { return TypeTrenameat }
func (*Tunlinkat) Type() Type { return TypeTunlinkat }
func (*Tclunk) Type() Type    { return TypeTclunk }

func (m *Tversion) fields(c *codec) { num(c, &m.MessageSize); c.str(&m.Version) }
func (m *Tattach) fields(c *codec) {
	c.u32s(&m.Fid, &m.AuthFid)
	c.str(&m.User)
	c.str(&m.Tree)
	num(c, &m.UID)
}
func (m *Tflush) fields(c *codec) { num(c, &m.OldTag) }
func (m *Twalk) fields(c *codec)  { c.u32s(&m.Fid, &m.NewFid); list(c, &m.Names, c.str) }
func (m *Tlopen) fields(c *codec) { c.u32s(&m.Fid, &m.Flags) }
func (m *Tlcreate) fields(c *codec) {
	num(c, &m.Fid)
	c.str(&m.Name)
	c.u32s(&m.Flags, &m.Mode, &m.GID)
}
func (m *Tgetattr) fields(c *codec)  { num(c, &m.Fid); num(c, &m.Mask) }
func (m *Treaddir) fields(c *codec)  { num(c, &m.Fid); num(c, &m.Offset); num(c, &m.Count) }
func (m *Tread) fields(c *codec)     { num(c, &m.Fid); num(c, &m.Offset); num(c, &m.Count) }
func (m *Twrite) fields(c *codec)    { num(c, &m.Fid); num(c, &m.Offset); c.data(&m.Data) }
func (m *Tmkdir) fields(c *codec)    { num(c, &m.Dir); c.str(&m.Name); c.u32s(&m.Mode, &m.GID) }
func (m *Tunlinkat) fields(c *codec) { num(c, &m.Dir); c.str(&m.Name); num(c, &m.Flags) }
func (m *Tclunk) fields(c *codec)    { num(c, &m.Fid) }
func (m *Trenameat) fields(c *codec) {
	num(c, &m.OldDir)
	c.str(&m.OldName)
	num(c, &m.NewDir)
	c.str(&m.NewName)
}
func (m *Tfsync) fields(c *codec) {
	num(c, &m.Fid)
	if !c.reading || len(c.b) > 0 {
		num(c, &m.DataOnly)
	}
}
