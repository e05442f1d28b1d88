package trace

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// long is a trace of so many records: every kind again and again, and lines of ping.exe, each of which is new. It returns
// them as they went in.
func long(n int) (*Trace, []Record) {
	t := new(Trace)
	var all []Record
	for i := range n {
		r := Record{At: time.Duration(i-1000) * time.Second, Host: []string{"active", "client", ""}[i%3], Body: every[i%len(every)]}
		if i%2 == 0 {
			r.Body = PingLine{ID: 1, Seq: i, Outcome: Replied, From: vip, RTT: time.Duration(i % 1000), TTL: 128}
		}
		all = append(all, r)
		t.Add(r.At, r.Host, r.Body)
	}
	return t, all
}

func read(t *Trace, from int) (all []Record) {
	for r := range t.From(from) {
		all = append(all, *r)
	}
	return all
}

// What is packed away is read as it was, from wherever one begins.
func TestPackedRecordsAreWhatTheyWere(t *testing.T) {
	for _, n := range []int{0, 1, packLen, 2*packLen - 1, 2 * packLen, 5*packLen + 7} {
		tr, want := long(n)
		require.Equal(t, n, tr.Len())
		require.Equal(t, max(0, n/packLen-1), len(tr.packed))
		require.Equal(t, want, read(tr, 0))
		for _, from := range []int{1, packLen - 1, packLen, packLen + 1, n / 2, n - 1, n} {
			if from >= 0 && from <= n {
				require.True(t, slices.EqualFunc(want[from:], read(tr, from), func(a, b Record) bool { return a.At == b.At && a.Host == b.Host }), "from %d of %d", from, n)
			}
		}
		require.Len(t, tr.Whole().Records, n)
	}
}

// Nothing, empty and zero are told apart: JSON writes them differently.
func TestPackedBodiesKeepWhatIsEmpty(t *testing.T) {
	all := make([]Record, packLen)
	for i := range all {
		all[i].Body = []Body{MailSend{}, MailAccept{To: []string{}}, MailAccept{}, Fault{}, Fault{Touches: []Touch{}, Ends: []int{}}, Connect{}, Address{}}[i%7]
	}
	p := newPack(all)
	require.Equal(t, all, p.records())
}

// A reader may stop anywhere.
func TestReadingARecordIsNotReadingAll(t *testing.T) {
	tr, want := long(3 * packLen)
	rapid.Check(t, func(rt *rapid.T) {
		from, n := rapid.IntRange(0, len(want)-1).Draw(rt, "from"), 0
		for r := range tr.From(from) {
			require.Equal(rt, want[from].At, r.At)
			n++
			break
		}
		require.Equal(rt, 1, n)
	})
}

// A month of pings, some 4 million records, must fit in 500 MB beside all else: a record of a long run takes 30 bytes at
// most, where it takes 110 unpacked.
func TestALongTraceTakesLittleMemory(t *testing.T) {
	const n = 20 * packLen
	before := live()
	tr := new(Trace)
	for i := range n {
		tr.Add(time.Duration(i)*time.Second, "client", PingLine{ID: 1, Seq: i, Outcome: Replied, From: vip, RTT: time.Duration(400_000 + i%7), TTL: 128})
	}
	tail := 2 * packLen * 120
	require.Less(t, int(live()-before), n*30+tail)
	require.Equal(t, n, tr.Len())
	runtime.KeepAlive(tr)
}

// live is the live heap, bytes.
func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
