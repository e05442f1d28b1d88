package disk

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock has the file for this process alone, until it is closed or the process ends: a byte far behind its end, for who locks
// what is in it keeps himself from reading it by another handle.
func lock(f *os.File) error {
	const only = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), only, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
}
