"""The server's own secrets, as files in one folder: RSA keys that sign tokens, and the key of client digests.

A file is written aside and then linked to its name, which fails when the name is taken: of two processes that start
at once, one makes the secret and both use it. Files are 0600, the folder 0700.
"""

import contextlib
import json
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

RSA_BITS = 2048
DIGEST_KEY = "client-digest.key"
PREFIX, SUFFIX = "signing-", ".json"
# A process that has not noticed a rotation yet may sign a moment longer; its tokens are to live to their end too.
GRACE = timedelta(minutes=1)
# Folders say in ticks of some milliseconds when they changed: one that did just now may do so again unseen.
TICK_NS = 1_000_000_000
JUST_NOW = -1


@dataclass(frozen=True)
class SigningKey:
    """One RSA key: `kid` is its RFC 7638 thumbprint, `created` when it began to sign."""

    kid: str
    created: datetime
    rsa: RSAKey

    def build_public(self) -> dict[str, Any]:
        """The public half as a JWK (RFC 7517)."""
        return {**self.rsa.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": "RS256"}


class KeyRing:
    """The signing keys in a folder. The newest signs; an older one verifies until its last token has ended.

    Every process that shares the folder notices a rotation at its next use of the ring.
    """

    def __init__(self, folder: Path, token_life: timedelta) -> None:
        self._folder, self._token_life = folder, token_life
        self._reading = threading.Lock()
        self._seen = JUST_NOW
        self._keys: dict[str, SigningKey] = {}

    def current(self) -> SigningKey:
        """The key that signs now."""
        return list(self._load().values())[-1]

    def list_keys(self) -> Sequence[tuple[SigningKey, datetime | None]]:
        """The keys, the oldest first, and when the last token of each will have ended; None for the one that signs."""
        keys = list(self._load().values())
        ends = [successor.created + self._token_life + GRACE for successor in keys[1:]]
        return list(zip(keys, (*ends, None), strict=True))

    def verifying(self, now: datetime) -> Mapping[str, SigningKey]:
        """Keys by `kid` of which tokens may still be alive at `now`."""
        return {key.kid: key for key, end in self.list_keys() if end is None or now < end}

    def build_jwks(self, now: datetime) -> dict[str, Any]:
        """The document behind /.well-known/jwks.json."""
        return {"keys": [key.build_public() for key in self.verifying(now).values()]}

    def rotate(self, now: datetime, *, forget: bool = False) -> SigningKey:
        """Sign with a new key from now on, and throw away those of which no token can be alive.

        With `forget` the others are thrown away too, and every token that they signed ends here: for a stolen key.
        """
        newest = max(self._load())
        add_key(self._folder, int(newest.removeprefix(PREFIX).removesuffix(SUFFIX)) + 1, now)
        current = self.current()
        alive = {current.kid} if forget else self.verifying(now)
        for name, key in self._load().items():
            if key.kid not in alive:
                (self._folder / name).unlink(missing_ok=True)
        return current

    def _load(self) -> Mapping[str, SigningKey]:
        """The keys by file name, the oldest first; read again only when a file came or went."""
        changed = self._folder.stat().st_mtime_ns
        if changed != self._seen:
            with self._reading:
                self._keys = self._read()
                self._seen = changed if changed < time.time_ns() - TICK_NS else JUST_NOW
        return self._keys

    def _read(self) -> dict[str, SigningKey]:
        keys: dict[str, SigningKey] = {}
        for path in sorted(self._folder.glob(f"{PREFIX}*{SUFFIX}")):
            # Another process may throw an old key away between the look and the reading.
            with contextlib.suppress(FileNotFoundError):
                keys[path.name] = self._keys.get(path.name) or _load_key(path)
        return keys


def open_keys(folder: Path, token_life: timedelta, now: datetime) -> KeyRing:
    """The key ring of a folder, with a first key made when there is none."""
    _prepare(folder)
    if not any(folder.glob(f"{PREFIX}*{SUFFIX}")):
        add_key(folder, 0, now)
    return KeyRing(folder, token_life)


def add_key(folder: Path, number: int, now: datetime) -> None:
    """Make a new RSA key under that number, unless another process has just done so."""
    document = {"created": now.isoformat(), "key": make_rsa().as_dict(private=True)}
    _create(folder / f"{PREFIX}{number:06d}{SUFFIX}", json.dumps(document).encode())


def make_rsa() -> RSAKey:
    """A fresh RSA key; takes a tenth of a second or more."""
    return RSAKey.generate_key(RSA_BITS, auto_kid=False)


def load_digest_key(folder: Path) -> bytes:
    """The 256-bit key under which client secrets are digested, made at first use."""
    _prepare(folder)
    path = folder / DIGEST_KEY
    if not path.exists():
        _create(path, secrets.token_bytes(32))
    return path.read_bytes()


def _prepare(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)


def _create(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all; one that is there already stays as it is."""
    # mkstemp makes files that only the owner can read.
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        Path(aside).unlink()


def _load_key(path: Path) -> SigningKey:
    document = json.loads(path.read_bytes())
    rsa = RSAKey.import_key(document["key"])
    return SigningKey(rsa.thumbprint(), datetime.fromisoformat(document["created"]), rsa)
