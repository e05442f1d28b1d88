package study

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/sim/studied"
)

// Rows lie in chunks until the study is done, and stay there: a study that is given more runs goes on from them. A
// chunk is written under another name and then renamed, so that one that is there is whole.
const (
	chunkDir = "chunks"
	chunkExt = ".jsonl"
)

// chunkHead is a chunk's first line.
type chunkHead struct {
	Version int    `json:"version"`
	Study   string `json:"study"`           // Plan.Key
	Shard   string `json:"shard,omitempty"` // i/n; "" for a chunk of a study on one machine
	Rows    int    `json:"rows"`
}

// chunkFoot is its last line.
type chunkFoot struct {
	Sum string `json:"sha256"` // of the lines before it
}

// writeChunk writes rows, all of the plan, to a file.
func writeChunk(path string, head chunkHead, rows studied.Rows) error {
	if err := disk.Make(filepath.Dir(path)); err != nil {
		return err
	}
	head.Version, head.Rows = studied.Version, len(rows)
	return disk.Write(path, func(to io.Writer) error {
		sum, w := sha256.New(), bufio.NewWriter(to)
		lines := io.MultiWriter(w, sum)
		enc := json.NewEncoder(lines)
		err := enc.Encode(head)
		for _, r := range rows.All() {
			text, bad := r.MarshalJSON() // which the encoder would read again
			_, failed := lines.Write(append(text, '\n'))
			err = errors.Join(err, bad, failed)
		}
		return errors.Join(err, enc.Encode(chunkFoot{fmt.Sprintf("%x", sum.Sum(nil))}), w.Flush())
	})
}

// readChunk reads a chunk of the plan. Errors name the file and line.
func (p *Plan) readChunk(path string) (chunkHead, studied.Rows, error) {
	var head chunkHead
	data, err := disk.Read(path, disk.MostResult)
	if err != nil {
		return head, nil, err
	}
	bad := func(line int, format string, args ...any) error {
		return diag.Errorf("%s:%d: %w", path, line, diag.Say(format, args...))
	}
	in := bufio.NewScanner(bytes.NewReader(summed(data)))
	if !in.Scan() || json.Unmarshal(in.Bytes(), &head) != nil || head.Study == "" {
		return head, nil, bad(1, "found no head of a chunk, expected one of this program")
	}
	if err := checkVersion(max(1, head.Version)); err != nil {
		return head, nil, bad(1, "%w", err)
	}
	if head.Study != p.Key() {
		return head, nil, bad(1, "the rows are of another study (another cluster, axes, seed or program); expected those of this plan")
	}
	if len(summed(data)) == len(data) {
		return head, nil, bad(1, "the file was changed or cut off after it was written; expected the SHA-256 of its lines in the last: remove the file, and its runs are run again")
	}
	var rows studied.Rows
	for line := 2; in.Scan(); line++ {
		r := new(studied.Row)
		if err := json.Unmarshal(in.Bytes(), r); err != nil {
			return head, nil, bad(line, "not a row: %w", err)
		}
		if err := r.Check(); err != nil {
			return head, nil, bad(line, "not a row: %w", err)
		}
		if k := p.RunOf(r.Seed); r.Cell < 0 || r.Cell >= len(p.cells) || k < 0 || k >= MaxRuns {
			return head, nil, bad(line, "found cell %d with seed %d, which this plan has not", r.Cell, r.Seed)
		}
		rows = append(rows, r.Pack())
	}
	if len(rows) != head.Rows {
		return head, nil, bad(1, "found %d rows, expected %d: the file is not whole", len(rows), head.Rows)
	}
	return head, rows, nil
}

// summed are a chunk's lines without the last, if that has their sum, else all.
func summed(data []byte) []byte {
	at := bytes.LastIndexByte(bytes.TrimSuffix(data, []byte("\n")), '\n') + 1
	foot, err := json.Marshal(chunkFoot{disk.Sum(data[:at])})
	if err != nil || !bytes.Equal(data[at:], append(foot, '\n')) {
		return data
	}
	return data[:at]
}

// chunks are the chunk files of a folder, by name.
func chunks(dir string) ([]string, error) {
	entries, err := disk.List(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), chunkExt) {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(all)
	return all, nil
}

// collect reads every chunk of the study's folder. Runs that were done twice, as by two processes at
// once, count once; if they differ that is an error.
func (p *Plan) collect(dir string) (*rowSet, error) {
	files, err := chunks(filepath.Join(dir, chunkDir))
	if err != nil {
		return nil, err
	}
	rows := newRowSet(len(p.cells))
	for _, file := range files {
		_, all, err := p.readChunk(file)
		if err != nil {
			return nil, err
		}
		for i, r := range all.All() {
			j := p.jobOf(r)
			if !rows.add(j, all[i]) && rows.cells[j.cell][j.k] != all[i] {
				return nil, diag.Errorf("%s: cell %d, seed %d has another result in another file; expected the same from the same program: remove one of them", file, r.Cell, r.Seed)
			}
		}
	}
	return rows, nil
}
