package study

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// format is raised when rows of older programs can no longer stand beside new ones.
const format = 1

// Key names the study by all that its rows depend on: the cluster, the axes and the seeds. Runs,
// Precision and the cluster's folder are not among it: a study can be given more runs.
func (p *Plan) Key() string {
	text, err := json.Marshal(struct {
		Format  int
		Axes    []Axis
		Seed    uint64
		Horizon int64
		Short   bool
		Cluster any
	}{format, p.Axes, p.Seed, int64(p.Horizon), p.FailoverOnly, p.base})
	if err != nil {
		panic(fmt.Sprintf("study: a blueprint that JSON does not know: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
