package reports

import "time"

// Frame is a frame on the virtual network, as its sender put it on its own cable. Files are those of
// the run's captures, one a cable; numbers count from 1 in each.
type Frame struct {
	At      time.Duration
	From    string // the station that sent it
	To      string // the station it is for; "" for none known
	Cast    bool   // for all stations of its network
	Kind    string // "probe", "announce", "who-has", "is-at", "echo-request", "echo-reply", "pipe", ...
	Text    string // what it says, in a few words
	File    string
	Number  int
	Reached []Arrival // where it arrived
	Lost    string    // why it did not, where the network dropped it
}

// Arrival is a station that a frame reached, and its place in the captures there.
type Arrival struct {
	Station string
	File    string
	Number  int
}
