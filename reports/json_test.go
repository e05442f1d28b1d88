package reports

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func jsonOf(t require.TestingT, all []Result) []byte {
	var b bytes.Buffer
	require.NoError(t, JSON(&b, all))
	return b.Bytes()
}

func TestJSONGolden(t *testing.T) {
	golden(t, "results.json", string(jsonOf(t, []Result{cablePull(), slowFailover()})))
}

// read decodes the document, refusing fields nobody declared.
func read(t require.TestingT, raw []byte) (d Document) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&d))
	return d
}

func TestJSONRoundTrip(t *testing.T) {
	require.Equal(t, document([]Result{cablePull()}), read(t, jsonOf(t, []Result{cablePull()})))
	rapid.Check(t, func(t *rapid.T) {
		d := read(t, jsonOf(t, rapid.SliceOfN(results(), 0, 3).Draw(t, "results")))
		again, err := json.Marshal(d)
		require.NoError(t, err)
		require.Equal(t, d, read(t, again))
	})
}

func TestJSONHoldsWhatAScriptAsksFor(t *testing.T) {
	r := cablePull()
	r.Seed = 1<<64 - 1
	var d Document
	require.NoError(t, json.Unmarshal(jsonOf(t, []Result{r, {}}), &d))
	require.Equal(t, "result", d.Kind)
	require.Equal(t, 1, d.Version)
	require.Equal(t, Summary{Total: 2, Passed: 1, Failed: 1}, d.Summary)
	require.Equal(t, "18446744073709551615", d.Results[0].Seed)
	require.Equal(t, Seconds(sec(34.6)), d.Results[0].Figures[0].Value)
	require.Equal(t, Seconds(sec(40)), *d.Results[0].Figures[0].Band.Max)
	require.True(t, *d.Results[0].Figures[0].Kept)
	require.Equal(t, "no data", d.Results[1].Reasons[0].Kind)
}

func TestJSONOfNothingHasNotPassed(t *testing.T) {
	raw := string(jsonOf(t, nil))
	require.Contains(t, raw, `"passed": false`)
	require.Contains(t, raw, `"results": []`)
	require.NotContains(t, strings.ReplaceAll(string(jsonOf(t, []Result{{}})), `"to": null`, ""), "null")
}

func TestSecondsAreNumbersToTheMicrosecond(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0": 0, "34.6": sec(34.6), "-30": sec(-30), "0.000001": 1400,
	} {
		raw, err := json.Marshal(Seconds(d))
		require.NoError(t, err)
		require.Equal(t, want, string(raw))
	}
}
