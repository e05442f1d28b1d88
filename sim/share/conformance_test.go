package share_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share"
	"ipwsim/sim/share/sharetest"
)

func clock() time.Time { return time.Date(2025, time.February, 7, 16, 19, 27, 0, time.UTC) }

func TestDiskIsAShare(t *testing.T) {
	sharetest.Run(t, func(*testing.T) share.FS { return share.NewDisk(clock) })
}

func TestDirIsAShare(t *testing.T) {
	sharetest.Run(t, func(t *testing.T) share.FS {
		d, err := share.OpenDir(t.TempDir())
		require.NoError(t, err)
		t.Cleanup(func() { _ = d.Close() })
		return d
	})
}

func TestMountIsAShare(t *testing.T) {
	sharetest.Run(t, func(t *testing.T) share.FS { return outside{newLab(t).a} })
}
