#!/usr/bin/env python3
"""A venue's own sign-in page for xdp-portal: asks for room and name, and grants.

Python's standard library alone. The protocol is docs/REMOTE.md; README.md beside this file says
how to run it. To make it your own, replace Guests by what knows your guests.
"""

import argparse
import base64
import binascii
import csv
import hashlib
import hmac
import html
import http.server
import json
import pathlib
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

LONGEST_TOKEN = 16 * 1024
LONGEST_FORM = 32 * 1024
LEEWAY_S = 60  # by how much the two clocks may differ
GRANT_LIFETIME_S = 120  # long enough for a slow browser, and no longer


class Refused(Exception):
    """Why a token or a guest is refused, for the log."""


# --- Tokens: JWT (RFC 7519) signed with HS256 -----------------------------------------------------


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text):
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("not base64url") from error


def signature(signed_part, secret):
    return encode(hmac.new(secret, signed_part.encode("ascii"), hashlib.sha256).digest())


def sign(claims, secret):
    header = encode(b'{"alg":"HS256","typ":"JWT"}')
    signed_part = header + "." + encode(json.dumps(claims).encode("utf-8"))
    return signed_part + "." + signature(signed_part, secret)


def verify(token, secret):
    """The claims of a token that the secret has signed."""
    if len(token) > LONGEST_TOKEN or not token.isascii() or token.count(".") != 2:
        raise Refused("not a token")
    signed_part, _, given = token.rpartition(".")
    # Before anything of it is read, and in constant time.
    if not hmac.compare_digest(given, signature(signed_part, secret)):
        raise Refused("the signature is wrong")
    try:
        header, claims = (json.loads(decode(part)) for part in signed_part.split("."))
    except ValueError as error:
        raise Refused("not JSON") from error
    if not isinstance(header, dict) or header.get("alg") != "HS256" or "crit" in header:
        raise Refused("not signed with HS256")
    if not isinstance(claims, dict):
        raise Refused("the claims are no object")
    return claims


def read_request(token, secret, own_url):
    """What the portal says of a guest whom it has sent."""
    claims = verify(token, secret)
    for name in ("iss", "aud", "sub", "jti", "return"):
        if not isinstance(claims.get(name), str):
            raise Refused("claim " + name + " is missing")
    if claims["aud"] != own_url:
        raise Refused("the token is for " + claims["aud"])
    now = time.time()
    if not isinstance(claims.get("exp"), int) or claims["exp"] <= now - LEEWAY_S:
        raise Refused("the token has expired")
    if not isinstance(claims.get("iat"), int) or claims["iat"] > now + LEEWAY_S:
        raise Refused("the token is of the future: compare the clocks")
    return claims


def make_grant(request, secret, own_url, user):
    now = int(time.time())
    return sign(
        {
            "iss": own_url,
            "aud": "xdp-portal",
            "sub": request["sub"],
            "nonce": request["jti"],
            "iat": now,
            "exp": now + GRANT_LIFETIME_S,
            "user": user,
        },
        secret,
    )


# --- Bringing a grant to the portal without the guest ---------------------------------------------


class Callback:
    """The portal's HTTPS API, which `remote.listen` of portald.toml opens."""

    def __init__(self, url, ca_file):
        self.url = url.rstrip("/") + "/v1/grants"
        context = ssl.create_default_context(cafile=ca_file)
        # No proxy of the environment, and nothing but HTTPS.
        self.opener = urllib.request.OpenerDirector()
        self.opener.add_handler(urllib.request.HTTPSHandler(context=context))
        self.opener.add_handler(urllib.request.HTTPErrorProcessor())
        self.opener.add_handler(urllib.request.HTTPDefaultErrorHandler())

    def bring(self, grant):
        request = urllib.request.Request(
            self.url,
            data=json.dumps({"grant": grant}).encode("ascii"),
            headers={"Content-Type": "application/json"},
        )
        try:
            with self.opener.open(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = error.read(4096).decode("utf-8", "replace")
            raise Refused(f"the portal answers {error.code}: {problem}") from error
        except (urllib.error.URLError, TimeoutError) as error:
            raise Refused(f"the portal cannot be reached: {error}") from error


# --- The venue ------------------------------------------------------------------------------------


class Guests:
    """Who lives in which room, from a file of lines ROOM,NAME."""

    def __init__(self, path):
        with open(path, newline="", encoding="utf-8") as file:
            self.names = {row[0].strip(): row[1].strip() for row in csv.reader(file) if row}

    def lives_there(self, room, name):
        expected = self.names.get(room)
        return expected is not None and expected.casefold() == name.casefold()


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{title}</h1>
{content}
</main></body></html>
"""

FORM = """{alert}<form method="post" action="{action}">
<input type="hidden" name="token" value="{token}">
<p><label for="room">Room</label> <input id="room" name="room" required maxlength="16"></p>
<p><label for="name">Name</label>
<input id="name" name="name" required maxlength="64" autocomplete="name"></p>
<p><button>Go online</button></p>
</form>"""


class Venue(http.server.BaseHTTPRequestHandler):
    """Serves one path: the sign-in page (GET) and what it is filled in with (POST)."""

    settings = None
    timeout = 10  # of each read
    server_version = "remote-portal"
    sys_version = ""

    def do_GET(self):
        address = urllib.parse.urlsplit(self.path)
        if address.path != self.settings.path:
            return self.answer(404, "There is no such page", "")
        token = self.fields(address.query).get("token", "")
        try:
            self.read(token)
        except Refused as refusal:
            return self.start_again(refusal)
        return self.ask(200, token, "")

    def do_POST(self):
        if urllib.parse.urlsplit(self.path).path != self.settings.path:
            return self.answer(404, "There is no such page", "")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > 9 or int(length) > LONGEST_FORM:
            self.close_connection = True
            return self.answer(413, "That is too much", "")
        form = self.fields(self.rfile.read(int(length)).decode("utf-8", "replace"))
        token = form.get("token", "")
        try:
            request = self.read(token)
        except Refused as refusal:
            return self.start_again(refusal)
        room = form.get("room", "").strip()
        if not self.settings.guests.lives_there(room, form.get("name", "").strip()):
            return self.ask(403, token, "<p role=\"alert\">No such guest in that room.</p>\n")
        grant = make_grant(request, self.settings.secret, self.settings.url, "room-" + room)
        if self.settings.callback is None:
            query = urllib.parse.urlencode({"grant": grant})
            return self.redirect(request["return"] + "?" + query)
        try:
            self.settings.callback.bring(grant)
        except Refused as refusal:
            self.log_error("%s", refusal)
            return self.answer(502, "The network does not answer", "<p>Please ask the staff.</p>")
        # Signed in already: without a grant, the portal shows how things stand.
        return self.redirect(request["return"])

    def read(self, token):
        return read_request(token, self.settings.secret, self.settings.url)

    def start_again(self, refusal):
        self.log_error("%s", refusal)
        return self.answer(403, "Please start again", "<p>Open any web page to do so.</p>")

    def ask(self, status, token, alert):
        form = FORM.format(
            alert=alert, action=html.escape(self.settings.path), token=html.escape(token)
        )
        return self.answer(status, "Welcome", form)

    def answer(self, status, title, content):
        body = PAGE.format(title=html.escape(title), content=content).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        # form-action would bind where the answer to the form may lead, which is the portal.
        policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
        self.send_header("Content-Security-Policy", policy)
        self.finish_head()
        self.wfile.write(body)

    def redirect(self, location):
        self.send_response(303)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.finish_head()

    def finish_head(self):
        self.send_header("Cache-Control", "no-store")
        # The token is in our address.
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    @staticmethod
    def fields(text):
        try:
            return dict(urllib.parse.parse_qsl(text, max_num_fields=16))
        except ValueError:
            return {}

    def log_message(self, format, *args):
        # Without the query: it holds the token.
        line = (format % args).split("?", 1)[0]
        sys.stderr.write(f"{self.address_string()} {line}\n")


def read_secret(path):
    secret = pathlib.Path(path).read_bytes().strip()
    if len(secret) < 32:
        sys.exit(f"{path}: fewer than 32 bytes; make a secret with: openssl rand -hex 32")
    return secret


def main():
    parser = argparse.ArgumentParser(description="A venue's own sign-in page for xdp-portal.")
    parser.add_argument("--listen", default="127.0.0.1:8080", help="ADDRESS:PORT")
    parser.add_argument("--url", required=True, help="as remote.url of portald.toml")
    parser.add_argument("--secret-file", required=True, help="as remote.secret_file")
    parser.add_argument("--guests", required=True, help="a file of lines ROOM,NAME")
    parser.add_argument("--callback", help="https://HOST:PORT of remote.listen; else guests bring")
    parser.add_argument("--ca-file", help="the CA of the portal's certificate, if it is your own")
    settings = parser.parse_args()
    settings.secret = read_secret(settings.secret_file)
    settings.path = urllib.parse.urlsplit(settings.url).path or "/"
    settings.guests = Guests(settings.guests)
    if settings.callback is not None:
        if not settings.callback.startswith("https://"):
            parser.error("--callback takes an https URL")
        settings.callback = Callback(settings.callback, settings.ca_file)
    Venue.settings = settings
    host, _, port = settings.listen.rpartition(":")
    with http.server.ThreadingHTTPServer((host, int(port)), Venue) as server:
        print(f"listening at {settings.listen}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
