package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/sim/studied"
)

// Shard is a part of a study that runs by itself: I of N, from 1. With a precision a shard has whole cells,
// since a cell's runs decide how many more it needs; else it has every N-th run.
type Shard struct{ I, N int }

// mostShards is more than anybody has machines.
const mostShards = 10_000

// ParseShard reads i/n, n up to 10,000.
func ParseShard(text string) (Shard, error) {
	i, n, ok := strings.Cut(text, "/")
	s := Shard{}
	var err1, err2 error
	s.I, err1 = strconv.Atoi(i)
	s.N, err2 = strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || s.I < 1 || s.I > s.N || s.N > mostShards {
		return s, diag.Errorf("found %q, expected i/n with i from 1 to n, and n to %d, as 3/8", text, mostShards)
	}
	return s, nil
}

// String is the form ParseShard reads.
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.I, s.N) }

func (s Shard) has(p *Plan) func(job) bool {
	return func(j job) bool {
		if p.Precision > 0 {
			return j.cell%s.N == s.I-1
		}
		return (j.cell*p.Runs+j.k)%s.N == s.I-1
	}
}

func (s Shard) file(dir string) string {
	return filepath.Join(dir, fmt.Sprintf("shard-%d-of-%d%s", s.I, s.N, chunkExt))
}

// RunShard runs a shard and writes its one file into dir. A file that is there is left as it is: whoever
// starts shards may start one as often as he likes.
func (p *Plan) RunShard(ctx context.Context, dir string, s Shard, opt Options) error {
	if err := p.claim(dir); err != nil {
		return err
	}
	switch head, _, err := p.readChunk(s.file(dir)); {
	case err == nil && head.Shard == s.String():
		return nil
	case err == nil:
		return diag.Errorf("%s: found the shard %s, expected %s", s.file(dir), head.Shard, s)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	rows := newRowSet(len(p.cells))
	if err := p.work(ctx, rows, s.has(p), func(studied.Rows) error { return nil }, opt); err != nil {
		return err
	}
	all := slices.DeleteFunc(slices.Concat(rows.cells...), func(r studied.Packed) bool { return r == studied.Packed{} })
	return writeChunk(s.file(dir), chunkHead{Study: p.Key(), Shard: s.String()}, all)
}

// Merge reads the shards' files in dir and returns all rows, by cell and seed. It proves that every run of
// the plan is there exactly once, and no other; all that is wrong comes in one error.
func (p *Plan) Merge(dir string) (studied.Rows, error) {
	if _, err := disk.List(dir); err != nil {
		return nil, diag.Errorf("--from: cannot read the folder %s: %s", dir, diag.FileReason(err))
	}
	files, err := chunks(dir)
	if err != nil {
		return nil, err
	}
	var wrong []error
	rows := newRowSet(len(p.cells))
	from := map[job]string{}
	for _, file := range files {
		_, all, err := p.readChunk(file)
		wrong = append(wrong, err)
		for i, r := range all.All() {
			j := p.jobOf(r)
			if !rows.add(j, all[i]) {
				wrong = append(wrong, diag.Errorf("%s: cell %d, seed %d is in %s already; expected every run once", file, r.Cell, r.Seed, from[j]))
			}
			from[j] = file
		}
	}
	wrong = append(wrong, p.complaints(rows, dir)...)
	if err := errors.Join(first(wrong, 10)...); err != nil {
		return nil, err
	}
	return p.final(rows), nil
}

// complaints are the cells that have other runs than they need.
func (p *Plan) complaints(rows *rowSet, dir string) (wrong []error) {
	need, _ := p.need(rows)
	for c, n := range need {
		there, beyond := 0, 0
		for k := range rows.cells[c] {
			switch {
			case !rows.done(job{c, k}):
			case k < n:
				there++
			default:
				beyond++
			}
		}
		if there < n {
			wrong = append(wrong, diag.Errorf("%s: cell %d has %d of its %d runs; expected all: run the shards that are missing", dir, c, there, n))
		}
		if beyond > 0 {
			wrong = append(wrong, diag.Errorf("%s: cell %d has %d runs beyond its %d; expected the shards of this plan only", dir, c, beyond, n))
		}
	}
	return wrong
}

// first are so many errors, and how many more there are.
func first(errs []error, most int) []error {
	var some []error
	n := 0
	for _, err := range errs {
		if err == nil {
			continue
		}
		if n++; n <= most {
			some = append(some, err)
		}
	}
	if n > most {
		some = append(some, diag.Errorf("and %d more problems", n-most))
	}
	return some
}
