//go:build unix

package pool

import (
	"io"
	"os"
	"syscall"
)

// awaited is the input, so that who waits for it keeps no processor from others: in a worker, which has one, a read that
// blocks in the system holds up the next task for up to 10 ms.
func awaited(in io.Reader) io.Reader {
	f, ok := in.(*os.File)
	if !ok {
		return in
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return in
	}
	fd := f.Fd()
	if err := syscall.SetNonblock(int(fd), true); err != nil {
		return in
	}
	return os.NewFile(fd, f.Name())
}
