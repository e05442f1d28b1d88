package imap

import (
	"encoding/base64"
	"strings"
)

func (s *session) login(p *parser) error {
	p.space()
	user := p.astring("a user")
	p.space()
	password := p.astring("a password")
	if err := p.end(); err != nil {
		return err
	}
	return s.enter(user, password)
}

func (s *session) enter(user, password string) error {
	account, err := s.Login(user, password)
	if err == nil {
		s.account = &account
		s.code = "[CAPABILITY " + s.capabilities() + "] "
	}
	return err
}

// authenticate is SASL's PLAIN (RFC 4616).
func (s *session) authenticate(p *parser) error {
	p.space()
	mechanism := p.word("a mechanism")
	response, given := "", p.skip(' ')
	if given {
		response = p.atom("a response", func(b byte) bool { return b > ' ' })
	}
	if err := p.end(); err != nil {
		return err
	}
	if mechanism != "PLAIN" {
		return no("", "This mechanism is not known")
	}
	if !given {
		s.line("+ ")
		if err := s.flush(); err != nil {
			return errGoneClient
		}
		line, err := s.readLine(maxLine)
		if err != nil {
			return errGoneClient
		}
		response = strings.TrimRight(string(line), "\r\n")
	}
	if response == "*" {
		return bad("Cancelled")
	}
	plain, err := base64.StdEncoding.DecodeString(response)
	parts := strings.Split(string(plain), "\x00")
	if err != nil || len(parts) != 3 {
		return bad("Malformed response")
	}
	if parts[0] != "" && parts[0] != parts[1] {
		return no("AUTHORIZATIONFAILED", "One user cannot act for another")
	}
	return s.enter(parts[1], parts[2])
}
