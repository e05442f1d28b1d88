package collected_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"ipwsim/core"
	"ipwsim/sim/collected"
)

// A table that the watcher refuses is told, line by line, and stops nothing as long as it has an entry: what an editor or an
// input method has made of one is undone, and other lines are left out.
func TestATableThatTheWatcherRefuses(t *testing.T) {
	const good = `-c=\\WK-A -i=10.0.0.1 -f=イーサネット` + "\r\n"
	one := core.Entry{Peer: `\\WK-A`, VIP: ip("10.0.0.1"), Interface: "イーサネット"}
	two := core.Entry{Peer: `\\WK-A`, VIP: ip("10.0.0.2"), Interface: "イーサネット"}
	const all = ": warning: the watcher refuses the table for that, and so does check until it is mended; it is copied as it is"
	for text, c := range map[string]struct {
		want []core.Entry
		told string
	}{
		good:        {[]core.Entry{one}, ""},
		good + good: {[]core.Entry{one}, "f/ipwatch.dat:2: warning: -i=10.0.0.1 is in line 1 already; expected each virtual address once"},
		`-c="\\WK-A" -i="10.0.0.1" -f="イーサネット"`:                  {[]core.Entry{one}, `f/ipwatch.dat:1: warning: -f="イーサネット" has quotes`},
		good + `ーc=x` + "\n" + `-c=\\WK-A　-i=１０.０.０.２ -f=イーサネット`: {[]core.Entry{one, two}, "f/ipwatch.dat:2: warning: "},
	} {
		s, problems := collected.Read(fstest.MapFS{"f/ipwatch.dat": &fstest.MapFile{Data: cp932(t, text)}}, "f")
		require.NoError(t, problems.Err(), text)
		require.Equal(t, c.want, s.Table.Entries(), text)
		require.Equal(t, cp932(t, text), s.TableData, "as it is")
		if c.told == "" {
			require.Empty(t, problems)
			continue
		}
		require.Contains(t, problems.Error(), c.told)
		require.Contains(t, problems.Error(), all)
	}
	for _, text := range []string{"", "-c=x\n", "hello\nworld\n", "\xff\xfea\x00"} {
		s, problems := collected.Read(fstest.MapFS{"f/ipwatch.dat": &fstest.MapFile{Data: []byte(text)}}, "f")
		require.NoError(t, problems.Err())
		require.NotEmpty(t, problems, "no entry is left of %q", text)
		require.Empty(t, s.Table.Rows())
	}
}

// A table that somebody has saved as UTF-16 is told in one message, and read: it says what is meant.
func TestATableInUTF16(t *testing.T) {
	for _, order := range []unicode.Endianness{unicode.BigEndian, unicode.LittleEndian} {
		for _, bom := range []unicode.BOMPolicy{unicode.UseBOM, unicode.IgnoreBOM} {
			data, err := unicode.UTF16(order, bom).NewEncoder().Bytes([]byte(`-c=\\WK-A -i=10.0.0.1 -f=イーサネット` + "\r\n"))
			require.NoError(t, err)
			s, problems := collected.Read(fstest.MapFS{"f/ipwatch.dat": {Data: data}}, "f")
			require.Len(t, problems, 1)
			require.Contains(t, problems.Error(), "f/ipwatch.dat: warning: the file is UTF-16")
			require.Equal(t, []core.Entry{{Peer: `\\WK-A`, VIP: ip("10.0.0.1"), Interface: "イーサネット"}}, s.Table.Entries())
			require.Equal(t, data, s.TableData, "as it is")
		}
	}
}
