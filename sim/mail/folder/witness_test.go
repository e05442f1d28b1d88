package folder_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/share"
	"ipwsim/sim/share/nas"
	"ipwsim/sim/trace"
)

// What the share does to a message's file is told of it, and of what comes into the queue whose it is; not what it
// does to other files.
func TestWitness(t *testing.T) {
	d := emptyDisk()
	f := opened(t, d)
	require.NoError(t, f.Accept(envelope(1, "a@test.jp"), message))
	require.NoError(t, f.Accept(envelope(2, "b@test.jp", "c@test.jp"), message))
	one, two := folder.ID(when, 1, "active"), folder.ID(when, 2, "active")
	peer := netip.MustParseAddrPort("10.0.0.1:50000")
	tells := func(op nas.Op, from, to string) *trace.MailFile {
		record, ok := folder.Witness(share.Change{Op: op, Name: from, To: to, Peer: peer}, d.ReadFile)
		if !ok {
			return nil
		}
		return &record
	}
	const queue = "cl_mail/queue/"
	require.Equal(t, &trace.MailFile{
		Do: trace.FileMoved, File: queue + "tmp/" + one + ".001", To: queue + one + ".001", Peer: peer,
		Mail: &trace.MailEnvelope{From: "s@test.jp", To: []string{"a@test.jp"}, MessageID: "1@x"},
	}, tells(nas.Rename, queue+"tmp/"+one+".001", queue+one+".001"))
	require.Equal(t, &trace.MailEnvelope{From: "s@test.jp", To: []string{"b@test.jp", "c@test.jp"}, MessageID: "1@x"},
		tells(nas.Rename, queue+"tmp/"+two, queue+two).Mail, "an acceptance of several is known by its copies' message")
	require.Equal(t, &trace.MailFile{Do: trace.FileMoved, File: queue + one + ".001", To: "cl_mail/inbox/a/" + one + ".001", Peer: peer},
		tells(nas.Rename, queue+one+".001", "cl_mail/inbox/a/"+one+".001"))
	require.NotNil(t, tells(nas.Rename, "inbox/a/"+one+".001", "inbox/a/old/7"), "a mailbox may give it another name")
	require.Equal(t, trace.FileRemoved, tells(nas.Remove, "inbox/a/"+one+".001", "").Do)
	require.Equal(t, trace.FileCreated, tells(nas.Create, queue+"tmp/"+two+"~"+one+".001", "").Do)
	for _, other := range []string{"cl_mail/inbox/a/imap/index.0000000001", "cl_mail/db/test.jp.idx", "cl_mail/reg/" + one + ".001", "cl_mail/inbox/a/imap-x"} {
		require.Nil(t, tells(nas.Remove, other, ""), other)
	}
}

// A message that left the queue says which entry it was.
func TestEntryOf(t *testing.T) {
	one := folder.ID(when, 1, "active")
	for text, want := range map[string]string{
		"Received: from x ([10.0.0.1]) by active with ESMTP id " + one + "; Fri\r\nReceived: by y id 20250207161927005-0009-other; Fri\r\n\r\n": one,
		"Received: from x\r\n by active with ESMTP id " + one + ";\r\n Fri\r\n\r\n":                                                             one,
		"From: <a@test.jp>\r\nMessage-ID: <" + folder.ReportID(one+".001") + "@active>\r\n\r\n":                                                 one + "-r001",
		"From: <a@test.jp>\r\nReceived: by y id " + one + "; Fri\r\n\r\n":                                                                       "",
		"Received: from x by active with ESMTPSA id " + one + " for <b@test.jp>; Fri\r\n\r\n":                                                   one,
		"": "",
	} {
		require.Equal(t, want, folder.EntryOf([]byte(text)), text)
	}
}
