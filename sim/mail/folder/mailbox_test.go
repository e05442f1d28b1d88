package folder_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/share"
)

const box = "work/inbox/bob"

var epoch = time.Date(2025, time.February, 7, 16, 19, 27, 0, time.UTC)

// newDisk is a share with an empty mailbox, its clock standing.
func newDisk(t require.TestingT) *share.Disk {
	d := share.NewDisk(func() time.Time { return epoch })
	for _, dir := range []string{"work", "work/inbox", box} {
		require.NoError(t, d.Mkdir(dir))
	}
	return d
}

// deliver puts a message into the mailbox, as EPSTDS does.
func deliver(t require.TestingT, d share.FS, name string) {
	require.NoError(t, d.Create("work/"+name, fmt.Appendf(nil, "Message-ID: <%s>\r\n\r\ntext\r\n", name)))
	require.NoError(t, d.Rename("work/"+name, box+"/"+name))
}

func view(t require.TestingT, d share.FS) folder.View {
	v, err := folder.OpenMailbox(d, box).View()
	require.NoError(t, err)
	return v
}

// uids are the UIDs by message.
func uids(v folder.View) map[string]uint32 {
	m := map[string]uint32{}
	for _, e := range v.Messages {
		m[e.Name] = e.UID
	}
	return m
}

func TestMailbox(t *testing.T) {
	d := newDisk(t)
	m := folder.OpenMailbox(d, box)
	deliver(t, d, "2.001")
	deliver(t, d, "1.001")
	require.NoError(t, m.Append("imap-a-1", []byte("Subject: x\r\n\r\n")))
	all, err := m.List()
	require.NoError(t, err)
	require.Equal(t, []folder.Message{{Name: "1.001", Size: 29, Time: epoch}, {Name: "2.001", Size: 29, Time: epoch}, {Name: "imap-a-1", Size: 14, Time: epoch}}, all)
	text, err := m.Read("1.001")
	require.NoError(t, err)
	require.Equal(t, "1.001", folder.MessageID(text))
	require.ErrorIs(t, m.Append("imap-a-1", nil), fs.ErrExist)
	require.NoError(t, m.Delete("1.001"))
	require.ErrorIs(t, m.Delete("1.001"), fs.ErrNotExist)
	_, err = m.Read("1.001")
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestMailboxThatNeverGotMail(t *testing.T) {
	d := share.NewDisk(func() time.Time { return epoch })
	m := folder.OpenMailbox(d, "inbox/bob")
	all, err := m.List()
	require.NoError(t, err)
	require.Empty(t, all)
	v, err := m.View()
	require.NoError(t, err)
	require.Equal(t, folder.View{Validity: uint32(epoch.Unix()), Next: 1, Recent: 1}, v)
}

// UIDs grow, are kept, and are never given again; the other node sees the same.
func TestUIDs(t *testing.T) {
	d := newDisk(t)
	m := folder.OpenMailbox(d, box)
	deliver(t, d, "1.001")
	deliver(t, d, "2.001")
	first, err := m.View()
	require.NoError(t, err)
	require.Equal(t, map[string]uint32{"1.001": 1, "2.001": 2}, uids(first))

	require.NoError(t, m.Delete("2.001")) // the highest: its UID must not come back
	deliver(t, d, "0.001")
	second, err := m.View()
	require.NoError(t, err)
	require.Equal(t, map[string]uint32{"1.001": 1, "0.001": 3}, uids(second))
	require.Equal(t, uint32(4), second.Next)
	require.Equal(t, second, view(t, d), "the other node")
	require.Equal(t, first.Validity, second.Validity)
}

func TestFlags(t *testing.T) {
	d := newDisk(t)
	deliver(t, d, "1.001")
	deliver(t, d, "2.001")
	_, err := folder.OpenMailbox(d, box).SetFlags(func(e *folder.Entry) {
		if e.UID == 2 {
			e.Flags |= folder.Seen | folder.Deleted
		}
	})
	require.NoError(t, err)
	v := view(t, d)
	require.Equal(t, folder.Flags(0), v.Messages[0].Flags)
	require.Equal(t, folder.Seen|folder.Deleted, v.Messages[1].Flags)
}

func TestIndexFilesAreSwept(t *testing.T) {
	now := epoch
	d := share.NewDisk(func() time.Time { return now })
	m := folder.OpenMailbox(d, "bob")
	_, err := m.View()
	require.NoError(t, err)
	require.NoError(t, d.Create("bob/imap/draft.001", nil)) // a writer that died
	for i := range 5 {
		now = now.Add(30 * time.Minute)
		require.NoError(t, m.Append(fmt.Sprintf("imap-a-%d", i), nil))
		_, err = m.View()
		require.NoError(t, err)
	}
	files, err := d.ReadDir("bob/imap")
	require.NoError(t, err)
	require.Len(t, files, 1, "%v", files)
	require.Equal(t, "index.0000000011", files[0].Name)
}

func TestDamagedIndexIsNamed(t *testing.T) {
	const head = "ipwsim mailbox index 1\nvalidity 7\nnext 9\n"
	for _, c := range []struct{ content, want string }{
		{"", `:1: found "", expected "ipwsim mailbox index 1"`},
		{"ipwsim mailbox index 1\nvalidity 0\nnext 1\n", `:2: found "validity 0", expected validity and a number from 1`},
		{"ipwsim mailbox index 1\nvalidity 7\n", `:3: found "", expected next and a number from 1`},
		{head + "9 - a\n", `:4: found "9 - a", expected a UID above 0 and below 9, flags of SAFDT or -, and a file not named before`},
		{head + "1 - a\n2 - a\n", `:5: found "2 - a"`},
		{head + "2 - a\n1 - b\n", `:5: found "1 - b"`},
		{head + "2 X a\n", `:4: found "2 X a"`},
		{head + "2 - ../a\n", `:4: found "2 - ../a"`},
	} {
		d := newDisk(t)
		require.NoError(t, d.Mkdir(box+"/imap"))
		require.NoError(t, d.Create(box+"/imap/index.0000000001", []byte(c.content)))
		_, err := folder.OpenMailbox(d, box).View()
		require.ErrorContains(t, err, box+"/imap/index.0000000001"+c.want)
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	for _, name := range []string{
		"", ".", "..", "../x", "山田", `..\..\x`, "a/b", `a\b`, "a:b", "a\x00b", "a\nb", "a ", " a", "a.", "NUL", "nul.txt", "Con", "com1", "LPT9.x", "a*", "\xff", strings.Repeat("x", 201),
	} {
		_, err := folder.Box("", name)
		require.ErrorIs(t, err, fs.ErrInvalid, "%q", name)
		require.ErrorIs(t, folder.OpenMailbox(newDisk(t), box).Append(name, nil), fs.ErrInvalid, "%q", name)
	}
	name := folder.AppendedName(epoch, 7, `HVT162\山田`)
	require.NoError(t, folder.OpenMailbox(newDisk(t), box).Append(name, nil), name)
	for _, name := range []string{"bob", "bob.smith", "console", "com", "com10"} {
		dir, err := folder.Box("example.com", name)
		require.NoError(t, err)
		require.Equal(t, "inbox/example.com/"+name, dir)
		require.NoError(t, folder.OpenMailbox(newDisk(t), box).Append(strings.ToUpper(name), nil))
	}
}

// Whatever bytes an index file holds: an index that can be written and read again, or an error.
func FuzzIndex(f *testing.F) {
	f.Add("ipwsim mailbox index 1\nvalidity 7\nnext 9\n1 SA a.001\n2 - b.001\n")
	f.Add("ipwsim mailbox index 1\nvalidity 7\nnext 9\n8 SAFDT imap-x\n")
	f.Add("ipwsim mailbox index 1\nvalidity 4294967295\nnext 4294967295\n")
	f.Fuzz(func(t *testing.T, content string) {
		d := newDisk(t)
		deliver(t, d, "a.001")
		require.NoError(t, d.Mkdir(box+"/imap"))
		require.NoError(t, d.Create(box+"/imap/index.0000000001", []byte(content)))
		v, err := folder.OpenMailbox(d, box).View()
		if err == nil {
			require.Equal(t, v, view(t, d))
		}
	})
}

// Sessions on two nodes list the mailbox while mail comes and goes, their steps on the share
// interleaved in any way: no UID means two messages, no message has two UIDs.
func TestUIDsOfManyWriters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if found := interleave(t, func(d *share.Disk) share.FS { return d }); found != "" {
			t.Fatal(found)
		}
	})
}

// The twin: a share whose Rename replaces what has the name. The property notices.
func TestUIDsOfManyWritersCatches(t *testing.T) {
	found := ""
	for seed := 0; seed < 200 && found == ""; seed++ {
		found = rapid.Custom(func(t *rapid.T) string {
			return interleave(t, func(d *share.Disk) share.FS { return replacing{d} })
		}).Example(seed)
	}
	require.NotEmpty(t, found)
}

type replacing struct{ *share.Disk }

func (r replacing) Rename(from, to string) error {
	_ = r.Remove(to)
	return r.Disk.Rename(from, to)
}

// interleave runs three sessions step by step and says what went wrong.
func interleave(t *rapid.T, over func(*share.Disk) share.FS) string {
	d := newDisk(t)
	var running []*stepped
	type seen struct {
		who int
		folder.View
	}
	views := make(chan seen, 100)
	for who := range 3 {
		s := &stepped{FS: over(d), step: make(chan bool), waits: make(chan bool)}
		running = append(running, s)
		go func() {
			m := folder.OpenMailbox(s, box)
			for i := range 3 {
				v, err := m.View()
				if who == 0 && i == 1 { // one adds a message meanwhile
					v, err = m.Add([]folder.Arrival{{Name: "imap-1", Marks: folder.Marks{Flags: folder.Draft}}})
				}
				if err == nil {
					views <- seen{who, v}
				}
			}
			close(s.waits)
		}()
		<-s.waits
	}
	for mail := 1; len(running) > 0; {
		i := rapid.IntRange(0, len(running)).Draw(t, "who")
		if i == len(running) {
			if mail < 10 {
				deliver(t, d, fmt.Sprintf("%d.001", 10-mail)) // later ones sort before earlier ones
				mail++
			}
			continue
		}
		running[i].step <- true
		if _, alive := <-running[i].waits; !alive {
			running = slices.Delete(running, i, i+1)
		}
	}
	close(views)
	byUID, byName := map[uint32]string{}, map[string]uint32{}
	next, known := [3]uint32{}, [3]map[string]bool{{}, {}, {}}
	for v := range views {
		for _, e := range v.Messages {
			if e.UID < next[v.who] && !known[v.who][e.Name] {
				return fmt.Sprintf("%s came as UID %d when %d was the next", e.Name, e.UID, next[v.who])
			}
			known[v.who][e.Name] = true
			if name, ok := byUID[e.UID]; ok && name != e.Name {
				return fmt.Sprintf("UID %d is %s and %s", e.UID, name, e.Name)
			}
			if uid, ok := byName[e.Name]; ok && uid != e.UID {
				return fmt.Sprintf("%s has UIDs %d and %d", e.Name, uid, e.UID)
			}
			if e.Name == "imap-1" && e.Flags != folder.Draft {
				return "a message is there without its marks"
			}
			byUID[e.UID], byName[e.Name] = e.Name, e.UID
		}
		next[v.who] = v.Next
	}
	return ""
}

// stepped is a share on which each operation waits for its turn.
type stepped struct {
	share.FS
	step, waits chan bool
}

func (s *stepped) turn() { s.waits <- true; <-s.step }

func (s *stepped) Create(n string, b []byte) error        { s.turn(); return s.FS.Create(n, b) }
func (s *stepped) ReadFile(n string) ([]byte, error)      { s.turn(); return s.FS.ReadFile(n) }
func (s *stepped) Rename(from, to string) error           { s.turn(); return s.FS.Rename(from, to) }
func (s *stepped) Remove(n string) error                  { s.turn(); return s.FS.Remove(n) }
func (s *stepped) ReadDir(n string) ([]share.Info, error) { s.turn(); return s.FS.ReadDir(n) }
func (s *stepped) Stat(n string) (share.Info, error)      { s.turn(); return s.FS.Stat(n) }

// A writer that sleeps until the generation it wanted has come and been swept away does not hand out
// UIDs that others have given since.
func TestUIDsOfAWriterThatSleeps(t *testing.T) {
	d := newDisk(t)
	view(t, d)
	deliver(t, d, "b.001")
	var meanwhile func()
	sleeper := hooked{d, func(string) {
		if meanwhile != nil {
			f := meanwhile
			meanwhile = nil
			f()
		}
	}}
	meanwhile = func() {
		require.NoError(t, d.Remove(box+"/b.001"))
		for _, name := range []string{"c.001", "d.001"} {
			deliver(t, d, name)
			view(t, d)
		}
	}
	deliver(t, d, "a.001")
	v := view(t, sleeper)
	require.Equal(t, map[string]uint32{"a.001": 1, "c.001": 2, "d.001": 3}, uids(v))
	require.Equal(t, v, view(t, d))
}

// hooked tells of each Rename before it happens.
type hooked struct {
	*share.Disk
	before func(to string)
}

func (h hooked) Rename(from, to string) error {
	h.before(to)
	return h.Disk.Rename(from, to)
}

// A reader who takes long to read the index, so long that its name has passed to a writer who has yet
// to notice that he was overtaken, does not believe it.
func TestIndexThatChangesHandsWhileItIsRead(t *testing.T) {
	d := newDisk(t)
	deliver(t, d, "b.001")
	view(t, d) // generation 1: b is 1
	old, err := d.ReadFile(box + "/imap/index.0000000001")
	require.NoError(t, err)
	slow := &slowReader{Disk: d}
	slow.before = func() {
		deliver(t, d, "a.001")
		view(t, d) // generation 2: a is 2; 1 is swept
		other := strings.Replace(string(old), "next 2\n1 - b.001", "next 3\n1 - a.001\n2 - b.001", 1)
		require.NoError(t, d.Create(box+"/imap/index.0000000001", []byte(other)))
	}
	require.Equal(t, map[string]uint32{"a.001": 2, "b.001": 1}, uids(view(t, slow)))
}

// slowReader tells of the first ReadFile before it happens.
type slowReader struct {
	*share.Disk
	before func()
}

func (s *slowReader) ReadFile(name string) ([]byte, error) {
	if s.before != nil {
		f := s.before
		s.before = nil
		f()
	}
	return s.Disk.ReadFile(name)
}
