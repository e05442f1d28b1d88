package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// contents is a file as text.
func contents(t testing.TB, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(data)
}

// smallStudy is the folder of a small study with its answers, and what it printed.
func smallStudy(t *testing.T, args ...string) (dir, out string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "study")
	got := ipwsim(append([]string{"study", "--runs", "20", "-o", dir}, args...)...)
	require.Equal(t, exitPass, got.status, got.err)
	return dir, got.out
}

// studyOf runs the study of a file.
func studyOf(t *testing.T, file string) string {
	t.Helper()
	dir := t.TempDir()
	got := ipwsim("study", file, "-o", dir)
	require.Equal(t, exitPass, got.status, got.err)
	return dir
}

// sumOf is the SHA-256 of a study's Parquet file.
func sumOf(t *testing.T, dir string) string {
	t.Helper()
	return fmt.Sprintf("%x", sha256.Sum256([]byte(contents(t, dir, "rows.parquet"))))
}

// Clients of offices; the AD client holds on to its ARP entry and fares worst.
const (
	pc   = "[[client]]\nname = \"pc\"\naddress = \"192.168.10.150/24\"\nswitch = \"sw1\"\n"
	adPC = "[[client]]\nname = \"ad-pc\"\naddress = \"192.168.10.151/24\"\nswitch = \"sw1\"\nprofile = \"ad-client\"\n"
)

// offices is a copy of the guide's cluster with these clients.
func offices(t testing.TB, clients ...string) string {
	t.Helper()
	dir := ourCluster(t, "", "", "")
	file := filepath.Join(dir, "cluster.toml")
	text, _, found := strings.Cut(contents(t, file), "\n[[client]]\n")
	require.True(t, found)
	writeText(t, file, text+"\n"+strings.Join(clients, "\n"))
	return dir
}
