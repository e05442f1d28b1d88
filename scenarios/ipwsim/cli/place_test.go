package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A folder of pages is none of an audit; one that is not there yet is anybody's.
func TestFoldersOfResults(t *testing.T) {
	dir := t.TempDir()
	none := AuditFolder("-o", filepath.Join(dir, "no"))
	require.NoError(t, Free(none, PagesFolder("--pages", dir), File("--html", "")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte("<!doctype html>mine"), 0o600))
	require.ErrorContains(t, Free(none, PagesFolder("--pages", dir)), "--pages: found index.html in "+dir)
	require.NoError(t, os.Remove(filepath.Join(dir, "index.html")))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "results.xml"), nil, 0o600))
	require.Error(t, Free(AuditFolder("-o", dir)), "what is in it is no audit")
}
