package night

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/sim/searched"
)

// Version is that of the files of a night's folder.
const Version = 2

// The files of a night's folder.
const (
	PlanFile   = "plan.json"
	LogFile    = "night.log"
	ResultFile = "nightly.json" // of a night that is over
	LastFile   = "last.json"    // the ResultFile of the night before
	StoriesDir = "stories"      // what failed, a scenario each
	PageFile   = "index.html"
	JUnitFile  = "junit.xml"
	TextFile   = "summary.txt"

	HistoryFile = "history.db"   // of all nights of the folder
	HistoryPage = "history.html" // their trends
)

// Plan is what a night is of. What was done is of use to the same plan only.
type Plan struct {
	Version int       `json:"version"`
	Program string    `json:"program"` // the SHA-256 of the program
	Seed    uint64    `json:"seed,string"`
	Cluster string    `json:"cluster,omitempty"`
	Sum     string    `json:"cluster_sha256,omitempty"`
	Cases   int       `json:"shard_cases"`
	Begun   time.Time `json:"begun"`
}

// same says whether what was done for one is of use to the other. When it was begun is of no matter.
func (p Plan) same(o Plan) bool {
	p.Begun = o.Begun
	return p == o
}

// Folder is where a night keeps what it has done, so that whoever is interrupted or killed goes on from there.
type Folder struct {
	Plan
	dir  string
	log  *disk.Log
	done map[string]json.RawMessage
	cost map[string]time.Duration // of what was done, by part of the night
	used time.Duration
}

// record is what was done: of one key the first counts.
type record struct {
	Used time.Duration   `json:"used"` // of the night's time when it was done
	Cost time.Duration   `json:"cost"` // of a core's time
	Key  string          `json:"key"`  // its part of the night, a blank, and its name there
	Data json.RawMessage `json:"data"`
}

// Open makes the folder the plan's, or finds it there. A night of another plan that is over becomes the last one. One
// that is not over is gone on with, where the seed is not given and nothing but the seed differs; else it is an error.
func Open(dir string, p Plan, seedGiven bool) (*Folder, error) {
	if err := disk.Make(dir); err != nil {
		return nil, err
	}
	old, err := readPlan(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if foreign(dir) {
			return nil, diag.Errorf("%s holds other files; expected an empty or new folder, or one of a night", dir)
		}
		return claim(dir, p)
	}
	if err != nil {
		return nil, err
	}
	over := disk.Exists(filepath.Join(dir, ResultFile))
	reseeded := p
	reseeded.Seed = old.Seed
	switch {
	case p.same(old) || !over && !seedGiven && reseeded.same(old):
		return begin(dir, old)
	case !over:
		return nil, otherPlan(dir)
	}
	f, err := begin(dir, old) // nobody else is at work there
	if err != nil {
		return nil, err
	}
	err = errors.Join(f.Close(), disk.Rename(dir, ResultFile, LastFile),
		os.Remove(filepath.Join(dir, LogFile)), os.Remove(filepath.Join(dir, PlanFile)))
	for _, old := range shardDirs(dir) {
		err = errors.Join(err, os.RemoveAll(old))
	}
	if err != nil {
		return nil, err
	}
	return claim(dir, p)
}

// foreign says whether a folder without a plan holds what no night left there.
func foreign(dir string) bool {
	entries, err := disk.List(dir)
	return err != nil || slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return !slices.Contains([]string{LastFile, LogFile, StoriesDir, PageFile, JUnitFile, TextFile, HistoryFile, HistoryFile + "-journal"}, e.Name()) && !strings.HasPrefix(e.Name(), shardPrefix) && filepath.Ext(e.Name()) != disk.Unfinished
	})
}

// claim makes the folder the plan's.
func claim(dir string, p Plan) (*Folder, error) {
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := disk.Claim(filepath.Join(dir, PlanFile), append(text, '\n')); err != nil {
		return nil, err
	}
	old, err := readPlan(dir)
	if err == nil && !p.same(old) { // somebody was first
		err = otherPlan(dir)
	}
	if err != nil {
		return nil, err
	}
	return begin(dir, old)
}

func readPlan(dir string) (p Plan, err error) {
	path := filepath.Join(dir, PlanFile)
	data, err := disk.Read(path, disk.MostPlan)
	if err != nil {
		return p, err
	}
	if json.Unmarshal(data, &p) != nil || p.Cases < 1 || p.Program == "" {
		return p, diag.Errorf("%s: not a plan; expected the folder of a night", path)
	}
	return p, nil
}

// begin reads what was done.
func begin(dir string, p Plan) (*Folder, error) {
	log, lines, err := disk.OpenLog(filepath.Join(dir, LogFile))
	if err != nil {
		return nil, err
	}
	f := &Folder{Plan: p, dir: dir, log: log, done: map[string]json.RawMessage{}, cost: map[string]time.Duration{}}
	for _, r := range recorded(lines) {
		f.used = max(f.used, r.Used)
		f.take(r)
	}
	if err := f.gather(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func recorded(lines [][]byte) (all []record) {
	for _, line := range lines {
		var r record
		if json.Unmarshal(line, &r) == nil {
			all = append(all, r)
		}
	}
	return all
}

// take takes what was done, unless it was done before.
func (f *Folder) take(r record) {
	if _, twice := f.done[r.Key]; !twice {
		part, _, _ := strings.Cut(r.Key, " ")
		f.done[r.Key] = r.Data
		f.cost[part] += r.Cost
	}
}

// ShardDir is the folder in a night's of what one of n machines does of it, from 1.
func ShardDir(dir string, i, n int) string {
	return filepath.Join(dir, fmt.Sprintf("%s%d-of-%d", shardPrefix, i, n))
}

const shardPrefix = "shard-"

// shardDirs are those that there are.
func shardDirs(dir string) (all []string) {
	entries, _ := disk.List(dir) // who cannot read it will say so
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), shardPrefix) {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	return all
}

// gather takes what other machines have done of the search. Each must be of this plan, and at rest.
func (f *Folder) gather() error {
	for _, dir := range shardDirs(f.dir) {
		p, err := readPlan(dir)
		if err == nil && !p.same(f.Plan) {
			err = otherPlan(dir)
		}
		if err != nil {
			return err
		}
		log, lines, err := disk.OpenLog(filepath.Join(dir, LogFile))
		if err != nil {
			return err
		}
		for _, r := range recorded(lines) {
			if strings.HasPrefix(r.Key, searched.PartSearch+" ") {
				f.take(r)
			}
		}
		if err := log.Close(); err != nil {
			return err
		}
	}
	return nil
}

func otherPlan(dir string) error {
	return diag.Errorf("%s holds a night that is not over, of another seed, cluster or program; expected one of this plan, or an empty or new folder", dir)
}

// Close lets others have the folder.
func (f *Folder) Close() error { return f.log.Close() }

// get reads what was done under a key; false where nothing was.
func (f *Folder) get(key string, into any) bool {
	data, ok := f.done[key]
	return ok && json.Unmarshal(data, into) == nil
}

// put keeps what was done under a key, at that time of the night, and what it has cost.
func (f *Folder) put(key string, used, cost time.Duration, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	r := record{used, cost, key, data}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f.take(r)
	return f.log.Add(line)
}
