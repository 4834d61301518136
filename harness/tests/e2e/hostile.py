"""A server that means harm, for the end-to-end tests: hostile.py MODE PORT.

/health is answered as it should be in every mode, so that the target counts as ready. Anything else:

      silent           is read and never answered
      dribble          is answered with one octet a second
      endless-head     is answered with header lines without end
      endless-body     is answered with a chunked body without end
      endless-frames   is upgraded; then text messages without end
      endless-message  is upgraded; then fragments of one message without end
      many-frames      is upgraded; then 60,000 text messages, then the end
      long-text        is upgraded; then one text of 2 MiB in two fragments
      endless-octets   is answered with octets that are not HTTP, without end
      endless-interim  is answered with 100 Continue without end
      endless-closes   is upgraded; then Close frames without end
      log-flood        is upgraded; then the log fills and nothing is sent
      bomb             is upgraded with compression; then 32 MiB in 32 kB
      endless-bombs    is upgraded with compression; then such bombs without end
      bad-deflate      is upgraded with compression; then a message that does not inflate
      rsv1             is upgraded without compression; then a message that is compressed
      pings            is upgraded; then pings without end
      huge-frame       is upgraded; then a frame that announces 2^40 octets, and as many as are taken
      huge-length      is answered with a Content-Length of 2^62 and as many octets as are taken
      twice            is answered twice
      short            announces more octets than it sends, then ends
      long             announces fewer octets than it sends
      negative         announces a negative Content-Length
      bad-chunk        announces a chunk of 2^64 octets
      frame-short      is upgraded; a frame announces more octets than it has, then ends
      closes, resets   /N: the answer ends after N octets, by FIN or by RST
      ws-closes, ws-resets   /N: the same for an upgrade and its first message

What has no end stops after LIMIT seconds or when the client has left.
"""
import base64
import hashlib
import socket
import struct
import sys
import threading
import time
import zlib

MODE, PORT = sys.argv[1], int(sys.argv[2])
LIMIT = 20
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BLOCK = b"x" * 65536


def upgraded(head, extensions=b""):
    key = next(line.split(b":", 1)[1].strip() for line in head.split(b"\r\n")
               if line.lower().startswith(b"sec-websocket-key:"))
    accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
    return (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n" + extensions + b"\r\n")


DEFLATE = b"Sec-WebSocket-Extensions: permessage-deflate\r\n"


def bomb():
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    octets = squeeze.compress(bytes(32 << 20)) + squeeze.flush(zlib.Z_SYNC_FLUSH)
    return b"\xc2\x7e" + struct.pack(">H", len(octets) - 4) + octets[:-4]


def without_end(client, block):
    until = time.monotonic() + LIMIT
    while time.monotonic() < until:
        client.sendall(block)


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def attack(client, head, path):
    if MODE == "silent":
        time.sleep(LIMIT)
    elif MODE == "dribble":
        for octet in OK[:LIMIT]:
            client.sendall(bytes([octet]))
            time.sleep(1)
    elif MODE == "endless-head":
        client.sendall(b"HTTP/1.1 200 OK\r\n")
        without_end(client, b"X-More: and more\r\n" * 2000)
    elif MODE == "endless-body":
        client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        without_end(client, b"10000\r\n" + BLOCK + b"\r\n")
    elif MODE == "endless-frames":
        client.sendall(upgraded(head))
        without_end(client, b"\x81\x05hello" * 2000)
    elif MODE == "endless-message":
        client.sendall(upgraded(head) + b"\x01\x05hello")
        without_end(client, b"\x00\x7f" + struct.pack(">Q", len(BLOCK)) + BLOCK)
    elif MODE == "many-frames":
        client.sendall(upgraded(head) + b"\x81\x05hello" * 60000)
    elif MODE == "long-text":
        half = struct.pack(">Q", 1 << 20) + b"hello" + b"x" * ((1 << 20) - 5)
        client.sendall(upgraded(head) + b"\x01\x7f" + half + b"\x80\x7f" + half)
        time.sleep(1)
    elif MODE == "endless-octets":
        without_end(client, b"nothing of HTTP\r\n" * 2000)
    elif MODE == "endless-interim":
        without_end(client, b"HTTP/1.1 100 Continue\r\n\r\n" * 2000)
    elif MODE == "endless-closes":
        client.sendall(upgraded(head))
        without_end(client, b"\x88\x02\x03\xe8" * 2000)
    elif MODE == "log-flood":
        client.sendall(upgraded(head))
        until = time.monotonic() + 3
        while time.monotonic() < until:
            print("a line of the log\n" * 200, end="", flush=True)
    elif MODE == "bomb":
        client.sendall(upgraded(head, DEFLATE) + bomb())
        time.sleep(5)
    elif MODE == "endless-bombs":
        client.sendall(upgraded(head, DEFLATE))
        without_end(client, bomb())
    elif MODE == "bad-deflate":
        client.sendall(upgraded(head, DEFLATE) + b"\xc1\x03\xff\xff\xff")
        time.sleep(5)
    elif MODE == "rsv1":
        client.sendall(upgraded(head) + b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00")
        time.sleep(5)
    elif MODE == "pings":
        client.sendall(upgraded(head))
        without_end(client, b"\x89\x04ping" * 2000)
    elif MODE == "huge-frame":
        client.sendall(upgraded(head) + b"\x82\x7f" + struct.pack(">Q", 1 << 40))
        without_end(client, BLOCK)
    elif MODE == "huge-length":
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (1 << 62))
        without_end(client, BLOCK)
    elif MODE == "twice":
        client.sendall(OK + OK)
        time.sleep(1)
    elif MODE == "short":
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nok")
    elif MODE == "long":
        client.sendall(OK + b" and more than that")
    elif MODE == "negative":
        client.sendall(OK.replace(b": 2", b": -2"))
    elif MODE == "bad-chunk":
        client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\nok\r\n0\r\n\r\n")
    elif MODE == "frame-short":
        client.sendall(upgraded(head) + b"\x81\x0ahello")
    elif MODE in ("closes", "resets"):
        client.sendall(OK[:int(path[1:])])
        if MODE == "resets":
            time.sleep(0.02)  # what was sent arrives before the reset
            reset(client)
    elif MODE in ("ws-closes", "ws-resets"):
        client.sendall((upgraded(head) + b"\x81\x05hello")[:int(path[1:])])
        if MODE == "ws-resets":
            time.sleep(0.02)
            reset(client)


def serve(client):
    try:
        with client:
            while True:
                head = b""
                while b"\r\n\r\n" not in head:
                    more = client.recv(65536)
                    if not more:
                        return
                    head += more
                target = head.split(b" ", 2)[1].decode()
                path = target.split("?")[0]
                print(f"GET {target}", flush=True)
                if path != "/health":
                    return attack(client, head, path)
                client.sendall(OK)
    except OSError:
        pass


listener = socket.create_server(("127.0.0.1", PORT), backlog=64)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
