"""Python's own mail programs, as people of `ipwsim serve`.

usage: people.py send|pop3|imap HOST PORT
A failed assertion is a traceback and exit status 1.
"""

import imaplib
import poplib
import smtplib
import sys

PASSWORDS = {"tanaka": "pass1234", "suzuki": "pass5678"}
BODY = "Message-ID: <1@python>\r\nSubject: dots\r\n\r\n.a line that begins with a dot\r\n..\r\n"


def send(host, port):
    with smtplib.SMTP(host, port, timeout=10) as s:
        refused = s.sendmail("suzuki@example.com", ["suzuki@example.com", "nobody@example.com", "someone@example.net"], BODY)
        assert refused["nobody@example.com"][0] == 550, refused
        assert list(refused) == ["nobody@example.com"], refused
        for path, code in (r"..\..\tanaka", 553), ("../../tanaka", 553), ("inbox/tanaka", 550):
            try:
                s.sendmail("suzuki@example.com", [path + "@example.com"], BODY)
                raise AssertionError("a path was taken for a user")
            except smtplib.SMTPRecipientsRefused as e:
                assert e.recipients[path + "@example.com"][0] == code, e.recipients


def pop3(host, port):
    try:
        login(host, port, "tanaka", "wrong")
        raise AssertionError("a wrong password was right")
    except poplib.error_proto as e:
        assert e.args[0].startswith(b"-ERR"), e
    p = login(host, port, "tanaka", PASSWORDS["tanaka"])
    count, _ = p.stat()
    ids = [p.uidl(n + 1) for n in range(count)]
    assert count == 2 and len(set(ids)) == 2, ids
    for n in range(count):
        lines = p.retr(n + 1)[1]
        assert b"delivered-to: tanaka@example.com" in [line.lower() for line in lines], lines
        p.dele(n + 1)
    p.quit()
    p = login(host, port, "tanaka", PASSWORDS["tanaka"])
    assert p.stat() == (0, 0), "deleted at QUIT"
    p.quit()


def login(host, port, user, password):
    p = poplib.POP3(host, port, timeout=10)
    p.user(user)
    p.pass_(password)
    return p


def imap(host, port):
    i = imaplib.IMAP4(host, port, timeout=10)
    try:
        i.login("suzuki", "wrong")
        raise AssertionError("a wrong password was right")
    except imaplib.IMAP4.error as e:
        assert not isinstance(e, imaplib.IMAP4.abort), e
    i.login("suzuki@example.com", PASSWORDS["suzuki"])
    for path in "../tanaka", r'"..\\tanaka"':
        assert i.select(path)[0] == "NO"
    assert i.select("INBOX") == ("OK", [b"1"])
    assert i.search(None, "SUBJECT", "dots") == ("OK", [b"1"])
    status, data = i.fetch("1", "(UID RFC822)")
    assert status == "OK" and data[0][1].endswith(BODY.encode()), data
    assert i.store("1", "+FLAGS", r"\Deleted")[0] == "OK"
    assert i.expunge() == ("OK", [b"1"])
    assert i.append("INBOX", r"\Seen", None, b"Subject: kept\r\n\r\nkept\r\n")[0] == "OK"
    i.close()
    i.logout()


{"send": send, "pop3": pop3, "imap": imap}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
