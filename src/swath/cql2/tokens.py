"""CQL2 text as tokens that know their place, and a reader that goes along them one at a time."""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from swath.cql2.guard import MAX_TOKENS, refuse
from swath.errors import BadParameter

T = TypeVar("T")

# A name may hold colons and dots (`view:off_nadir`), and starts with neither digit nor dot.
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<name>(?:[^\W\d]|:)[\w.:]*)
    | (?P<symbol><>|!=|<=|>=|[-=<>+*/%^(),])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of the text and where it starts."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """How keywords and symbols are compared; strings and quoted names are neither."""
        return self.text.lower() if self.kind in ("name", "symbol") else ""


class TokenReader:
    """Goes along the tokens of a text, one at a time and never back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = find_tokens(text)
        self._at = 0

    @property
    def token(self) -> Token:
        """The next token, not yet taken."""
        return self._tokens[self._at]

    def take(self) -> Token:
        """The next token; the last one stays."""
        token = self.token
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def takes(self, word: str) -> bool:
        """Whether the next token is this word; if so it is taken."""
        found = self.token.word == word
        if found:
            self.take()
        return found

    def word_ahead(self, distance: int) -> str:
        """The word that many tokens after the next one."""
        return self._tokens[min(self._at + distance, len(self._tokens) - 1)].word

    def expect(self, word: str, called: str = "") -> Token:
        """Take this word; anything else is an error that says what was `called` for."""
        if self.token.word != word:
            raise self.surprise(called or f"'{word}'")
        return self.take()

    def expect_kind(self, kind: str, called: str) -> Token:
        """Take a token of this kind; anything else is an error that says what was `called` for."""
        if self.token.kind != kind:
            raise self.surprise(called)
        return self.take()

    def surprise(self, wanted: str) -> BadParameter:
        """The error for the next token, which is not what was wanted."""
        token = self.token
        found = "the end" if token.kind == "end" else repr(token.text[:40])
        return refuse(f"{place(self.text, token.at)}: found {found} where {wanted} was expected.")

    def listed(self, item: Callable[[], T], *, allow_empty: bool = False) -> list[T]:
        """What stands in brackets, item by item."""
        self.expect("(")
        if allow_empty and self.takes(")"):
            return []
        found = [item()]
        while self.takes(","):
            found.append(item())
        self.expect(")", "',' or ')'")
        return found


def find_tokens(text: str) -> list[Token]:
    """All tokens in order, the last one of kind `end`; raises BadParameter at what is no token."""
    tokens: list[Token] = []
    at = 0
    while not tokens or tokens[-1].kind != "end":
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            rest = text[at:].lstrip()
            raise refuse(f"{place(text, len(text) - len(rest))}: cannot read {rest[:20]!r}.")
        tokens.append(Token(found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)))
        at = found.end()
        if len(tokens) > MAX_TOKENS:
            raise refuse(
                f"The filter has more than {MAX_TOKENS} words, numbers and signs; ask in several calls."
            )
    return tokens


def place(text: str, at: int) -> str:
    """Line and column of an offset, counted from one."""
    return f"Line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"
