// Package ninep is the messages of 9P2000.L, as far as a share needs them: the protocol that Linux
// mounts file servers with (v9fs), on TCP port 564.
//
// Source: the 9P2000.L protocol of the diod project; what it takes over from 9P2000 stands in
// section 5 of the Plan 9 manual.
package ninep

import "fmt"

// Version is the protocol's name in Tversion.
const Version = "9P2000.L"

const (
	// MaxWalk is how many names a Twalk may have.
	MaxWalk = 16
	// Overhead is how much of a message may be no data, in Tread, Twrite and Treaddir, in bytes.
	Overhead = 24
	// NoTag is the tag of Tversion.
	NoTag = 0xffff
	// NoFid is no file: no authentication in Tattach.
	NoFid = 0xffffffff
	// NoUID says in Tattach that the user is given by name.
	NoUID = 0xffffffff
)

// Bits of flags, file modes and attribute masks, all of Linux.
const (
	OpenRead     = 0           // Tlopen: O_RDONLY
	OpenAccess   = 3           // Tlopen: the bits that say read or write
	CreateNew    = 0o1 | 0o300 // Tlcreate: O_WRONLY, O_CREAT, O_EXCL
	RemoveDir    = 0x200       // Tunlinkat: AT_REMOVEDIR
	ModeDir      = 0o040000
	ModeFile     = 0o100000
	AttrBasic    = 0x7ff // Tgetattr: what stat tells
	QidDir       = 0x80
	DirentDir    = 4 // DT_DIR
	DirentFile   = 8 // DT_REG
	direntHeader = 13 + 8 + 1 + 2
)

// Type is a message's type.
type Type uint8

// A message of the client (T) has an even type, its answer (R) the next one.
const (
	TypeRlerror   Type = 7
	TypeTlopen    Type = 12
	TypeTlcreate  Type = 14
	TypeTgetattr  Type = 24
	TypeTreaddir  Type = 40
	TypeTfsync    Type = 50
	TypeTmkdir    Type = 72
	TypeTrenameat Type = 74
	TypeTunlinkat Type = 76
	TypeTversion  Type = 100
	TypeTattach   Type = 104
	TypeTflush    Type = 108
	TypeTwalk     Type = 110
	TypeTread     Type = 116
	TypeTwrite    Type = 118
	TypeTclunk    Type = 120
)

// String is the type's number.
func (t Type) String() string { return fmt.Sprintf("type %d", uint8(t)) }

// Message is a message less its tag.
type Message interface {
	Type() Type
	fields(c *codec)
}

// newMessage is an empty message of the type, nil for an unknown one.
func newMessage(t Type) Message {
	if make := empty[t]; make != nil {
		return make()
	}
	return nil
}

var empty = map[Type]func() Message{
	TypeRlerror:       func() Message { return new(Rlerror) },
	TypeTlopen:        func() Message { return new(Tlopen) },
	TypeTlopen + 1:    func() Message { return new(Rlopen) },
	TypeTlcreate:      func() Message { return new(Tlcreate) },
	TypeTlcreate + 1:  func() Message { return new(Rlcreate) },
	TypeTgetattr:      func() Message { return new(Tgetattr) },
	TypeTgetattr + 1:  func() Message { return new(Rgetattr) },
	TypeTreaddir:      func() Message { return new(Treaddir) },
	TypeTreaddir + 1:  func() Message { return new(Rreaddir) },
	TypeTfsync:        func() Message { return new(Tfsync) },
	TypeTfsync + 1:    func() Message { return new(Rfsync) },
	TypeTmkdir:        func() Message { return new(Tmkdir) },
	TypeTmkdir + 1:    func() Message { return new(Rmkdir) },
	TypeTrenameat:     func() Message { return new(Trenameat) },
	TypeTrenameat + 1: func() Message { return new(Rrenameat) },
	TypeTunlinkat:     func() Message { return new(Tunlinkat) },
	TypeTunlinkat + 1: func() Message { return new(Runlinkat) },
	TypeTversion:      func() Message { return new(Tversion) },
	TypeTversion + 1:  func() Message { return new(Rversion) },
	TypeTattach:       func() Message { return new(Tattach) },
	TypeTattach + 1:   func() Message { return new(Rattach) },
	TypeTflush:        func() Message { return new(Tflush) },
	TypeTflush + 1:    func() Message { return new(Rflush) },
	TypeTwalk:         func() Message { return new(Twalk) },
	TypeTwalk + 1:     func() Message { return new(Rwalk) },
	TypeTread:         func() Message { return new(Tread) },
	TypeTread + 1:     func() Message { return new(Rread) },
	TypeTwrite:        func() Message { return new(Twrite) },
	TypeTwrite + 1:    func() Message { return new(Rwrite) },
	TypeTclunk:        func() Message { return new(Tclunk) },
	TypeTclunk + 1:    func() Message { return new(Rclunk) },
}
