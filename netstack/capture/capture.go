// Package capture writes what travels over cables as pcapng files, for Wireshark and tshark.
package capture

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ipwsim/core/disk"
	"ipwsim/netstack/wire"
)

// Commenter says who sent a frame and why; "" when there is nothing to say. It must not keep or
// change the frame.
type Commenter func(cable string, frame []byte) string

// Capture is what travels over every cable of a network, in one file or one a cable.
type Capture struct {
	epoch   time.Time
	comment Commenter
	places  map[*wire.Cable]place
	files   []*file
	err     error // the first that occurred
}

// place is where a cable's frames go.
type place struct {
	file  *file
	iface uint32 // of the file
}

// file is a capture's file.
type file struct {
	f   *disk.File
	buf *bufio.Writer
	w   pcapng
}

// The years that pcapng's unsigned nanoseconds and Go's signed ones both hold.
const firstYear, lastYear = 1970, 2261

// extension ends the name of a file of captures.
const extension = ".pcapng"

// OneFile says whether a capture at this path is one file of all cables: its name ends as such a file's does.
func OneFile(path string) bool { return strings.EqualFold(filepath.Ext(path), extension) }

// Start captures every cable of n until Close: into the file path when its name ends in .pcapng, with an interface a
// cable, in whose order of names they are numbered; else into the folder path, which is made when it is missing, a
// file <cable>.pcapng each. Files of the same name are replaced. Frames are in the order in which they were sent. They
// carry the simulated wall clock, which shows epoch at virtual time 0, to the nanosecond, and what comment, which may
// be nil, says of them.
func Start(n *wire.Network, path string, epoch time.Time, comment Commenter) (*Capture, error) {
	if y := epoch.UTC().Year(); y <= firstYear || y >= lastYear {
		return nil, fmt.Errorf("found a simulated clock in the year %d, expected one from %d to %d: pcapng holds no other", y, firstYear+1, lastYear-1)
	}
	c := &Capture{epoch: epoch, comment: comment, places: map[*wire.Cable]place{}}
	open := c.eachIntoItsOwn
	if OneFile(path) {
		open = c.allIntoOne
	}
	if err := open(path, n.Cables()); err != nil {
		c.abandon()
		return nil, err
	}
	n.AddTap(c.frame)
	return c, nil
}

func (c *Capture) eachIntoItsOwn(dir string, cables []*wire.Cable) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, cable := range cables {
		if err := c.create(filepath.Join(dir, cable.Name()+extension), cable); err != nil {
			return err
		}
	}
	return nil
}

func (c *Capture) allIntoOne(path string, cables []*wire.Cable) error {
	sorted := slices.SortedFunc(slices.Values(cables), func(a, b *wire.Cable) int { return strings.Compare(a.Name(), b.Name()) })
	return c.create(path, sorted...)
}

// create begins a file of these cables.
func (c *Capture) create(path string, cables ...*wire.Cable) error {
	f, err := disk.Create(path)
	if err != nil {
		return err
	}
	buf := bufio.NewWriter(f)
	one := &file{f, buf, pcapng{w: buf}}
	c.files = append(c.files, one)
	err = one.w.section("ipwsim", "simulated; virtual time 0 is "+c.epoch.Format(time.RFC3339))
	for i, cable := range cables {
		err = errors.Join(err, one.w.iface(cable.Name(), "virtual cable "+cable.Name()))
		c.places[cable] = place{one, uint32(i)}
	}
	return err
}

func (c *Capture) frame(at time.Duration, cable *wire.Cable, b []byte) {
	to, ok := c.places[cable]
	if !ok || c.err != nil {
		return
	}
	comment := ""
	if c.comment != nil {
		comment = c.comment(cable.Name(), b)
	}
	if err := to.file.w.packet(to.iface, c.epoch.Add(at), b, comment); err != nil {
		c.err = fmt.Errorf("capture of cable %s: %w", cable.Name(), err)
	}
}

// Close finishes the files. After an error in any, which it returns, all are as they were: none has all frames.
func (c *Capture) Close() error {
	for _, f := range c.files {
		if err := f.buf.Flush(); c.err == nil && err != nil {
			c.err = err
		}
	}
	if c.err != nil {
		c.abandon()
		return c.err
	}
	errs := []error(nil)
	for _, f := range c.files {
		errs = append(errs, f.f.Close())
	}
	return errors.Join(errs...)
}

func (c *Capture) abandon() {
	for _, f := range c.files {
		f.f.Abandon()
	}
}
