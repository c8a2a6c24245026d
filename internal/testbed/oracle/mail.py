"""Reads a mail from standard input with Python's own parser and writes what it found."""
import email
import json
import sys
from email import policy
from email.header import decode_header, make_header
from email.utils import getaddresses

raw = sys.stdin.buffer.read()
mail = email.message_from_bytes(raw, policy=policy.default)
# Names are read as most programs do; the newer way of some versions adds blanks
# between encoded words (RFC 2047, 6.2).
plain = email.message_from_bytes(raw)


def words(value):
    return str(make_header(decode_header(value)))


def people(name):
    return [{"name": words(n), "address": a} for n, a in getaddresses([plain[name]] if plain[name] else [])]


def body(kind):
    part = mail.get_body(preferencelist=(kind,))
    return part.get_content() if part else ""


files = []
for part in mail.walk():
    if part.is_multipart() or part.get_filename() is None:
        continue
    files.append({"name": part.get_filename(), "type": part.get_content_type(),
                  "inline": part.get_content_disposition() == "inline", "size": len(part.get_payload(decode=True))})
json.dump({
    "subject": str(mail["Subject"]), "from": people("From")[0], "to": people("To"), "cc": people("Cc"),
    "text": body("plain"), "html": body("html"), "files": files,
    "headers": {k.lower(): str(v) for k, v in mail.items()},
    "defects": [repr(d) for part in mail.walk() for d in part.defects],
}, sys.stdout)
