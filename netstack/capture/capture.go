// Package capture writes what travels over cables as pcapng files, for Wireshark and tshark.
package capture

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ipwsim/core/disk"
	"ipwsim/netstack/wire"
)

// Commenter says who sent a frame and why; "" when there is nothing to say. It must not keep or
// change the frame.
type Commenter func(cable string, frame []byte) string

// Dir is a capture of every cable of a network, one file each.
type Dir struct {
	epoch   time.Time
	comment Commenter
	files   map[*wire.Cable]*file
	order   []*file
	err     error // the first that occurred
}

// file is one cable's capture.
type file struct {
	f   *disk.File
	buf *bufio.Writer
	w   pcapng
}

// The years that pcapng's unsigned nanoseconds and Go's signed ones both hold.
const firstYear, lastYear = 1970, 2261

// Start captures every cable of n into path/<cable>.pcapng until Close. The folder is made when it
// is missing; files of the same name are replaced. Frames carry the simulated wall clock, which
// shows epoch at virtual time 0, to the nanosecond, and what comment, which may be nil, says of them.
func Start(n *wire.Network, path string, epoch time.Time, comment Commenter) (*Dir, error) {
	if y := epoch.UTC().Year(); y <= firstYear || y >= lastYear {
		return nil, fmt.Errorf("found a simulated clock in the year %d, expected one from %d to %d: pcapng holds no other", y, firstYear+1, lastYear-1)
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, err
	}
	d := &Dir{epoch: epoch, comment: comment, files: map[*wire.Cable]*file{}}
	for _, c := range n.Cables() {
		f, err := create(filepath.Join(path, c.Name()+".pcapng"), c.Name(), epoch)
		if err != nil {
			d.abandon()
			return nil, err
		}
		d.files[c] = f
		d.order = append(d.order, f)
	}
	n.AddTap(d.frame)
	return d, nil
}

func create(path, cable string, epoch time.Time) (*file, error) {
	f, err := disk.Create(path)
	if err != nil {
		return nil, err
	}
	buf := bufio.NewWriter(f)
	one := &file{f, buf, pcapng{w: buf}}
	err = errors.Join(
		one.w.section("ipwsim", "simulated; virtual time 0 is "+epoch.Format(time.RFC3339)),
		one.w.iface(cable, "virtual cable "+cable),
	)
	if err != nil {
		f.Abandon()
		return nil, err
	}
	return one, nil
}

func (d *Dir) frame(at time.Duration, c *wire.Cable, b []byte) {
	f, ok := d.files[c]
	if !ok || d.err != nil {
		return
	}
	comment := ""
	if d.comment != nil {
		comment = d.comment(c.Name(), b)
	}
	if err := f.w.packet(d.epoch.Add(at), b, comment); err != nil {
		d.err = fmt.Errorf("capture of cable %s: %w", c.Name(), err)
	}
}

// Close finishes the files. After an error in any, which it returns, all are as they were: none has all frames.
func (d *Dir) Close() error {
	for _, f := range d.order {
		if err := f.buf.Flush(); d.err == nil && err != nil {
			d.err = err
		}
	}
	if d.err != nil {
		d.abandon()
		return d.err
	}
	errs := []error(nil)
	for _, f := range d.order {
		errs = append(errs, f.f.Close())
	}
	return errors.Join(errs...)
}

func (d *Dir) abandon() {
	for _, f := range d.order {
		f.f.Abandon()
	}
}
