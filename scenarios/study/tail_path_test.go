package study

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/studied"
)

// A poll is lost on any cable between the nodes, there or back, and on no other.
func TestPollsAreLostOnTheWay(t *testing.T) {
	for _, c := range []struct {
		cluster string
		axes    [][]string
		passed  float64 // probability that a poll is answered
	}{
		{"guide", [][]string{{"loss", "10%"}}, 0.9 * 0.9 * 0.9 * 0.9},
		{"guide", [][]string{{"link.active.loss", "10%"}}, 0.9 * 0.9},
		{"guide", [][]string{{"link.client.loss", "50%"}}, 1},
		{"guide", [][]string{{"link.active.loss", "10%"}, {"link.standby.loss", "20%"}}, 0.81 * 0.64},
		{"guide", [][]string{{"latency", "600ms"}, {"ping-timeout", "2"}}, 0},
		{"guide", [][]string{{"latency", "400ms"}, {"ping-timeout", "2"}}, 1},
		{"two-switch", [][]string{{"loss", "10%"}}, 0.81 * 0.81 * 0.81},
	} {
		p := planOn(t, shippedCluster(t, c.cluster), 1, c.axes...)
		require.InDelta(t, 1-c.passed, p.cells[0].polls().miss, 1e-12, "%s %v", c.cluster, c.axes)
	}
	bp := shippedCluster(t, "guide")
	p := planOn(t, bp, 1, []string{"loss", "10%"})
	one := p.cells[0].blueprint.Impaired
	p.cells[0].blueprint.Impaired = one[:1] // what one end of one cable sends
	require.InDelta(t, 0.1, p.cells[0].polls().miss, 1e-12, "%v", one[0])
}

// An interrupt ends the answers.
func TestAnInterruptEndsTheAnswers(t *testing.T) {
	p := planOf(t, 2, []string{"interval", "5", "6", "7"})
	rows := execute(t, p, "", 2)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := p.Answer(ctx, rows, studied.DefaultRates, nil, Options{Workers: 1, Progress: func(s Status) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
}
