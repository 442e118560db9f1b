"""The documents keep what they say: links lead somewhere, commands and words are those there are."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changes/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def anchors_of(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if "://" in link:
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{link} in {page.name}"
        assert not anchor or anchor in anchors_of(file), f"{link} in {page.name}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, todo = set[Path](), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = [
            link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8")) if "://" not in link
        ]
        todo += [(page.parent / link).resolve() for link in links if link]
    pages = {page for page in PAGES if page.parent.name not in ("changes", "decisions")}
    assert pages - seen == set()


def test_the_command_reference_is_what_the_commands_say() -> None:
    script: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "build_cli_reference.py"))
    written = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
    assert written == script["build_reference"](), "run: python scripts/build_cli_reference.py"


def test_every_make_command_named_in_a_page_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE))
        assert named <= targets, page.name


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(len(numbers)))


def test_decisions_are_about_200_words() -> None:
    words = {
        page.name: len(page.read_text("utf-8").split()) for page in (ROOT / "docs" / "decisions").glob("*.md")
    }
    assert {name: count for name, count in words.items() if count > 250} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_example_waits_for_a_guessed_time(page: Path) -> None:
    assert not re.findall(r"^\s*sleep\b.*", page.read_text("utf-8"), re.MULTILINE)
