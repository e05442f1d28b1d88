package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// planForm is plan.json.
type planForm struct {
	Study string `json:"study"` // Plan.Key
	*Plan
}

// prepare makes the study's folder, or finds that it holds the same study.
func (p *Plan) prepare(dir string) error {
	var old planForm
	data, err := os.ReadFile(filepath.Join(dir, planFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
			return fmt.Errorf("%s holds other files; expected an empty or new folder, or one of this study", dir)
		}
	case err != nil:
		return err
	case json.Unmarshal(data, &old) != nil || old.Study == "":
		return fmt.Errorf("%s: not a plan; expected the folder of a study", filepath.Join(dir, planFile))
	case old.Study != p.Key():
		return fmt.Errorf("%s holds another study (another cluster, axes, seed or program); expected an empty or new folder, or one of this study", dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, chunkDir), 0o755); err != nil {
		return err
	}
	return p.describe(dir)
}

// describe writes the plan and its cells.
func (p *Plan) describe(dir string) error {
	for _, one := range []struct {
		name string
		v    any
	}{{cellsFile, p.cells}, {planFile, planForm{p.Key(), p}}} {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetIndent("", "  ")
		if err := enc.Encode(one.v); err != nil {
			return err
		}
		if err := writeWhole(filepath.Join(dir, one.name), b.Bytes()); err != nil {
			return err
		}
	}
	return writeWhole(filepath.Join(dir, tomlFile), p.File())
}
