//go:build !linux

package share

// renameFree moves a file to a name that was free a moment ago.
func (d *Dir) renameFree(from, to string) error { return d.root.Rename(from, to) }
