"""A linter on several documents, one check each: `lint.py DOCUMENT... -- COMMAND...`; the document's path goes last."""

import subprocess
import sys
from functools import partial

from counting import Checks


def lint(document: str) -> None:
    """Raises CalledProcessError when the linter finds errors; what it says of them is printed before."""
    subprocess.run([*command, document], check=True, stderr=subprocess.STDOUT)


end = sys.argv.index("--")
documents, command = sys.argv[1:end], sys.argv[end + 1 :]
checks = Checks()
for one in documents:
    checks.check(one, partial(lint, one))
    sys.stdout.flush()
checks.end()
