package main

import (
	"encoding/json"
	"fmt"
	"os"

	"ipwsim/sim/finding"
)

func dump(r *finding.Run) {
	if os.Getenv("DUMP") == "" {
		return
	}
	for _, x := range r.Trace.Records {
		b, _ := json.Marshal(x.Body)
		fmt.Printf("%.3f %-8s %-10s %s\n", x.At.Seconds(), x.Host, x.Body.Kind(), b)
	}
}
