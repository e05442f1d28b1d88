package reader

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// imapClient is as much of an IMAP4 client as a reader needs. Those of libraries read the connection on a
// goroutine of its own, which virtual time does not allow (see mail.Host).
type imapClient struct {
	conn net.Conn
	r    *bufio.Reader
	tag  int
}

// imapAnswer is an untagged answer: its line without "* ", and its literal if it had one.
type imapAnswer struct {
	text    string
	literal []byte
}

// imapRefusal is what the server says with NO, BAD or BYE.
type imapRefusal string

// Error is part of error.
func (r imapRefusal) Error() string { return string(r) }

// Limits on what a server may send.
const (
	imapMaxLine    = 64 << 10
	imapMaxLiteral = 64 << 20
)

// newIMAPClient reads the greeting.
func newIMAPClient(conn net.Conn) (*imapClient, error) {
	c := &imapClient{conn: conn, r: bufio.NewReaderSize(conn, imapMaxLine)}
	line, err := c.line()
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(line, "* OK") {
		return nil, imapRefusal(line)
	}
	return c, nil
}

// do sends a command and returns the untagged answers.
func (c *imapClient) do(command string) (answers []imapAnswer, err error) {
	err = c.each(command, func(a imapAnswer) error { answers = append(answers, a); return nil })
	return answers, err
}

// each sends a command and hands on each untagged answer as it comes.
func (c *imapClient) each(command string, take func(imapAnswer) error) error {
	c.tag++
	tag := fmt.Sprintf("a%d ", c.tag)
	if _, err := io.WriteString(c.conn, tag+command+"\r\n"); err != nil {
		return err
	}
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		if result, ok := strings.CutPrefix(line, tag); ok {
			if !strings.HasPrefix(result, "OK") {
				return imapRefusal(result)
			}
			return nil
		}
		text, ok := strings.CutPrefix(line, "* ")
		if !ok {
			return fmt.Errorf("found %q, expected an answer to %s", line, tag)
		}
		literal, err := c.literal(text)
		if err != nil {
			return err
		}
		if err := take(imapAnswer{text, literal}); err != nil {
			return err
		}
	}
}

func (c *imapClient) line() (string, error) {
	b, err := c.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", fmt.Errorf("a line of more than %d bytes", imapMaxLine)
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return strings.TrimRight(string(b), "\r\n"), err
}

// literal reads what follows a line that ends in {size}; nil if it does not. One literal a line is
// all that the reader's commands bring.
func (c *imapClient) literal(line string) ([]byte, error) {
	size, ok := strings.CutSuffix(line, "}")
	open := strings.LastIndexByte(size, '{')
	if !ok || open < 0 {
		return nil, nil
	}
	n, err := strconv.ParseUint(size[open+1:], 10, 32)
	if err != nil || n > imapMaxLiteral {
		return nil, fmt.Errorf("found %q, expected a literal of at most %d bytes", line, imapMaxLiteral)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(c.r, b); err != nil {
		return nil, err
	}
	_, err = c.line() // the rest of the answer
	return b, err
}

// quoted is a string of RFC 3501's form "quoted".
func quoted(s string) (string, error) {
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "", fmt.Errorf("%q holds other than ASCII", s)
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`, nil
}
