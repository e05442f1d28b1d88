package table_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/core/golden"
	"ipwsim/core/table"
)

func TestW4NewWritesWhatParseReads(t *testing.T) {
	first := entry(`\\epst1`, "192.168.10.202", "イーサネット")
	for rule, tt := range map[string]struct {
		entries []core.Entry
		enc     table.Encoding
	}{
		"ASCII":                               {[]core.Entry{entry(`\\epst1`, "192.168.10.202", "Ethernet")}, table.ASCII},
		"Japanese in CP932":                   {[]core.Entry{first}, table.CP932},
		"two entries":                         {[]core.Entry{first, entry(`\\epst1`, "192.168.10.203", "表示 2")}, table.CP932},
		"UTF-8 for what CP932 lacks":          {[]core.Entry{entry(`\\epst1`, "192.168.10.202", "이더넷")}, table.UTF8},
		"UTF-8 where CP932 would read as it":  {[]core.Entry{entry(`\\epst1`, "192.168.10.202", "ﾂｱ")}, table.UTF8},
		"UTF-8 where CP932 would be rejected": {[]core.Entry{entry(`\\epst1`, "192.168.10.202", "ﾂｭ")}, table.UTF8},
	} {
		t.Run(rule, func(t *testing.T) {
			made, problems := table.New(tt.entries...)
			require.Empty(t, problems)
			require.True(t, made.CRLF())
			require.Equal(t, tt.enc, made.Encoding())

			got, problems := table.Parse("", made.Format())
			require.Empty(t, problems)
			require.Equal(t, made, got)
			require.Equal(t, tt.entries, got.Entries())
		})
	}
}

func TestW4AppendKeepsTheFileAndItsForm(t *testing.T) {
	added := entry(`\\epst3`, "192.168.10.204", "イーサネット 3")
	line := added.String()
	for file, tail := range map[string]string{
		"utf8-lf.dat":       line + "\n",
		"utf8-bom-crlf.dat": line + "\r\n",
		"blank-lines.dat":   line + "\r\n",
	} {
		t.Run(file, func(t *testing.T) {
			data := golden.Read(t, filepath.Join("testdata", "good", file))
			before, problems := table.Parse(file, data)
			require.Empty(t, problems)
			after, problems := before.Append(added)
			require.Empty(t, problems)
			require.Equal(t, string(data)+tail, string(after.Format()))
			require.Equal(t, data, before.Format(), "the receiver must not change")
		})
	}
}

func TestW4AppendEndsAnUnfinishedLastLine(t *testing.T) {
	before, problems := table.Parse("", []byte(`-c=\\epst1 -i=192.168.10.202 -f=Ethernet`))
	require.Empty(t, problems)
	after, problems := before.Append(entry(`\\epst1`, "192.168.10.203", "Ethernet 2"))
	require.Empty(t, problems)
	require.Equal(t, "-c=\\\\epst1 -i=192.168.10.202 -f=Ethernet\r\n-c=\\\\epst1 -i=192.168.10.203 -f=Ethernet 2\r\n", string(after.Format()))
}

func TestW4WhatCannotBeReadBackIsRefused(t *testing.T) {
	good := entry(`\\epst1`, "192.168.10.202", "イーサネット")
	for rule, tt := range map[string]struct {
		entries []core.Entry
		want    string
	}{
		"no entry":       {nil, `error: the table is empty, so there is nothing to watch; expected lines of the form -c=\\peer -i=VIP -f=interface name`},
		"no address":     {[]core.Entry{{Peer: `\\epst1`, Interface: "Ethernet"}}, "-i="},
		"line break":     {[]core.Entry{entry(`\\epst1`, "192.168.10.202", "Ethernet\n")}, "error: the entries written in UTF-8 would be read as others; expected names on one line each"},
		"second entry":   {[]core.Entry{entry(`\\a`, "10.0.0.1", "b\r\n"+entry(`\\c`, "10.0.0.2", "d").String())}, "would be read as others"},
		"same VIP twice": {[]core.Entry{good, good}, "line 2: error: -i=192.168.10.202 is in line 1 already; expected each virtual address once"},
		"invalid UTF-8":  {[]core.Entry{entry(`\\epst1`, "192.168.10.202", "Ether\xffnet")}, "not valid UTF-8"},
	} {
		t.Run(rule, func(t *testing.T) {
			made, problems := table.New(tt.entries...)
			require.ErrorContains(t, problems.Err(), tt.want)
			require.Zero(t, made)
		})
	}
}

func TestW4AppendNamesTheCharacterThatCP932Lacks(t *testing.T) {
	before, problems := table.New(entry(`\\epst1`, "192.168.10.202", "イーサネット"))
	require.Empty(t, problems)
	_, problems = before.Append(entry(`\\epst1`, "192.168.10.203", "이더넷"))
	require.EqualError(t, problems.Err(), "error: CP932 has no character 이 (U+C774); expected names that can be written")
}
