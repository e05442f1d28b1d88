package collected_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"ipwsim/sim/collected"
)

const (
	tableText  = `-c=\\WK-A -i=10.0.0.1 -f=LAN` + "\r\n"
	exportText = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\r\n\"Balance\"=dword:00000001\r\n\r\n"
	balance    = `HKEY_LOCAL_MACHINE\SOFTWARE\EPOST\IPWCS`
)

// A file is recognised under whatever name a browser, an editor or a person has given it, and that is told.
func TestFilesUnderOtherNames(t *testing.T) {
	for name, told := range map[string]string{
		"ipwatch.dat": "", "IPWATCH.DAT": "", "ipwatch.dat.txt": "it is taken for ipwatch.dat", "ipwatch (1).dat": "it is taken for ipwatch.dat", "IPWatch - Copy.dat": "it is taken for ipwatch.dat",
		"ipwatch - コピー (2).dat": "it is taken for ipwatch.dat", "table of mx1.txt": "it is taken for ipwatch.dat, by its lines",
	} {
		s, problems := collected.Read(fstest.MapFS{"s/" + name: {Data: []byte(tableText)}}, "s")
		require.Len(t, s.Table.Rows(), 1, name)
		if told == "" {
			require.Empty(t, problems, name)
			continue
		}
		require.Contains(t, problems.Error(), "s/"+name+": warning: "+told)
		require.Empty(t, s.Unread)
	}
	for _, name := range []string{"ipwcs.reg", "IPWCS.REG", "ipwcs.reg.txt", "ipwcs (1).reg", "ipwcs (1).reg.txt", "export.txt", "watcher"} {
		s, problems := collected.Read(fstest.MapFS{"s/" + name: {Data: []byte(exportText)}}, "s")
		require.NoError(t, problems.Err())
		_, _, found := s.Export(balance)
		require.True(t, found, name)
	}
	for _, name := range []string{"smtpip.dat", "SmtpIP (2).dat", "smtpip.dat.txt"} {
		s, _ := collected.Read(fstest.MapFS{"s/" + name: {Data: []byte("10.0.0.1 25\r\n")}}, "s")
		require.Contains(t, s.Files, "smtpip.dat", name)
	}
	for _, name := range []string{"arpclear.bat", "ARPCLEAR.BAT", "arpclear.bat.txt", "arpclear(3).bat"} {
		s, _ := collected.Read(fstest.MapFS{"s/" + name: {Data: []byte("arp -d\r\n")}}, "s")
		_, found := s.Batch("arpclear.bat")
		require.True(t, found, name)
	}
}

// A copy beside the file itself is left out, and told; of an output that differs nobody knows which is right.
func TestCopiesBesideTheFile(t *testing.T) {
	s, problems := collected.Read(fstest.MapFS{"s/ipwatch (1).dat": {Data: []byte("-c=\\\\X -i=10.0.0.9 -f=LAN\r\n")}, "s/ipwatch.dat": {Data: []byte(tableText)}}, "s")
	require.Equal(t, "s/ipwatch.dat", s.TableFile)
	require.Equal(t, "s/ipwatch (1).dat: warning: it is another ipwatch.dat beside s/ipwatch.dat, which is taken; this one is left out", problems.Error())
	s, problems = collected.Read(fstest.MapFS{"s/ipconfig (1).txt": {Data: []byte(ipconfigEnglish)}, "s/ipconfig.txt": {Data: []byte(ipconfigEnglish)}}, "s")
	require.Len(t, s.IPConfig.Adapters, 2)
	require.Equal(t, "s/ipconfig (1).txt: warning: it is a copy of s/ipconfig.txt; this one is left out", problems.Error())
	_, problems = collected.Read(fstest.MapFS{"s/ipconfig (1).txt": {Data: []byte(ipconfigEnglish)}, "s/ipconfig.txt": {Data: cp932(t, ipconfigJapanese)}}, "s")
	require.ErrorContains(t, problems.Err(), "s/ipconfig (1).txt: error: it is like s/ipconfig.txt, output of the same command")
	_, problems = collected.Read(fstest.MapFS{"s/ipwcs (1).reg": {Data: []byte(exportText + "; x\r\n")}, "s/ipwcs.reg": {Data: []byte(exportText)}}, "s")
	require.Contains(t, problems.Error(), "s/ipwcs (1).reg: warning: it is another ipwcs.reg beside s/ipwcs.reg")
}

// An export that says nothing stops nothing: what it lacks is asked for.
func TestExportsThatAreNone(t *testing.T) {
	for data, told := range map[string]string{
		"": "the file is empty; expected an export", "\r\n": "the file is empty; expected an export",
		"ERROR: The system was unable to find the specified registry key or value.\r\n": "nothing is taken from this export, for its errors",
	} {
		s, problems := collected.Read(fstest.MapFS{"s/epost.reg": {Data: []byte(data)}}, "s")
		require.NoError(t, problems.Err())
		require.Contains(t, problems.Error(), "s/epost.reg: warning: "+told)
		require.Empty(t, s.Exports)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(exportText))
	require.NoError(t, err)
	s, problems := collected.Read(fstest.MapFS{"s/ipwcs.reg": {Data: wide}}, "s")
	require.Equal(t, "s/ipwcs.reg: warning: the file is UTF-16 without BOM, and is copied as UTF-16LE with BOM, as regedit writes it", problems.Error())
	require.Equal(t, append([]byte{0xff, 0xfe}, wide...), s.RawExport["s/ipwcs.reg"])
}
