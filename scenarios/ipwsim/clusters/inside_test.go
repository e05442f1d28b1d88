package clusters

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What init writes behind what it has assumed is known to audit in each language: clients whose kind nobody told are then
// taken for both kinds. TestInitOfTwoFoldersInJapanese has the comment.
func TestTheMarksOfWhatIsAssumed(t *testing.T) {
	require.Equal(t, []string{"# assumed:", "# 仮定:"}, assumedMarks())
}
