package batch_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/core/golden"
	"ipwsim/sim/batch"
)

// What is told of each file, and what of it is played.
func TestFilesAreToldAndPlayedAsWanted(t *testing.T) {
	for _, path := range golden.Files(t, "testdata/bad/*.bat") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, problems := batch.Parse(filepath.Base(path), golden.Read(t, path))
			require.NoError(t, problems.Err(), "no batch file keeps a cluster from being run")
			require.NotEmpty(t, problems)
			told := problems.Error() + "\nplayed:\n" + strings.ReplaceAll(string(got.Format()), "\r", "")

			wantPath := strings.TrimSuffix(path, ".bat") + ".want"
			golden.Hold(t, wantPath, told)
		})
	}
}

// The good files are one batch as operators save and decorate it.
func TestH11_GoodFilesSayTheSame(t *testing.T) {
	for _, path := range golden.Files(t, "testdata/good/*.bat") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got, problems := batch.Parse(path, golden.Read(t, path))
			require.Empty(t, problems)
			require.Equal(t, guide, string(got.Format()))
		})
	}
}

// What depends on how the command before ended is left to the run; what is known when the file is read is chosen then.
func TestH11_Branches(t *testing.T) {
	got, problems := batch.Parse("branches.bat", []byte(`@echo off
ping -n 1 192.168.0.150 | find "TTL=" >nul && echo alive
if errorlevel 1 (
  ping -n 2 192.168.0.81 -S 192.168.0.2
  if %errorlevel% neq 0 exit /b 1
) else (
  ping -n 3 192.168.0.82 -S 192.168.0.2
)
ping -n 1 192.168.0.83 >nul || timeout /t 2 >nul & arp -d
if not "a"=="b" ping -n 1 192.168.0.84
if /i A==b (ping -n 1 192.168.0.85) else ping -n 1 192.168.0.86
ping -n 1 192.168.0.87 && ping -n 1 192.168.0.88 || exit
`))
	require.Empty(t, problems)
	require.Equal(t, `ping -n 1 192.168.0.150 | find "TTL"
if errorlevel 1 (
ping -n 2 192.168.0.81 -S 192.168.0.2
if errorlevel 1 (
exit /b
)
) else (
ping -n 3 192.168.0.82 -S 192.168.0.2
)
ping -n 1 192.168.0.83
if errorlevel 1 (
timeout /t 2 /nobreak
)
arp -d
ping -n 1 192.168.0.84
ping -n 1 192.168.0.86
ping -n 1 192.168.0.87
if not errorlevel 1 (
ping -n 1 192.168.0.88
)
if errorlevel 1 (
exit /b
)
`, strings.ReplaceAll(string(got.Format()), "\r", ""))
	again, problems := batch.Parse("again.bat", got.Format())
	require.Empty(t, problems)
	require.Equal(t, got.Format(), again.Format())
}
