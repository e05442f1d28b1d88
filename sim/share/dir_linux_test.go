package share

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"
)

// A name that another process takes between Rename's look and its move stays that process's: so index
// files of mailboxes are one node's or the other's.
func TestDirOfTwoProcesses(t *testing.T) {
	d, err := OpenDir(t.TempDir())
	require.NoError(t, err)
	defer d.Close()
	require.NoError(t, d.Create("mine", []byte("mine")))
	require.NoError(t, d.Create("taken", []byte("theirs")))
	require.ErrorIs(t, d.renameFree("mine", "taken"), fs.ErrExist)
	text, err := d.ReadFile("taken")
	require.NoError(t, err)
	require.Equal(t, "theirs", string(text))
	require.NoError(t, d.renameFree("mine", "free"))
}
