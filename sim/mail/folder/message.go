package folder

import (
	"bytes"
	"net/mail"
	"strings"
)

// MessageID is a message's own, without its angle brackets; "" when it has none.
func MessageID(message []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		return ""
	}
	return strings.Trim(strings.TrimSpace(m.Header.Get("Message-Id")), "<>")
}
