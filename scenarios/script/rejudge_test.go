package script

import (
	"bytes"
	"context"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// Judging again what a run left behind, with the files it used, gives the same outcome.
func TestJudgeAgain(t *testing.T) {
	for _, text := range []string{
		"# Rules and a failed expectation\ncluster guide\nping client vip\nat 5s rule drop icmp echo from client\nat 9s rule maybe drop udp\nexpect failover 1s..2s\nend 20s\n",
		"# Mail, whose files are in folders of their own\ncluster mail\nsend client tanaka@example.com suzuki@example.com every 5s count 2\nexpect mail accepted 2\nend 20s\n",
		"# Refused\ncluster guide\nexpect problem is the real address\n-- active/ipwatch.dat --\n-c=\\\\hvt162EPST12 -i=192.168.10.200 -f=a\n",
	} {
		s, problems := Parse("case.txtar", []byte(text))
		require.NoError(t, problems.Err())
		want, err := Run(context.Background(), s, Options{Cluster: shippedCluster})
		require.NoError(t, err)
		files, err := s.ClusterFiles(shippedCluster)
		require.NoError(t, err)
		require.Contains(t, files, "cluster.toml")
		require.Contains(t, files, "active/ipwatch.dat")
		if s.Cluster == "mail" {
			require.Contains(t, files, "active/mail/epost.reg")
			require.Contains(t, files, "share/db/example.com.idx")
		}

		saved := fstest.MapFS{}
		for name, data := range files {
			saved[name] = &fstest.MapFile{Data: data}
		}
		got, err := Judge(s, func(string) (fs.FS, error) { return saved, nil }, want.Played)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestJudgeRefusesWhatCannotBeThatRun(t *testing.T) {
	s, _ := Parse("case.txtar", []byte("# Title\ncluster guide\nat 5s rule drop icmp echo from client\nexpect holder active\nend 20s\n"))
	out, err := Run(context.Background(), s, Options{Cluster: shippedCluster})
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, out.Trace.Write(&b))
	for want, spoil := range map[string]func(*finding.Played){
		"found no trace of case":              func(p *finding.Played) { p.Trace = nil },
		"found the hits of 0 rules":           func(p *finding.Played) { p.Hits = nil },
		"found a trace of scenario \"other\"": func(p *finding.Played) { p.Trace.Header.Scenario = "other" },
		"with seed 1 and 1 VIPs":              func(p *finding.Played) { p.Seed++ },
		"and 0 VIPs":                          func(p *finding.Played) { p.Trace.Header.VIPs = nil },
	} {
		p := out.Played
		p.Trace, err = trace.Read(bytes.NewReader(b.Bytes()))
		require.NoError(t, err)
		spoil(&p)
		_, err := Judge(s, shippedCluster, p)
		require.ErrorContains(t, err, want)
	}
}
