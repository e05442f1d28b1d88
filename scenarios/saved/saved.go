// Package saved keeps runs on disk: the trace, and the scenario and cluster files it came from, so that
// every report can be made again without running anything.
package saved

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing/fstest"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Run is a run with what it takes to judge it again.
type Run struct {
	File     string // of the scenario, as the user named it
	Arg      string // what names it on a command line
	Cluster  string // --cluster; "" for the scenario's own
	Order    int    // among the runs of one command
	Date     time.Time
	Scenario []byte
	Files    map[string][]byte // of the cluster, those of the scenario laid over them
	Played   finding.Played
}

// Names in a run's folder.
const (
	metaFile     = "meta.json"
	traceFile    = "trace.jsonl"
	scenarioFile = "scenario.txtar"
	framesFile   = "frames.json" // of pages; may be missing
	clusterDir   = "cluster"
)

// meta is what stands in meta.json.
type meta struct {
	Kind    string    `json:"ipwsim"` // "saved run"
	Version int       `json:"version"`
	File    string    `json:"file"`
	Arg     string    `json:"arg"`
	Cluster string    `json:"cluster"`
	Order   int       `json:"order"`
	Date    time.Time `json:"date,omitzero"`
	Seed    uint64    `json:"seed,string"`
	Hash    string    `json:"hash"`
	Hits    []uint64  `json:"hits"`    // of the scenario's rules
	Refused bool      `json:"refused"` // nothing was run, so there is no trace
}

const kind = "saved run"

// Find is the cluster's folder for script.Judge, whatever its name.
func (r *Run) Find(string) (fs.FS, error) {
	files := fstest.MapFS{}
	for name, data := range r.Files {
		files[name] = &fstest.MapFile{Data: data}
	}
	return files, nil
}

// pack is the run as files, but for its trace. Equal runs give equal files.
func (r *Run) pack() (map[string][]byte, error) {
	p := r.Played
	about, err := json.MarshalIndent(meta{
		kind, trace.Version, r.File, r.Arg, r.Cluster, r.Order, r.Date, p.Seed, p.Hash, append([]uint64{}, p.Hits...), p.Trace == nil,
	}, "", "  ")
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{metaFile: append(about, '\n'), scenarioFile: r.Scenario}
	for name, data := range r.Files {
		all[clusterDir+"/"+name] = data
	}
	if p.Trace == nil {
		return all, nil
	}
	if p.Frames == nil {
		return all, nil
	}
	all[framesFile], err = json.MarshalIndent(kept{p.Frames, p.FramesCut}, "", " ")
	return all, err
}

// kept is what stands in frames.json.
type kept struct {
	Frames []finding.Frame
	Cut    time.Duration // nanoseconds
}

// unpack reads what pack wrote, and the trace.
func unpack(all map[string][]byte, history func() (*trace.Trace, error)) (*Run, error) {
	m, err := readMeta(all[metaFile])
	if err != nil {
		return nil, diag.Errorf("%s: %w", metaFile, err)
	}
	if all[scenarioFile] == nil {
		return nil, diag.Errorf("found no %s", scenarioFile)
	}
	r := &Run{
		File: m.File, Arg: m.Arg, Cluster: m.Cluster, Order: m.Order, Date: m.Date, Scenario: all[scenarioFile],
		Files: map[string][]byte{}, Played: finding.Played{Seed: m.Seed, Hash: m.Hash},
	}
	if len(m.Hits) > 0 {
		r.Played.Hits = m.Hits
	}
	for name, data := range all {
		if below, ok := strings.CutPrefix(name, clusterDir+"/"); ok {
			r.Files[below] = data
		}
	}
	if m.Refused {
		return r, nil
	}
	if r.Played.Trace, err = history(); err != nil {
		return nil, diag.Errorf("%s: %w", traceFile, err)
	}
	data, ok := all[framesFile]
	if !ok {
		return r, nil
	}
	var k kept
	if err := json.Unmarshal(data, &k); err != nil {
		return nil, diag.Errorf("%s: expected what `ipwsim run --save` wrote: %w", framesFile, err)
	}
	r.Played.Frames, r.Played.FramesCut = k.Frames, k.Cut
	return r, nil
}

func readMeta(b []byte) (meta, error) {
	var m meta
	if err := json.Unmarshal(b, &m); err != nil {
		return m, diag.Errorf("expected what `ipwsim run --save` wrote: %w", err)
	}
	switch {
	case m.Kind != kind:
		return m, diag.Errorf("found kind %q, expected %q", m.Kind, kind)
	case m.Version != trace.Version:
		return m, diag.Errorf("found a run saved in version %d of the format, and this ipwsim reads version %d: run the scenario again, or use the ipwsim that saved it", m.Version, trace.Version)
	}
	return m, nil
}
