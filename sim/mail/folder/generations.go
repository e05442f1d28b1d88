package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"ipwsim/sim/share"
)

// generations is a file that several nodes change. It is never changed in place: who has something to
// add writes the whole anew as the next generation. Two who do so at once get the same generation's
// name; the share lets one of them have it, the other reads that and begins again.
//
// The newest generation counts; it is never removed, so who finds his own to be the newest after he
// published it has not been overtaken. One who has been for so long that his name was free again
// finds a newer one, and begins again too.
type generations[T any] struct {
	*files
	prefix string // of its files in indexFolder
	parse  func(name, content string) (T, error)

	known       T // last read or written, with its number and its file
	knownNumber uint64
	knownAs     share.Info
}

// tries bounds how often a writer may lose against others in a row.
const tries = 50

// newest reads the generation that counts; number 0 when there is none.
func (g *generations[T]) newest() (content T, number uint64, err error) {
	var none T
	info, err := g.newestFile()
	for range tries {
		switch {
		case err != nil:
			return none, 0, err
		case info.Name == "":
			return none, 0, nil
		case same(info, g.knownAs):
			return g.known, g.knownNumber, nil
		}
		text, err := g.fs.ReadFile(g.at(info.Name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return none, 0, err
		}
		// Only while it was the newest is it sure to be what everyone took the name for.
		before := info
		if info, err = g.newestFile(); err != nil {
			return none, 0, err
		}
		if !same(info, before) {
			continue
		}
		x, err := g.parse(g.at(info.Name), string(text))
		if err != nil {
			return none, 0, err
		}
		g.known, g.knownAs = x, info
		g.knownNumber, _ = g.numberOf(info.Name)
		return g.known, g.knownNumber, nil
	}
	return none, 0, g.crowded()
}

// publish writes content, which says text, as that generation; false when another writer was first.
func (g *generations[T]) publish(number uint64, content T, text []byte) (bool, error) {
	err := g.place(text, g.name(number))
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	all, err := g.fs.ReadDir(g.at(""))
	if err != nil {
		return false, err
	}
	newest := g.newestOf(all)
	if n, _ := g.numberOf(newest.Name); n != number {
		_ = g.fs.Remove(g.name(number)) // it does not count, wherever it lies
		return false, nil
	}
	g.known, g.knownNumber, g.knownAs = content, number, newest // as if it had been read
	g.sweep(all, newest)
	return true, nil
}

// sweep removes older generations and drafts of long ago, by the share's clock. What it cannot remove
// does no harm.
func (g *generations[T]) sweep(all []share.Info, newest share.Info) {
	for _, f := range all {
		_, ok := g.numberOf(f.Name)
		old := strings.HasPrefix(f.Name, draftPrefix) && newest.ModTime.Sub(f.ModTime) > sweepAfter
		if old || ok && f.Name != newest.Name {
			_ = g.fs.Remove(g.at(f.Name))
		}
	}
}

// newestFile is the newest generation's file; the zero Info when there is none.
func (g *generations[T]) newestFile() (share.Info, error) {
	all, err := g.fs.ReadDir(g.at(""))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return share.Info{}, err
	}
	return g.newestOf(all), nil
}

func (g *generations[T]) newestOf(all []share.Info) (newest share.Info) {
	last := uint64(0)
	for _, f := range all {
		if n, ok := g.numberOf(f.Name); ok && n > last {
			newest, last = f, n
		}
	}
	return newest
}

// crowded is the error of who lost against others again and again.
func (g *generations[T]) crowded() error {
	return fmt.Errorf("%s: others changed the mailbox %d times in a row", g.dir, tries)
}

func (g *generations[T]) name(number uint64) string {
	return g.at(fmt.Sprintf("%s%010d", g.prefix, number))
}

func (g *generations[T]) numberOf(name string) (uint64, bool) {
	digits, ok := strings.CutPrefix(name, g.prefix)
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, ok && err == nil && n > 0
}

// same says whether two looks saw the same file.
func same(a, b share.Info) bool {
	return a.Name == b.Name && a.Size == b.Size && a.ModTime.Equal(b.ModTime)
}
