// Package settings is what the mail services of one node are configured with, and the product's own
// files that say so (M1-M7).
package settings

import (
	"net/netip"
	"time"

	"ipwsim/core/registry"
)

// Node is the configuration of one node's services.
type Node struct {
	SMTP     Service // EPSTRS
	POP3     Service // EPSTPOP3S
	IMAP     Service // EPSTIMAP4S
	Delivery Delivery
	// Share is the UNC name of the share that the folders are on, `\\EPOST-TEC\cl_mail`; "" when
	// they have a drive letter, with which no service works (C3).
	Share string
	// Folder is the mail work folder, below the share's root; "" for the root itself (M5).
	Folder  string
	Domains []Domain
	Hosts   map[string][]netip.Addr // of the hosts file, lower case (M7)
	Relay   Relay                   // of effect.dat
}

// Service is a service that listens.
type Service struct {
	Installed bool   // the SMTP-only product has no POP3 and no IMAP4 (M1)
	Account   string // it runs as; see Administrators
	Startup   registry.Startup
	Binds     []Bind       // what it listens on (M2)
	Hidden    []netip.Addr // connections to these are dropped without a banner (M3)
}

// Bind is an address and port to listen on; the unspecified address is any.
type Bind struct {
	Address netip.Addr
	Port    uint16 // 1 to 65535
	SSL     bool   // the port speaks TLS from the first byte
}

// Delivery is the configuration of EPSTDS.
type Delivery struct {
	Installed  bool
	Account    string // as of a Service
	Startup    registry.Startup
	LogicalIP  netip.Addr    // deliver only while this node has it; the zero Addr: always (M4)
	RetryAfter time.Duration // between two tries
	RetryFor   time.Duration // then the message bounces
}

// Service is what Windows knows of the service of that name, without what it does; false when the node has none (M1).
func (n Node) Service(name string) (s Service, installed bool) {
	switch name {
	case SMTPName:
		s = n.SMTP
	case DeliveryName:
		s = Service{Installed: n.Delivery.Installed, Account: n.Delivery.Account, Startup: n.Delivery.Startup}
	case POP3Name:
		s = n.POP3
	case IMAPName:
		s = n.IMAP
	}
	return s, s.Installed
}

// Domain is a mail domain of the product.
type Domain struct {
	Name  string     // lower case
	IP    netip.Addr // tells the domain by the address connected to; the zero Addr: it has none (M5)
	Users []User
}

// User is an account.
type User struct {
	Name     string // lower case, the local part of the address
	Password string
}
