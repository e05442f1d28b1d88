package world_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// filesOf are the files of a world by name.
func filesOf(t *testing.T, name string, faults ...string) map[string]string {
	w := settled(t, shipped(t, name, nil), 1)
	for _, f := range faults {
		require.NoError(t, do(w, f))
	}
	run(w, time.Minute)
	all, err := w.Files()
	require.NoError(t, err)
	found := map[string]string{}
	for _, f := range all {
		require.NotContains(t, found, f.Name, "each file is there once")
		found[f.Name] = string(f.Data)
	}
	return found
}

// W10: the watcher's log and table lie below the product's folder.
func TestW10_FilesOfTheNodes(t *testing.T) {
	found := filesOf(t, "guide")
	require.Contains(t, found["active/Program Files/EPOST/MS/iplog/20250207.log"], " E-POST IP Watcher (1.15) x64\r\n")
	require.True(t, strings.HasPrefix(found["standby/Program Files/EPOST/MS/ipwatch.dat"], `-c=\\hvt162EPST11 -i=192.168.10.202 -f=`))
	require.Len(t, found, 4)
}

// M5: the share has the mail, the logs by computer, the accounts and the shared settings.
func TestM5_FilesOfTheShare(t *testing.T) {
	found := filesOf(t, "mail", "send client tanaka@example.com suzuki@example.com count 1")
	require.Contains(t, found["share/acceptlog/hvt162EPST11/20250207.log"], "from=<tanaka@example.com> to=<suzuki@example.com>")
	require.Contains(t, found["share/outlocallog/hvt162EPST11/20250207.log"], `delivered to inbox\`)
	require.Contains(t, found["share/reg/domains.dat"], "example.com")
	boxes := 0
	for name, data := range found {
		if strings.HasPrefix(name, "share/inbox/") && data != "" {
			boxes++
		}
	}
	require.Equal(t, 1, boxes, "the mail is in its mailbox")
	require.NotContains(t, found, "share/acceptlog/hvt162EPST12/20250207.log", "the other node has accepted none")
}
