package pool

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"

	"ipwsim/core/diag"
)

// Crew is worker processes: this program started again, on one core each. Worlds in one process that has several cores
// cost each other more than the cores give.
type Crew struct {
	program string
	args    []string
	env     []string // beside this process's
	idle    chan *hand
}

// tries is how often a task is begun, when the workers that do it die.
const tries = 3

// Hire returns a crew of n, each of which is started when there is a task for it: this program with the arguments, which
// must make it call Serve.
func Hire(n int, args ...string) (*Crew, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return HireOther(program, nil, n, args...), nil
}

// HireOther returns a crew of another program, with settings of its environment.
func HireOther(program string, env []string, n int, args ...string) *Crew {
	c := &Crew{program, args, env, make(chan *hand, n)}
	for range n {
		c.idle <- &hand{}
	}
	return c
}

// Brief is what a worker must know before its tasks, and is told once.
type Brief struct {
	sum  [sha256.Size]byte
	text json.RawMessage
}

// BriefOf is a brief of what JSON knows.
func BriefOf(v any) (Brief, error) {
	text, err := json.Marshal(v)
	return Brief{sha256.Sum256(text), text}, err
}

// order is what a worker reads, answer what it writes: of a task any number with a Value, then one that is the Last.
type (
	order struct {
		Brief json.RawMessage `json:"brief,omitempty"` // for this task and those after it
		Task  json.RawMessage `json:"task"`
	}
	answer struct {
		Value json.RawMessage `json:"value,omitempty"`
		Last  bool            `json:"last,omitempty"`
		Error string          `json:"error,omitempty"`
		Crash string          `json:"crash,omitempty"` // the task panicked, with this
		Stack []byte          `json:"stack,omitempty"` // and there
	}
)

// Ask lets one of the crew do a task, and hands on what it answers, each an R, in order. When the worker dies, another
// one does the task again; what was handed on is not handed on twice, so a task must always have the same answers. At the
// end of the context, whose error it then returns, the worker is stopped in the middle. A task that panics, or that no
// worker survives, panics here.
func Ask[R any](ctx context.Context, c *Crew, b Brief, task any, each func(R) error) error {
	return c.work(ctx, b, task, func(text json.RawMessage) error {
		var r R
		if err := json.Unmarshal(text, &r); err != nil {
			return err
		}
		return each(r)
	})
}

// work is Ask of answers as they come.
func (c *Crew) work(ctx context.Context, b Brief, task any, each func(json.RawMessage) error) error {
	text, err := json.Marshal(task)
	if err != nil {
		return err
	}
	var h *hand
	select {
	case h = <-c.idle:
		defer func() { c.idle <- h }()
	case <-ctx.Done():
		return ctx.Err()
	}
	given := 0
	var dead deadError
	for range tries {
		if err = c.ask(ctx, h, b, text, &given, each); !errors.As(err, &dead) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	err = diag.Errorf("a worker died %d times in the same work, the last time with: %s", tries, dead.why)
	if dead.killed { // by the system, as for its memory
		return err
	}
	panic(&diag.Crash{Why: err, Stack: dead.said})
}

// ask is one try. given counts the answers handed on, of this try and those before.
func (c *Crew) ask(ctx context.Context, h *hand, b Brief, task json.RawMessage, given *int, each func(json.RawMessage) error) error {
	if err := h.start(c); err != nil {
		return err
	}
	stopped := context.AfterFunc(ctx, h.kill)
	defer stopped()
	o := order{Task: task}
	if h.knows != b.sum {
		o.Brief, h.knows = b.text, b.sum
	}
	if err := h.out.Encode(o); err != nil {
		return h.bury()
	}
	for n := 0; ; n++ {
		var a answer
		if err := h.in.Decode(&a); err != nil {
			return h.bury()
		}
		switch {
		case a.Crash != "":
			h.kill()
			_ = h.bury() // the crash says more
			panic(&diag.Crash{Why: a.Crash, Stack: a.Stack})
		case a.Error != "":
			return errors.New(a.Error)
		case a.Last:
			return nil
		case n < *given:
			continue
		}
		*given++
		if err := each(a.Value); err != nil {
			h.kill()
			return errors.Join(err, h.bury())
		}
	}
}

// Close ends the workers. Nobody may be asking.
func (c *Crew) Close() {
	for range cap(c.idle) {
		h := <-c.idle
		h.kill()
		_ = h.bury() // nobody needs it any more
	}
}

// Rest ends the workers, and with them their memory, until there is a task again. Nobody may be asking.
func (c *Crew) Rest() {
	c.Close()
	for range cap(c.idle) {
		c.idle <- &hand{}
	}
}

// hand is a worker's process, or the place for one.
type hand struct {
	mu    sync.Mutex // of process, which an interrupt kills
	cmd   *exec.Cmd  // nil: not started, or dead
	knows [sha256.Size]byte
	stdin io.Closer
	out   *json.Encoder
	in    *json.Decoder
	said  *bytes.Buffer // on its standard error
}

// deadError is the death of a worker.
type deadError struct {
	why    string
	said   []byte // on its standard error
	killed bool   // without a word
}

func (e deadError) Error() string { return "a worker died: " + e.why }

// NotStartedError is of a worker whose program could not be started.
type NotStartedError struct{ error }

func (e NotStartedError) Unwrap() error { return e.error }

func (h *hand) start(c *Crew) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cmd != nil {
		return nil
	}
	cmd := exec.Command(c.program, c.args...)
	cmd.Env = append(append(os.Environ(), "GOMAXPROCS=1"), c.env...)
	h.said = new(bytes.Buffer)
	cmd.Stderr = h.said
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	err := errors.Join(err1, err2)
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return NotStartedError{diag.Errorf("cannot start a worker: %w", err)}
	}
	h.cmd, h.stdin, h.out, h.in, h.knows = cmd, in, json.NewEncoder(in), json.NewDecoder(out), [sha256.Size]byte{}
	return nil
}

func (h *hand) kill() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cmd != nil {
		_ = h.cmd.Process.Kill() // it may have ended by itself
	}
}

// bury waits for the end of the process.
func (h *hand) bury() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.cmd == nil {
		return nil
	}
	h.stdin.Close()
	cmd := h.cmd
	err := cmd.Wait()
	h.cmd = nil
	lines := strings.Split(strings.TrimSpace(h.said.String()), "\n")
	dead := deadError{"it ended", h.said.Bytes(), lines[0] == "" && cmd.ProcessState.ExitCode() < 0}
	switch {
	case strings.HasPrefix(lines[0], "goroutine "): // the program says where it was, and then what is wrong
		dead.why = lines[len(lines)-1]
	case lines[0] != "": // and Go the other way round
		dead.why = lines[0]
	case err != nil:
		dead.why = err.Error()
	}
	return dead
}

// GCPercent is what workers give debug.SetGCPercent: their worlds are short, and many.
const GCPercent = 400

// Worker does tasks of a brief. It calls answer with each result, whose error it returns.
type Worker[T any] func(task T, answer func(any) error) error

// Serve is a worker's life: it does what the crew asks for until there is no crew any more, and then returns in the
// middle of a task, for the process to end. begin makes the worker of a brief.
func Serve[B, T any](in io.Reader, out io.Writer, begin func(B) (Worker[T], error)) error {
	brief := func(text json.RawMessage) (worker, error) {
		var b B
		if err := json.Unmarshal(text, &b); err != nil {
			return nil, err
		}
		work, err := begin(b)
		return func(text json.RawMessage, answer func(any) error) error {
			var task T
			if err := json.Unmarshal(text, &task); err != nil {
				return err
			}
			return work(task, answer)
		}, err
	}
	orders, crew := io.Pipe()
	over := make(chan error, 2)
	go func() { _, err := io.Copy(crew, awaited(in)); over <- err }()
	go func() { over <- serve(orders, out, brief) }()
	return <-over
}

// worker is a Worker of tasks as they come.
type worker func(task json.RawMessage, answer func(any) error) error

func serve(in io.Reader, out io.Writer, brief func(json.RawMessage) (worker, error)) error {
	orders, answers := json.NewDecoder(in), json.NewEncoder(out)
	var work worker
	for {
		var o order
		if err := orders.Decode(&o); err != nil {
			return err
		}
		if err := answers.Encode(last(do(&work, o, brief, answers))); err != nil {
			return err
		}
	}
}

// last is the last answer of a task that came to this.
func last(err error) answer {
	var c crashed
	switch {
	case errors.As(err, &c):
		return answer{Crash: fmt.Sprint(c.Why), Stack: c.Stack}
	case err != nil:
		return answer{Error: err.Error()}
	}
	return answer{Last: true}
}

func do(work *worker, o order, brief func(json.RawMessage) (worker, error), answers *json.Encoder) (err error) {
	defer func() {
		if c := diag.Caught(recover()); c != nil {
			err = crashed{c}
		}
	}()
	if o.Brief != nil {
		if *work, err = brief(o.Brief); err != nil {
			return err
		}
	}
	return (*work)(o.Task, func(v any) error {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return answers.Encode(answer{Value: text})
	})
}
