"""A server that says every secret it knows, for the end-to-end test of redaction: leaky.py PORT.

The secrets come in SECRETS (JSON) in its environment. It logs what it is sent, as servers do that
trace, and raises with a secret in the message. /say answers with a cookie and the body in two
writes; /ws tells the rest: a token in a message, a value over two writes within one frame, over two
fragments, over two messages, in a compressed message, and octets of a masked frame that never ends.
"""
import base64
import hashlib
import json
import os
import socket
import struct
import sys
import threading
import time
import traceback
import zlib

SECRETS = json.loads(os.environ["SECRETS"])
MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(payload, first=0x81, mask=b""):
    size = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + struct.pack(">H", len(payload))
    size = bytes([size[0] | 0x80]) + size[1:] if mask else size
    if mask:
        payload = bytes(octet ^ mask[i % 4] for i, octet in enumerate(payload))
    return bytes([first]) + size + mask + payload


def halves(name):
    value = SECRETS[name].encode()
    return value[:len(value) // 2], value[len(value) // 2:]


def deflated(text):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


def talk(peer):
    def send(octets):
        peer.sendall(octets)
        time.sleep(0.03)

    send(frame(json.dumps({"jwt": SECRETS["jwt"]}).encode()))
    left, right = halves("two_reads")
    whole = frame(b"read " + left + right)
    send(whole[:-len(right)])
    send(whole[-len(right):])
    left, right = halves("two_fragments")
    send(frame(b"part " + left, 0x01))
    send(frame(right, 0x80))
    left, right = halves("two_messages")
    send(frame(left))
    send(frame(right))
    send(frame(deflated(b"squeezed " + SECRETS["compressed"].encode()), 0xC1))
    send(frame(b"end"))
    # The client is gone or goes soon; this frame is never whole.
    send(frame(b"masked " + SECRETS["masked"].encode() + b"." * 40, 0x81, b"\x37\xfa\x21\x3d")[:-20])


def serve(peer):
    head = b""
    while b"\r\n\r\n" not in head:
        octets = peer.recv(65536)
        if not octets:
            return
        head += octets
    lines = head.split(b"\r\n\r\n")[0].split(b"\r\n")
    headers = [tuple(line.split(b": ", 1)) for line in lines[1:]]
    path = lines[0].split()[1].decode()
    if not path.startswith("/health"):
        print(f'INFO: 127.0.0.1 - "GET {path} HTTP/1.1" 200', flush=True)
        print("TRACE: " + repr({"path": path, "headers": headers}), flush=True)
        print("DEBUG: got Bearer " + SECRETS["bearer_in_log"], flush=True)
        try:
            raise RuntimeError("cannot log in with " + SECRETS["traceback"])
        except RuntimeError:
            print("WARNING: as planned\n" + traceback.format_exc(), flush=True)
    key = dict((name.lower(), value) for name, value in headers).get(b"sec-websocket-key")
    if key:
        accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
        peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     b"Sec-WebSocket-Extensions: permessage-deflate\r\n"
                     b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        talk(peer)
        return
    body = b"ok"
    if path.startswith("/say"):
        body = ("the key is " + SECRETS["environment"] + ", the file says " + SECRETS["file"] + ", "
                + json.dumps(SECRETS["environment"])).encode()
    peer.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=" + SECRETS["set_cookie"].encode()
                 + b"; Path=/; HttpOnly\r\nConnection: close\r\nContent-Length: "
                 + str(len(body)).encode() + b"\r\n\r\n" + body[:20])
    time.sleep(0.03)
    peer.sendall(body[20:])


def run(peer):
    with peer:
        try:
            serve(peer)
        except OSError:
            pass


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=run, args=(listener.accept()[0],), daemon=True).start()
