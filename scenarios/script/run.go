package script

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"path/filepath"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/disk"
	"ipwsim/netstack/capture"
	"ipwsim/netstack/wire"
	"ipwsim/scenarios/frames"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/narrator"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

// Options are what the caller of a run chooses.
type Options struct {
	// Cluster finds a cluster's folder; fs.ErrNotExist leaves it to the scenario's own files.
	Cluster  func(name string) (fs.FS, error)
	Folder   string  // where the cluster is, if it is not the scenario's own: for messages
	Seed     *uint64 // instead of the scenario's
	Pcap     string  // capture every cable into this folder, or this file, see capture.Start; "": none
	FilesDir string  // write what the machines and the share hold at the end into this folder; "": nothing is
	Hash     bool    // compute Run.Hash, which costs as much as the run
	Frames   bool    // keep Run.Frames
	Most     int     // events of the world, whose end is an error; 0: no limit
	Progress func(now, end time.Duration)
}

// slice is how much virtual time passes between two looks at the context.
const slice = 10 * time.Second

// Run runs the scenario. Errors are what keeps it from running: a cluster that is not there or is
// refused, a step that cannot be done, an interrupt; there is no Run then. A cluster that the
// scenario expects to be refused gives a Run without a Trace.
func Run(ctx context.Context, s *Script, opt Options) (*finding.Run, error) {
	s = s.On(opt.Folder)
	bp, problems, err := s.blueprint(opt.Cluster, opt.Folder)
	if err != nil {
		return nil, err
	}
	played := finding.Played{Seed: s.seed(bp, opt)}
	if bp != nil {
		if s, err = s.cast(bp); err != nil {
			return nil, err
		}
		if err := s.checkNames(bp); err != nil {
			return nil, err
		}
		if err := s.play(ctx, bp, opt, &played); err != nil {
			return nil, err
		}
	}
	return s.judge(problems, played), nil
}

// seed is the caller's choice, else the scenario's, else the cluster's.
func (s *Script) seed(bp *cluster.Blueprint, opt Options) uint64 {
	switch {
	case opt.Seed != nil:
		return *opt.Seed
	case s.Seed != nil:
		return *s.Seed
	case bp != nil:
		return bp.Seed
	}
	return 0
}

// play runs a world through the scenario's steps.
func (s *Script) play(ctx context.Context, bp *cluster.Blueprint, opt Options, out *finding.Played) (err error) {
	w := world.New(bp, world.Options{Scenario: s.Name, Seed: out.Seed, Cold: s.Cold, Ties: s.Ties, Most: opt.Most})
	defer w.Close()
	if opt.Pcap != "" {
		pcap, cannot := capture.Start(w.Network(), opt.Pcap, bp.Start, narrator.New(w.Trace()).Comment)
		if cannot != nil {
			return diag.Errorf("%s: captures: %w", s.Name, cannot)
		}
		defer func() { err = errors.Join(err, pcap.Close()) }()
	}
	var recorder *frames.Recorder
	if opt.Frames {
		recorder = frames.Record(w.Network(), w.Trace())
	}
	var sum hash.Hash
	if opt.Hash {
		sum = sha256.New()
		w.Network().AddTap(hashFrames(sum))
	}
	rules, err := s.steps(ctx, w, opt.Progress)
	if err != nil {
		return err
	}
	if opt.FilesDir != "" {
		if err := writeFiles(w, opt.FilesDir); err != nil {
			return diag.Errorf("%s: files: %w", s.Name, err)
		}
	}
	for _, r := range rules {
		if r == nil { // it could not be done
			out.Hits = append(out.Hits, 0)
			continue
		}
		out.Hits = append(out.Hits, r.Hits())
	}
	out.Trace = w.Trace()
	if recorder != nil {
		out.Frames, out.FramesCut = recorder.Frames()
	}
	if sum == nil {
		return nil
	}
	if err := out.Trace.Write(sum); err != nil {
		return err
	}
	out.Hash = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// interrupted says where the end of a context, which it is, has met the run.
type interrupted struct {
	diag.Text
	by error
}

func (i interrupted) Is(target error) bool { return target == i.by }

// until lets the world's time pass.
func (s *Script) until(ctx context.Context, w *world.World, t time.Duration, progress func(now, end time.Duration)) error {
	for w.Now() < t {
		if err := ctx.Err(); err != nil {
			return interrupted{diag.Say("%s: interrupted at %s of virtual time", s.Name, written(w.Now())), err}
		}
		w.RunUntil(min(t, w.Now()+slice))
		if err := w.Err(); err != nil {
			return diag.Errorf("%s: %w", s.Name, err)
		}
		if progress != nil {
			progress(w.Now(), s.EndsAt())
		}
	}
	return nil
}

// each does each step at its time. What becomes of one that cannot be done is for cannot to say.
func (s *Script) each(ctx context.Context, w *world.World, progress func(now, end time.Duration), cannot func(Step, error) error) (rules []*wire.ActiveRule, err error) {
	if err := s.until(ctx, w, 0, progress); err != nil {
		return nil, err
	}
	w.Settle()
	for _, st := range s.timeline() {
		if err := s.until(ctx, w, st.At, progress); err != nil {
			return nil, err
		}
		done, err := st.do(w)
		if err != nil {
			err = cannot(st, s.problem(st.Line, "at %s: %v", written(st.At), err))
		}
		if err != nil {
			return nil, err
		}
		if st.rules() {
			rules = append(rules, done.Rule)
		}
	}
	return rules, nil
}

// rehearse does all steps as a run does, and goes on behind one that cannot be done, for it has changed nothing: check
// tells every line at which a run would end.
func (s *Script) rehearse(ctx context.Context, bp *cluster.Blueprint) (problems diag.List) {
	w := world.New(bp, world.Options{Scenario: s.Name, Seed: s.seed(bp, Options{}), Cold: s.Cold, Ties: s.Ties})
	defer w.Close()
	told := map[int]bool{}
	_, err := s.each(ctx, w, nil, func(st Step, problem error) error {
		if !told[st.Line] {
			problems = append(problems, diag.Of(problem)...)
		}
		told[st.Line] = true
		return nil
	})
	return append(problems, diag.Of(err)...)
}

// steps does each step at its time and goes on to the end.
func (s *Script) steps(ctx context.Context, w *world.World, progress func(now, end time.Duration)) ([]*wire.ActiveRule, error) {
	rules, err := s.each(ctx, w, progress, func(_ Step, problem error) error { return problem })
	if err != nil {
		return nil, err
	}
	if err := s.until(ctx, w, s.EndsAt(), progress); err != nil {
		return nil, err
	}
	w.TellPolls()
	w.EndPings()
	if err := w.Audit(); err != nil {
		return nil, diag.Errorf("%s: %w", s.Name, err)
	}
	return rules, nil
}

// do does the step now.
func (st *Step) do(w *world.World) (done verb.Done, err error) {
	done, err = st.Do(w)
	if st.Try && err != nil { // it has changed nothing
		return verb.Done{}, nil
	}
	return done, err
}

// writeFiles writes what the world's machines and the share hold, in folders of their own.
func writeFiles(w *world.World, dir string) error {
	all, err := w.Files()
	if err != nil {
		return err
	}
	return disk.Fill(dir, func() error {
		for _, f := range all {
			if err := disk.WriteBytes(filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data); err != nil {
				return err
			}
		}
		return nil
	})
}

// hashFrames feeds each frame with its time and cable to the hash.
func hashFrames(sum hash.Hash) wire.Tap {
	var head [16]byte
	return func(at time.Duration, c *wire.Cable, b []byte) {
		binary.BigEndian.PutUint64(head[:8], uint64(at))
		binary.BigEndian.PutUint64(head[8:], uint64(len(b)))
		sum.Write(head[:])
		sum.Write([]byte(c.Name()))
		sum.Write(b)
	}
}
