package share

import "io/fs"

// diskFile is a file being written.
type diskFile struct {
	disk *Disk
	name string // when it was made
	node *node
	boot int
}

// open fails when the file cannot be used any more; mu is held.
func (f *diskFile) open(op string) error {
	switch {
	case f.node == nil || f.boot != f.disk.boots:
		return fail(op, f.name, fs.ErrClosed)
	case f.disk.readOnly:
		return fail(op, f.name, ErrReadOnly)
	}
	return nil
}

// Write is part of File. What does not fit whole is not written at all.
//
// Inferred: NTFS allocates the space before it writes.
func (f *diskFile) Write(p []byte) (int, error) {
	d := f.disk
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := f.open("write"); err != nil {
		return 0, err
	}
	if d.capacity > 0 && d.used+int64(len(p)) > d.capacity {
		return 0, fail("write", f.name, ErrFull)
	}
	f.node.data = append(f.node.data, p...)
	f.node.modTime = d.now()
	if !f.node.removed {
		d.used += int64(len(p))
	}
	return len(p), nil
}

// size is how much was written.
func (f *diskFile) size() int64 {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.node == nil {
		return 0
	}
	return int64(len(f.node.data))
}

// Sync is part of File.
func (f *diskFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.open("sync"); err != nil {
		return err
	}
	if !f.disk.lyingSync {
		f.node.durable = true
		f.node.synced = len(f.node.data)
	}
	return nil
}

// Close is part of File.
func (f *diskFile) Close() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if f.node == nil {
		return fail("close", f.name, fs.ErrClosed)
	}
	f.node = nil
	return nil
}
