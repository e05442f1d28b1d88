package diag

import (
	"fmt"
	"runtime/debug"
)

// Crash is a panic that was caught on one goroutine, to be raised on another.
type Crash struct {
	Why   any
	Stack []byte // where it happened
}

// Caught is what recover returned, called where it was: a crash, which may have been caught before; nil for nil.
func Caught(why any) *Crash {
	if c, is := why.(*Crash); is || why == nil {
		return c
	}
	return &Crash{why, debug.Stack()}
}

// String is what a test prints of it.
func (c *Crash) String() string { return fmt.Sprintf("%v\n%s", c.Why, c.Stack) }
