package reports

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func fieldRows() []FieldRow {
	wait := func(total time.Duration, parts ...Part) Wait { return Wait{Time: total, Parts: parts} }
	quick := wait(sec(34.1), Part{Name: PartCounting, Time: sec(31)}, Part{Name: PartTentative, Time: sec(3)}, Part{Name: PartWrongCache, Time: sec(.1)})
	slow := wait(sec(14380), Part{Name: PartCounting, Time: sec(34)}, Part{Name: PartWrongCache, Time: sec(100)}, Part{Name: PartRouterCache, Time: sec(14246)})
	slow.Open = true
	return []FieldRow{
		{Server: "srv-2008", Cache: "l3-alaxala-strict", Failover: slow, Failback: quick},
		{Server: "srv-2008", Cache: "ad-client", Cure: true, Failover: quick, Failback: quick},
		{Server: "srv-2008", Cache: strings.Repeat("名前", 20), Cure: true, Failover: quick, Failback: quick},
	}
}

func TestFieldTable(t *testing.T) {
	for _, lang := range []string{"en", "ja"} {
		var b bytes.Buffer
		require.NoError(t, Field(&b, fieldRows(), Options{Lang: lang}))
		for _, line := range strings.Split(b.String(), "\n") {
			require.LessOrEqual(t, columns(line), 80, line)
		}
		require.Contains(t, b.String(), "l3-alaxala-strict     >14380.0  34.0    - 14346.0", "an open time is a lower bound; both caches are one column")
		require.Contains(t, b.String(), "ad-client                 34.1  31.0  3.0     0.1")
		require.Equal(t, 2, strings.Count(b.String(), "== srv-2008"), "a block for each server and cure")
	}
}
