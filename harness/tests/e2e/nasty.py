"""A server that says bytes which a terminal, a page or a CI system might obey: nasty.py PORT."""
import base64
import hashlib
import socket
import sys
import threading

NASTY = (b"::error::ci \x1b[2J\x1b]0;title\x07 \x9b31m \x00 <img src=x onerror=alert(1)> ]]> `tick` ``` | "
         b"##[group]x \xe2\x80\xaetxt.exe \xe2\x80\x8b \xef\xbb\xbf \xc2\x9b \xe2\x80\xa8 \xf3\xa0\x81\x81 "
         b"\xef\xb8\x8f \xef\xbf\xbe \xff\xfe \xed\xa0\x80 &amp; {{TITLE}} javascript:alert(1) %n %s \\u{41}")
LINE = NASTY.replace(b"\x00", b"")
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(payload, first):
    size = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2, "big")
    return bytes([first]) + size + payload


def serve(peer):
    head = b""
    while b"\r\n\r\n" not in head:
        octets = peer.recv(65536)
        if not octets:
            return
        head += octets
    path = head.split()[1]
    if path.startswith(b"/health"):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        return
    for text in (NASTY, b"WARNING: two lines\n" + NASTY, b'{"message": "a\\u001b[2J\\n::error::x\\u202e"}'):
        sys.stdout.buffer.write(text + b"\n")
    sys.stdout.buffer.flush()
    key = next((line.split(b":", 1)[1].strip() for line in head.split(b"\r\n")
                if line.lower().startswith(b"sec-websocket-key:")), None)
    if key:
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
        peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        peer.sendall(frame(NASTY, 0x81) + frame(NASTY, 0x82) + frame(NASTY[:100], 0x89)
                     + frame(b"\x03\xe8" + NASTY[:120], 0x88))
        peer.recv(100)
        return
    if path.startswith(b"/raw"):
        peer.sendall(NASTY)
        return
    peer.sendall(b"HTTP/1.1 200 " + LINE[:60].replace(b"\x1b", b"") + b"\r\nX-Nasty: "
                 + bytes(octet for octet in LINE if octet >= 0x20) + b"\r\nContent-Length: "
                 + str(len(NASTY)).encode() + b"\r\nConnection: close\r\n\r\n" + NASTY)


def run(peer):
    with peer:
        try:
            serve(peer)
        except OSError:
            pass


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=run, args=(listener.accept()[0],), daemon=True).start()
