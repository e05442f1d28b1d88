package loopback

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"time"
)

// certificateLife is how long a certificate holds from the moment it is made.
const certificateLife = 30 * 24 * time.Hour

// certificate makes one for localhost, signed by itself, as a computer's name has none that outside
// authorities know.
func certificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	c := x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "localhost"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, &c, &c, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

// TLS is part of mail.Certified. The certificate is made at the first call.
func (h *Host) TLS() *tls.Config { return h.tls() }

// Fingerprint is the SHA-256 of the machine's certificate, in hexadecimal, by which clients can know it.
func (h *Host) Fingerprint() string {
	return fmt.Sprintf("%X", sha256.Sum256(h.TLS().Certificates[0].Certificate[0]))
}

func newTLS() *tls.Config {
	c, err := certificate()
	if err != nil { // the system has no random numbers
		panic(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{c}, MinVersion: tls.VersionTLS12}
}
