// Package cli is what every command of ipwsim has: the language, errors and exit statuses, arguments, places to write to,
// and how far it is.
package cli

import (
	"errors"

	"ipwsim/core/diag"
)

// Exit statuses.
const (
	ExitPass     = 0
	ExitFindings = 1 // it ran, and something did not hold
	ExitError    = 2 // it could not run
	ExitCrash    = 3 // it crashed, or stood still: a defect of the program
)

// ErrFindings says that the command did its work and found something.
var ErrFindings = errors.New("findings")

// ErrSaid says that the command could not run, and has said why.
var ErrSaid = errors.New("said")

// ErrInterrupted says that the command was interrupted.
var ErrInterrupted = diag.Errorf("interrupted")

// EndsByInterrupt marks, as an annotation, commands that go on until they are interrupted.
const EndsByInterrupt = "ends by interrupt"

// Silent is an error without findings, which are no error beside another.
func Silent(err error) error {
	if errors.Is(err, ErrFindings) {
		return nil
	}
	return err
}
