// Package capture writes what travels over cables as pcapng files, for Wireshark and tshark.
package capture

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"

	"ipwsim/netstack/wire"
)

// Dir is a capture of every cable of a network, one file each.
type Dir struct {
	path  string
	epoch time.Time
	files map[*wire.Cable]*file
	order []*file
	err   error // the first that occurred
}

// file is one cable's capture.
type file struct {
	f   *os.File
	buf *bufio.Writer
	w   *pcapgo.NgWriter
}

// Start captures every cable of n into path/<cable>.pcapng until Close. The folder is made when it
// is missing; files of the same name are replaced. Frames carry the simulated wall clock, which
// shows epoch at virtual time 0, to the nanosecond.
func Start(n *wire.Network, path string, epoch time.Time) (*Dir, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	d := &Dir{path: path, epoch: epoch, files: map[*wire.Cable]*file{}}
	for _, c := range n.Cables() {
		f, err := create(filepath.Join(path, c.Name()+".pcapng"), c.Name(), epoch)
		if err != nil {
			return nil, errors.Join(err, d.Close())
		}
		d.files[c] = f
		d.order = append(d.order, f)
	}
	n.AddTap(d.frame)
	return d, nil
}

func create(path, cable string, epoch time.Time) (*file, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	buf := bufio.NewWriter(f)
	w, err := pcapgo.NewNgWriterInterface(buf, pcapgo.NgInterface{
		Name:                cable,
		Description:         "virtual cable " + cable,
		LinkType:            layers.LinkTypeEthernet,
		TimestampResolution: 9,
	}, pcapgo.NgWriterOptions{SectionInfo: pcapgo.NgSectionInfo{
		Application: "ipwsim",
		Comment:     "simulated; virtual time 0 is " + epoch.Format(time.RFC3339),
	}})
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &file{f, buf, w}, nil
}

func (d *Dir) frame(at time.Duration, c *wire.Cable, b []byte) {
	f, ok := d.files[c]
	if !ok || d.err != nil {
		return
	}
	info := gopacket.CaptureInfo{Timestamp: d.epoch.Add(at), CaptureLength: len(b), Length: len(b)}
	if err := f.w.WritePacket(info, b); err != nil {
		d.err = fmt.Errorf("capture of cable %s: %w", c.Name(), err)
	}
}

// Close finishes the files and returns the first error of the whole capture.
func (d *Dir) Close() error {
	errs := []error{d.err}
	for _, f := range d.order {
		errs = append(errs, f.w.Flush(), f.buf.Flush(), f.f.Close())
	}
	return errors.Join(errs...)
}
