package setup

import (
	_ "embed"
	"strings"
)

//go:embed collect.cmd
var collect string

// Collect is the batch file that gathers on a server what Make needs: ASCII with CRLF, for any code page of cmd.exe.
func Collect() []byte { return []byte(strings.ReplaceAll(collect, "\n", "\r\n")) }
