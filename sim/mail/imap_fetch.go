package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"

	"ipwsim/sim/mail/folder"
)

// Fetch is part of imapserver.Session.
func (s *imapSession) Fetch(w *imapserver.FetchWriter, set imap.NumSet, options *imap.FetchOptions) error {
	places := s.choose(set)
	marked, err := s.markSeen(places, options)
	if err != nil {
		return err
	}
	gone := false
	for _, i := range places {
		text, err := s.text(s.view[i], options)
		if errors.Is(err, fs.ErrNotExist) {
			gone = true
			continue
		}
		if err != nil {
			return imapTrouble(err)
		}
		o := *options
		o.Flags = o.Flags || marked[s.view[i].UID] // RFC 3501, section 7.4.2
		if err := writeFetch(w.CreateMessage(uint32(i+1)), s.view[i], text, &o); err != nil {
			return err
		}
	}
	if gone {
		return errGone
	}
	return nil
}

// markSeen sets \Seen where the client reads a body without PEEK, and returns the UIDs.
func (s *imapSession) markSeen(places []int, options *imap.FetchOptions) (map[uint32]bool, error) {
	reads := false
	for _, b := range options.BodySection {
		reads = reads || !b.Peek
	}
	for _, b := range options.BinarySection {
		reads = reads || !b.Peek
	}
	marked := map[uint32]bool{}
	for _, i := range places {
		if reads && !s.readOnly && s.view[i].Flags&folder.Seen == 0 {
			marked[s.view[i].UID] = true
		}
	}
	if len(marked) == 0 {
		return nil, nil
	}
	_, err := s.change(func(e *folder.Entry) {
		if marked[e.UID] {
			e.Flags |= folder.Seen
		}
	})
	if err != nil {
		return nil, imapTrouble(err)
	}
	for _, i := range places {
		if marked[s.view[i].UID] {
			s.view[i].Flags |= folder.Seen
		}
	}
	return marked, nil
}

// text reads a message if it is needed for what the client asks.
func (s *imapSession) text(e folder.Entry, options *imap.FetchOptions) ([]byte, error) {
	if !options.Envelope && options.BodyStructure == nil && len(options.BodySection)+len(options.BinarySection)+len(options.BinarySectionSize) == 0 {
		return nil, nil
	}
	text, err := s.box.Read(e.Name)
	if err == nil {
		s.messageIDs[e.Name] = folder.MessageID(text)
	}
	return text, err
}

// writeFetch answers for one message.
func writeFetch(w *imapserver.FetchResponseWriter, e folder.Entry, text []byte, options *imap.FetchOptions) error {
	if options.UID {
		w.WriteUID(imap.UID(e.UID))
	}
	if options.Flags {
		w.WriteFlags(imapFlags(e.Flags))
	}
	if options.InternalDate {
		w.WriteInternalDate(e.Time.UTC())
	}
	if options.RFC822Size {
		w.WriteRFC822Size(e.Size)
	}
	if options.Envelope {
		header, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(text))) // of a broken header, what can be read
		w.WriteEnvelope(imapserver.ExtractEnvelope(header))
	}
	if options.BodyStructure != nil {
		w.WriteBodyStructure(bodyStructure(text))
	}
	for _, b := range options.BodySection {
		data := bodySection(text, b)
		if err := writeAndClose(w.WriteBodySection(b, int64(len(data))), data); err != nil {
			return err
		}
	}
	for _, b := range options.BinarySection {
		data := imapserver.ExtractBinarySection(bytes.NewReader(text), &imap.FetchItemBinarySection{Part: b.Part})
		data = partOf(data, b.Partial)
		out := w.WriteBinarySection(b, int64(len(data)))
		if err := writeAndClose(out, data); err != nil {
			return err
		}
	}
	for _, b := range options.BinarySectionSize {
		w.WriteBinarySectionSize(b, imapserver.ExtractBinarySectionSize(bytes.NewReader(text), b))
	}
	return w.Close()
}

func writeAndClose(w io.WriteCloser, data []byte) error {
	_, err := w.Write(data)
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	return err
}

// bodySection is BODY[...]. The whole message is given as it is; the library parses it for the rest.
func bodySection(text []byte, b *imap.FetchItemBodySection) []byte {
	if len(b.Part) == 0 && b.Specifier == imap.PartSpecifierNone {
		return partOf(text, b.Partial)
	}
	whole := *b
	whole.Partial = nil
	return partOf(imapserver.ExtractBodySection(bytes.NewReader(text), &whole), b.Partial)
}

// partOf is <offset.size>. Both are the client's, of any size, so the library's own does not do: the
// sum may overflow.
func partOf(data []byte, p *imap.SectionPartial) []byte {
	if p == nil {
		return data
	}
	data = data[min(max(p.Offset, 0), int64(len(data))):]
	return data[:min(max(p.Size, 0), int64(len(data)))]
}

// bodyStructure is BODYSTRUCTURE. A multipart without parts, at any depth, cannot be said in IMAP (the
// library panics): such a message is shown as plain text.
func bodyStructure(text []byte) imap.BodyStructure {
	whole := imapserver.ExtractBodyStructure(bytes.NewReader(text))
	if sayable(whole) {
		return whole
	}
	body := text[len(topOf(text, 0)):]
	return &imap.BodyStructureSinglePart{
		Type: "text", Subtype: "plain", Size: uint32(len(body)),
		Text:     &imap.BodyStructureText{NumLines: int64(bytes.Count(body, []byte("\n")))},
		Extended: &imap.BodyStructureSinglePartExt{},
	}
}

func sayable(b imap.BodyStructure) bool {
	switch b := b.(type) {
	case *imap.BodyStructureMultiPart:
		return len(b.Children) > 0 && !slices.ContainsFunc(b.Children, func(c imap.BodyStructure) bool { return !sayable(c) })
	case *imap.BodyStructureSinglePart:
		return b.MessageRFC822 == nil || sayable(b.MessageRFC822.BodyStructure)
	}
	return false
}
