package folder_test

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/share"
)

// names are the mailboxes there, the subscribed ones with "+", names only subscribed to in brackets.
func names(t require.TestingT, m *folder.Mailboxes) string {
	all, err := m.All()
	require.NoError(t, err)
	var s []string
	for _, l := range all {
		name := l.Name + strings.ReplaceAll(l.Use, `\`, "=")
		if l.Subscribed {
			name += "+"
		}
		if !l.There {
			name = "(" + name + ")"
		}
		s = append(s, name)
	}
	return strings.Join(s, " ")
}

func TestMailboxes(t *testing.T) {
	d := newDisk(t)
	m := folder.OpenMailboxes(d, box)
	none := func(string, []byte) {}
	for _, c := range []struct {
		name string
		do   func() error
		err  error
		want string
	}{
		{"only INBOX", func() error { return nil }, nil, "INBOX"},
		{"made, with those above", func() error { return m.Create("a/b/c", `\Sent`) }, nil, "INBOX a a/b a/b/c=Sent"},
		{"made twice", func() error { return m.Create("a/b", "") }, fs.ErrExist, "INBOX a a/b a/b/c=Sent"},
		{"INBOX made", func() error { return m.Create("inBox", "") }, fs.ErrExist, "INBOX a a/b a/b/c=Sent"},
		{"names in any language", func() error { return m.Create("案件", "") }, nil, "INBOX a a/b a/b/c=Sent 案件"},
		{"below INBOX", func() error { return m.Create("inbox/x", "") }, nil, "INBOX INBOX/x a a/b a/b/c=Sent 案件"},
		{"no name", func() error { return m.Create("", "") }, fs.ErrInvalid, "INBOX INBOX/x a a/b a/b/c=Sent 案件"},
		{"a level without a name", func() error { return m.Create("a//b", "") }, fs.ErrInvalid, "INBOX INBOX/x a a/b a/b/c=Sent 案件"},
		{"a wildcard", func() error { return m.Create("a*", "") }, fs.ErrInvalid, "INBOX INBOX/x a a/b a/b/c=Sent 案件"},
		{"a line's end", func() error { return m.Create("a\nbox 9 9 - b", "") }, fs.ErrInvalid, "INBOX INBOX/x a a/b a/b/c=Sent 案件"},
		{"renamed with all below", func() error { return m.Rename("a/b", "z/y") }, nil, "INBOX INBOX/x a z z/y z/y/c=Sent 案件"},
		{"renamed below itself", func() error { return m.Rename("z", "z/y/z") }, fs.ErrInvalid, "INBOX INBOX/x a z z/y z/y/c=Sent 案件"},
		{"renamed to one that is there", func() error { return m.Rename("a", "z/y") }, fs.ErrExist, "INBOX INBOX/x a z z/y z/y/c=Sent 案件"},
		{"renamed what is not there", func() error { return m.Rename("b", "c") }, fs.ErrNotExist, "INBOX INBOX/x a z z/y z/y/c=Sent 案件"},
		{"subscribed", func() error { return m.Subscribe("a", true) }, nil, "INBOX INBOX/x a+ z z/y z/y/c=Sent 案件"},
		{"subscribed again", func() error { return m.Subscribe("a", true) }, nil, "INBOX INBOX/x a+ z z/y z/y/c=Sent 案件"},
		{"deleted, still subscribed", func() error { return m.Delete("a", none) }, nil, "INBOX INBOX/x (a+) z z/y z/y/c=Sent 案件"},
		{"deleted, those below stay", func() error { return m.Delete("z/y", none) }, nil, "INBOX INBOX/x (a+) z z/y/c=Sent 案件"},
		{"deleted again", func() error { return m.Delete("z/y", none) }, fs.ErrNotExist, "INBOX INBOX/x (a+) z z/y/c=Sent 案件"},
		{"INBOX deleted", func() error { return m.Delete("Inbox", none) }, fs.ErrInvalid, "INBOX INBOX/x (a+) z z/y/c=Sent 案件"},
		{"unsubscribed", func() error { return m.Subscribe("a", false) }, nil, "INBOX INBOX/x z z/y/c=Sent 案件"},
	} {
		require.ErrorIs(t, c.do(), c.err, c.name)
		require.Equal(t, c.want, names(t, m), c.name)
		require.Equal(t, c.want, names(t, folder.OpenMailboxes(d, box)), "%s: the other node", c.name)
	}
	_, err := m.Open("z/y")
	require.ErrorIs(t, err, fs.ErrNotExist)
	files, err := d.ReadDir(box + "/imap")
	require.NoError(t, err)
	require.Len(t, files, 1+4, "the catalogue and a folder for each: %v", files)
}

// add is a message by its name into a mailbox.
func add(t require.TestingT, m *folder.Mailboxes, name, message string, marks folder.Marks) folder.View {
	b, err := m.Open(name)
	require.NoError(t, err)
	v, err := b.Add([]folder.Arrival{{Name: message, Marks: marks, Text: []byte("Message-ID: <" + message + ">\r\n\r\n")}})
	require.NoError(t, err)
	return v
}

func open(t require.TestingT, m *folder.Mailboxes, name string) (*folder.Mailbox, folder.View) {
	b, err := m.Open(name)
	require.NoError(t, err)
	v, err := b.View()
	require.NoError(t, err)
	return b, v
}

// A mailbox made anew under an old name is another one: no client takes it for the old (RFC 3501,
// section 2.3.1.1), though the share's clock stands.
func TestMailboxesHaveTheirOwnValidity(t *testing.T) {
	m := folder.OpenMailboxes(newDisk(t), box)
	seen := map[uint32]bool{}
	for range 3 {
		require.NoError(t, m.Create("a", ""))
		v := add(t, m, "a", "imap-1", folder.Marks{})
		require.False(t, seen[v.Validity])
		seen[v.Validity] = true
		var gone []string
		require.NoError(t, m.Delete("a", func(name string, text []byte) { gone = append(gone, name+" "+folder.MessageID(text)) }))
		require.Equal(t, []string{"imap-1 imap-1"}, gone)
	}
}

// A message that is moved has its marks with it, and what a mailbox remembers is read as it was written.
func TestMarks(t *testing.T) {
	m := folder.OpenMailboxes(newDisk(t), box)
	require.NoError(t, m.Create("a", ""))
	marks := folder.Marks{Flags: folder.Seen | folder.Flagged, Date: time.Date(2024, 1, 2, 3, 4, 5, 0, time.FixedZone("", 9*3600))}
	marks.SetKeywords([]string{"$Forwarded", "work", "$forwarded"})
	v := add(t, m, "INBOX", "imap-1", marks)
	require.True(t, v.Messages[0].Equal(marks))
	inbox, v := open(t, m, "INBOX")
	require.Equal(t, []string{"$Forwarded", "work"}, v.Messages[0].Keywords)
	require.Equal(t, "2024-01-02 03:04:05 +0900", v.Messages[0].Received().Format("2006-01-02 15:04:05 -0700"))
	a, _ := open(t, m, "a")
	_, err := a.Add([]folder.Arrival{{Name: "imap-1", Marks: v.Messages[0].Marks, From: inbox}, {Name: "imap-2", From: inbox}})
	require.NoError(t, err)
	_, v = open(t, m, "a")
	require.Len(t, v.Messages, 1, "the one that is gone is left out")
	require.True(t, v.Messages[0].Equal(marks))
	_, v = open(t, m, "INBOX")
	require.Empty(t, v.Messages)
}

// RENAME of INBOX: the messages go, the mailbox stays (RFC 3501, section 6.3.5).
func TestInboxRenamed(t *testing.T) {
	d := newDisk(t)
	m := folder.OpenMailboxes(d, box)
	deliver(t, d, "1.001")
	_, before := open(t, m, "INBOX")
	_, err := folder.OpenMailbox(d, box).SetFlags(func(e *folder.Entry) { e.Flags = folder.Answered })
	require.NoError(t, err)
	require.NoError(t, m.Rename("INBOX", "old/mail"))
	require.Equal(t, "INBOX old old/mail", names(t, m))
	_, v := open(t, m, "old/mail")
	require.Equal(t, folder.Answered, v.Messages[0].Flags)
	_, v = open(t, m, "INBOX")
	require.Equal(t, before.Validity, v.Validity)
	require.Empty(t, v.Messages)
	require.Equal(t, uint32(2), v.Next)
	stock, err := folder.New(d, "work").Stock()
	require.NoError(t, err)
	require.Empty(t, stock, "1.001 is no name of the queue's")
}

// \Recent goes to one session, and UIDs of what is on its way are not passed over.
func TestRecentAndAwaited(t *testing.T) {
	d := newDisk(t)
	m := folder.OpenMailbox(d, box)
	deliver(t, d, "1.001")
	deliver(t, d, "2.001")
	v, err := m.View()
	require.NoError(t, err)
	require.Equal(t, uint32(1), v.Recent)
	v, err = m.Claim()
	require.NoError(t, err)
	require.Equal(t, uint32(1), v.Recent)
	require.Equal(t, uint32(3), view(t, d).Recent)

	during := folder.View{}
	_, err = folder.OpenMailbox(hooked{d, func(to string) {
		if strings.HasSuffix(to, "imap-1") {
			during = view(t, d)
		}
	}}, box).Add([]folder.Arrival{{Name: "imap-1", Marks: folder.Marks{Flags: folder.Draft}}})
	require.NoError(t, err)
	require.Len(t, during.Messages, 2)
	require.Equal(t, uint32(3), during.Next, "3 is still to come")
	v = view(t, d)
	require.Equal(t, uint32(4), v.Next)
	require.Equal(t, folder.Draft, v.Messages[2].Flags)
}

func TestDamagedCatalogueIsNamed(t *testing.T) {
	const head = "ipwsim mailboxes 1\nnext 9\nvalidity 7\n"
	for _, c := range []struct{ content, want string }{
		{"", `:1: found "", expected "ipwsim mailboxes 1"`},
		{"ipwsim mailboxes 1\nnext x\n", `:2: found "next x"`},
		{"ipwsim mailboxes 1\nnext 1\nvalidity\n", `:3: found "validity"`},
		{head + "box 9 1 - a\n", `:4: found "box 9 1 - a", expected a mailbox with an id below 9`},
		{head + "box 1 1 - a\nbox 1 1 - b\n", `:5: found "box 1 1 - b"`},
		{head + "box 1 1 - a\nbox 2 1 - a\n", `:5: found "box 2 1 - a"`},
		{head + "box 1 8 - a\n", `:4: found "box 1 8 - a"`},
		{head + "box 1 1 - inbox\n", `:4: found "box 1 1 - inbox"`},
		{head + "subscribed b\nsubscribed a\n", `:5: found "subscribed a"`},
	} {
		d := newDisk(t)
		require.NoError(t, d.Mkdir(box+"/imap"))
		require.NoError(t, d.Create(box+"/imap/folders.0000000001", []byte(c.content)))
		_, err := folder.OpenMailboxes(d, box).All()
		require.ErrorContains(t, err, box+"/imap/folders.0000000001"+c.want)
	}
}

// Whatever bytes a catalogue holds: one that can be written and read again, or an error.
func FuzzCatalogue(f *testing.F) {
	f.Add("ipwsim mailboxes 1\nnext 3\nvalidity 8\nbox 1 7 \\Sent Sent\nbox 2 8 - a/b c\nsubscribed x\n")
	f.Add("ipwsim mailboxes 1\nnext 1\nvalidity 0\n")
	f.Fuzz(func(t *testing.T, content string) {
		d := newDisk(t)
		require.NoError(t, d.Mkdir(box+"/imap"))
		require.NoError(t, d.Create(box+"/imap/folders.0000000001", []byte(content)))
		m := folder.OpenMailboxes(d, box)
		if _, err := m.All(); err == nil && m.Subscribe("zz", true) == nil {
			require.Equal(t, names(t, m), names(t, folder.OpenMailboxes(d, box)))
		}
	})
}

// mailboxesStory is a user's work with mailboxes, cut somewhere; it returns what was answered.
func mailboxesStory(over share.FS) (done map[string]bool) {
	m := folder.OpenMailboxes(over, box)
	done = map[string]bool{}
	step := func(name string, err error) { done[name] = err == nil }
	step("create", m.Create("a/b", ""))
	marks := folder.Marks{Flags: folder.Seen}
	marks.SetKeywords([]string{"kept"})
	if b, err := m.Open("a/b"); err == nil {
		_, err = b.Add([]folder.Arrival{{Name: "imap-1", Marks: marks, Text: []byte("Message-ID: <imap-1>\r\n\r\n")}})
		step("append", err)
		inbox := folder.OpenMailbox(over, box)
		_, err = inbox.SetFlags(func(e *folder.Entry) { e.Marks = marks })
		step("flags", err)
		_, err = b.Add([]folder.Arrival{{Name: "1.001", Marks: marks, From: inbox}})
		step("move", err)
	}
	step("rename", m.Rename("a", "z"))
	step("create2", m.Create("doomed", ""))
	step("delete", m.Delete("doomed", func(string, []byte) {}))
	return done
}

// Wherever a node dies, the other finds every message once, with its marks, and each mailbox under one
// name.
func TestPowerCutAtEveryStepOfMailboxes(t *testing.T) {
	for _, carriedOut := range []bool{false, true} {
		at, finished := 0, false
		for ; !finished; at++ {
			d := newDisk(t)
			deliver(t, d, "1.001")
			view(t, d)
			cut := &cutFS{FS: d, left: at, done: carriedOut}
			done := mailboxesStory(cut)
			finished = cut.left >= 0

			m := folder.OpenMailboxes(d, box)
			all, err := m.All()
			require.NoError(t, err)
			copies := map[string]int{}
			for _, l := range all {
				b, v := open(t, m, l.Name)
				for _, e := range v.Messages {
					copies[e.Name]++
					if text, err := b.Read(e.Name); err != nil || len(text) == 0 {
						require.Fail(t, "empty", "%s, cut at %d", e.Name, at)
					}
					if e.Name == "imap-1" || done["flags"] {
						require.Equal(t, folder.Seen, e.Flags, "%s in %s, cut at %d", e.Name, l.Name, at)
						require.Equal(t, []string{"kept"}, e.Keywords)
					}
				}
			}
			require.Equal(t, 1, copies["1.001"], "cut at %d", at)
			if done["append"] {
				require.Equal(t, 1, copies["imap-1"], "cut at %d", at)
			}
			list := names(t, m)
			if done["create"] {
				require.True(t, strings.Contains(list, "a/b") != strings.Contains(list, "z/b"), list)
			}
			if done["rename"] {
				require.Contains(t, list, "z z/b")
			}
			if done["delete"] {
				require.NotContains(t, list, "doomed")
			}
			require.NoError(t, m.Create("after", ""), "cut at %d", at)
			add(t, m, "after", "imap-9", folder.Marks{})
		}
		require.Greater(t, at, 80)
	}
}
