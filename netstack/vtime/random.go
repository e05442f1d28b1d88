package vtime

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"sync"
)

// Stream returns the random stream of a name under a seed. Streams are independent: drawing from
// one never changes another, so a fault taken out of a schedule leaves the rest as it was.
func Stream(seed uint64, name string) *rand.Rand {
	return rand.New(source(seed, name))
}

func source(seed uint64, name string) *rand.ChaCha8 {
	key := binary.LittleEndian.AppendUint64(nil, seed)
	return rand.NewChaCha8(sha256.Sum256(append(key, name...)))
}

// Entropy is a stream in the two forms netstack asks for: a reader (stack.Options.SecureRNG) and a
// classic source (stack.Options.RandSource). It is safe for concurrent use.
type Entropy struct {
	mu  sync.Mutex
	src *rand.ChaCha8
}

// NewEntropy returns the entropy of a name under a seed.
func NewEntropy(seed uint64, name string) *Entropy {
	return &Entropy{src: source(seed, name)}
}

// Read fills b; it never fails.
func (e *Entropy) Read(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.src.Read(b)
}

// Int63 returns 63 random bits.
func (e *Entropy) Int63() int64 { return int64(e.Uint64() >> 1) }

// Uint64 returns 64 random bits.
func (e *Entropy) Uint64() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.src.Uint64()
}

// Seed panics: the seed is the world's.
func (e *Entropy) Seed(int64) { panic("vtime: a world's entropy is seeded once") }
