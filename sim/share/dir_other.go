//go:build !linux

package share

// rename moves a file to a name that was free a moment ago.
func (d *Dir) rename(from, to string) error { return d.root.Rename(from, to) }
