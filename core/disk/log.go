package disk

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"ipwsim/core/diag"
)

// Log is a file of records that is only added to, a line each with its checksum: who is killed while he writes loses
// the line that he wrote, and no other. One process has it at a time, where the system has locks.
type Log struct{ f *os.File }

// sumLength is that of a line's checksum, in hexadecimal.
const sumLength = 64

// OpenLog opens the log, which need not be there, and returns its records in their order. Lines that were cut off or
// changed are left out. Another process that has the log is an error.
func OpenLog(path string) (*Log, [][]byte, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, nil, cannot(path, err)
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, nil, diag.Errorf("%s: another process is at work there; expected one at a time", path)
	}
	data, err := Read(path, MostResult)
	if err == nil && len(data) > 0 && data[len(data)-1] != '\n' {
		_, err = f.WriteString("\n") // what was cut off ends here
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return &Log{f}, records(data), nil
}

// records are the whole lines, without their checksums.
func records(data []byte) (all [][]byte) {
	for line := range bytes.Lines(data) {
		text := bytes.TrimSuffix(line, []byte("\n"))
		if len(text) > sumLength+1 && text[sumLength] == ' ' && Sum(text[sumLength+1:]) == string(text[:sumLength]) {
			all = append(all, text[sumLength+1:])
		}
	}
	return all
}

// Add adds a record, which is one line.
func (l *Log) Add(record []byte) error {
	_, err := l.f.Write([]byte(Sum(record) + " " + string(record) + "\n"))
	return cannot(l.f.Name(), err)
}

// Close lets others have the log.
func (l *Log) Close() error { return cannot(l.f.Name(), l.f.Close()) }

// Rename gives a file another name in its folder, and takes the place of what has it.
func Rename(dir, from, to string) error {
	return os.Rename(filepath.Join(dir, from), filepath.Join(dir, to))
}

// Exists says whether there is such a file or folder.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
