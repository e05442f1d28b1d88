//go:build !unix

package pool

import "io"

// awaited is the input as it is: nothing here waits for it without a thread.
func awaited(in io.Reader) io.Reader { return in }
