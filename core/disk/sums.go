package disk

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
)

// SumsFile lists every other file of a folder with its SHA-256, as sha256sum -c reads it. It is written last: a folder
// without it is not whole.
const SumsFile = "SHA256SUMS"

// Sum is the SHA-256 of data, in hexadecimal.
func Sum(data []byte) string { return fmt.Sprintf("%x", sha256.Sum256(data)) }

// sumOf is the Sum of a file.
func sumOf(path string) (sum string, err error) {
	h := sha256.New()
	err = Stream(path, MostStream, func(r io.Reader) error {
		_, err := io.Copy(h, r)
		return err
	})
	return fmt.Sprintf("%x", h.Sum(nil)), err
}

// WriteSums writes SumsFile of the folder's files, those in folders of it too, but for what is not finished.
func WriteSums(dir string) error {
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == SumsFile || filepath.Ext(path) == Unfinished {
			return err
		}
		sum, err := sumOf(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		sums[filepath.ToSlash(name)] = sum
		return err
	})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&b, "%s  %s\n", sums[name], name)
	}
	return WriteBytes(filepath.Join(dir, SumsFile), b.Bytes())
}

// ReadSummed reads the files of a folder that has SumsFile, and holds each against it. Those for which keep is false
// are not held. An error names the first that was changed, cut off or taken away; it is fs.ErrNotExist when
// there is no list.
func ReadSummed(dir string, keep func(name string) bool) (map[string][]byte, error) {
	path := filepath.Join(dir, SumsFile)
	list, err := Read(path, MostCluster)
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	last := ""
	text, whole := strings.CutSuffix(string(list), "\n")
	for i, line := range strings.Split(text, "\n") {
		want, name, ok := strings.Cut(line, "  ")
		if !ok || !whole || !fs.ValidPath(name) || name <= last {
			return nil, diag.Errorf("%s:%d: found %q, expected a SHA-256, two blanks and a file's path, sorted by path", path, i+1, line[:min(len(line), 80)])
		}
		last = name
		file := filepath.Join(dir, filepath.FromSlash(name))
		var got string
		if keep(name) {
			all[name], err = Read(file, MostResult)
			got = Sum(all[name])
		} else {
			got, err = sumOf(file)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil, diag.Errorf("%s: %w", file, diag.FileReason(err)) // no missing list
		}
		if err != nil {
			return nil, err
		}
		if got != want {
			return nil, diag.Errorf("%s: found SHA-256 %s, expected %s: the file was changed or cut off after it was saved", file, got, want)
		}
	}
	return all, nil
}

// Claim writes a file that says whose the folder is, unless one is there: of those who claim it at once, one is first.
// The folder must be there.
func Claim(path string, data []byte) error {
	f, err := beside(path)
	if err != nil {
		return cannot(path, err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return cannot(path, err)
	}
	if err = os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) { // a file system without links
		err = create(path, data)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return cannot(path, err)
}

// create writes a file that is not there.
func create(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
