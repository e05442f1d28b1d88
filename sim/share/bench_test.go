package share_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"ipwsim/sim/share"
)

// What a message costs on its way through the queue: create, rename, read, remove.
// The floor is the same on the disk itself, without a network.
func BenchmarkMessageOnDisk(b *testing.B) {
	d := share.NewDisk(clock)
	for i := range b.N {
		message2k(d, i)
	}
}

func BenchmarkMessageOverMount(b *testing.B) {
	l := newLab(b)
	ended := false
	l.a.Go("bench", func() {
		for i := range b.N {
			message2k(l.a, i)
		}
		ended = true
	})
	for !ended {
		l.Run(time.Second)
	}
}

func message2k(s share.FS, i int) {
	name := fmt.Sprint("m", i)
	if err := s.Create(name, body); err != nil {
		panic(err)
	}
	_ = s.Rename(name, "queued")
	_, _ = s.ReadFile("queued")
	if err := s.Remove("queued"); err != nil {
		panic(err)
	}
}

var body = make([]byte, 2000)

// One round trip: the floor is an echo of as many bytes over the same virtual TCP.
func BenchmarkRoundTrip(b *testing.B) {
	l := newLab(b)
	ended := false
	l.a.Go("bench", func() {
		for range b.N {
			_ = l.a.Rename("a", "b")
		}
		ended = true
	})
	for !ended {
		l.Run(time.Second)
	}
}

var echo = netip.MustParseAddrPort("10.0.0.9:7")

func BenchmarkEcho(b *testing.B) {
	l := newLab(b)
	ended := false
	l.server.Go("echo", func() {
		listener, _ := l.server.Listen(echo)
		c, _ := listener.Accept()
		go func() {
			buf := make([]byte, 100)
			for {
				n, err := c.Read(buf)
				if err != nil {
					_ = c.Close()
					return
				}
				_, _ = c.Write(buf[:n])
			}
		}()
	})
	l.a.Go("bench", func() {
		c, err := l.a.Machine.Dial(netip.Addr{}, echo, time.Minute)
		if err != nil {
			panic(err)
		}
		buf := make([]byte, 25)
		for range b.N {
			_, _ = c.Write(buf)
			_, _ = c.Read(buf)
		}
		_ = c.Close()
		ended = true
	})
	for !ended {
		l.Run(time.Second)
	}
}

// What a look into an empty queue costs.
func BenchmarkEmptyReadDir(b *testing.B) {
	l := newLab(b)
	ended := false
	l.a.Go("bench", func() {
		for range b.N {
			_, _ = l.a.ReadDir(".")
		}
		ended = true
	})
	for !ended {
		l.Run(time.Second)
	}
}
