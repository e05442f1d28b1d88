package script

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Format writes the scenario as a file that Parse reads. A file laid over the cluster ends with a
// newline there, and none of its lines may look like a header `-- path --`.
func (s *Script) Format() string {
	var b strings.Builder
	for _, c := range s.Comment {
		b.WriteString(strings.TrimRight("# "+c, " ") + "\n")
	}
	b.WriteString("cluster " + s.Cluster)
	if s.Cold {
		b.WriteString(" cold")
	}
	b.WriteString("\n")
	if s.Seed != nil {
		fmt.Fprintf(&b, "seed %d\n", *s.Seed)
	}
	if s.Ties {
		b.WriteString("ties drawn\n")
	}
	for i := range s.Allows {
		b.WriteString(s.Allows[i].text() + "\n")
	}
	s.formatRun(&b)
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		data := s.Files[name]
		fmt.Fprintf(&b, "-- %s --\n%s", name, data)
		if len(data) > 0 && !bytes.HasSuffix(data, []byte("\n")) {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// formatRun writes the steps, and each expectation before the first step later than its stretch's
// beginning.
func (s *Script) formatRun(b *strings.Builder) {
	expects := s.Expects
	before := func(at time.Duration) {
		for len(expects) > 0 && expects[0].From < at {
			b.WriteString(spoken(expects[0].text()) + "\n")
			expects = expects[1:]
		}
	}
	for _, st := range s.Steps {
		before(st.At)
		fmt.Fprintf(b, "at %s %s\n", st.when(), spoken(st.Call.String()))
	}
	before(math.MaxInt64)
	if s.End != 0 {
		fmt.Fprintf(b, "end %s\n", written(s.End))
	}
}
