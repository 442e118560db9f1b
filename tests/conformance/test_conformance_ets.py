"""The official suite is given all collections and no address to fetch, and counted by what it found this time."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.place import ets, find_jar, find_script

BASE = "http://localhost:2/wfs/tasking/v2/"
RESULTS = """<testng-results><suite name="s"><test name="Core">
<class name="org.example.core.LandingPage">
<test-method is-config="true" name="init" status="FAIL"/>
<test-method name="retrieval" status="PASS"/>
<test-method name="validation" status="FAIL"><exception><message>no
  links</message></exception></test-method>
</class>
<class name="org.example.core.Features">
<test-method name="operation" status="PASS"/>
<test-method name="crs84" status="SKIP"><exception><message>No features</message></exception></test-method>
</class>
</test></suite></testng-results>"""
# Stands in for Java: leaves what it was called with, and the results that it finds beside itself.
JAVA = f"""#!{sys.executable}
import pathlib, shutil, sys
here, folder = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[4])
(here / "called").write_text("\\n".join(sys.argv[1:]))
if (here / "results.xml").exists():
    (folder / "testng" / "1").mkdir(parents=True)
    shutil.copy(here / "results.xml", folder / "testng" / "1" / "testng-results.xml")
"""
Run = Callable[[], subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "java").write_text(JAVA)
    (tmp_path / "java").chmod(0o755)
    (tmp_path / "results.xml").write_text(RESULTS)
    command = [sys.executable, str(find_script("ets.py")), "suite.jar", BASE, str(tmp_path / "out")]
    return lambda: subprocess.run(
        command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )


def test_it_is_run_on_all_collections(run: Run, tmp_path: Path) -> None:
    run()
    called = (tmp_path / "called").read_text().split("\n")
    assert called == ["-jar", "suite.jar", "-o", str(tmp_path / "out"), "-h", "true", called[-1]]
    told = Path(called[-1]).read_text()
    assert f'<entry key="iut">{BASE}</entry>' in told
    assert '<entry key="noofcollections">-1</entry>' in told


def test_the_only_address_that_it_is_given_is_that_of_the_service(run: Run, tmp_path: Path) -> None:
    run()
    assert (tmp_path / "out" / "run.xml").read_text().count("://") == 1


def test_runs_of_test_methods_are_counted_by_class_and_in_all(run: Run) -> None:
    said = run().stdout.splitlines()
    assert "LandingPage: 1 passed, 1 failed, 0 skipped" in said
    assert "Features: 1 passed, 0 failed, 1 skipped" in said
    assert said[-1] == "2 passed, 1 failed, 1 skipped"


def test_what_did_not_pass_is_told_with_its_reason(run: Run) -> None:
    done = run()
    assert done.returncode == 1
    assert {"FAIL validation no links", "SKIP crs84 No features"} <= {*done.stdout.splitlines()}


def test_skipped_is_not_failed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "results.xml").write_text(RESULTS.replace("FAIL", "SKIP"))
    assert run().returncode == 0


def test_results_of_an_earlier_run_do_not_count(run: Run, tmp_path: Path) -> None:
    run()
    (tmp_path / "results.xml").unlink()
    done = run()
    assert done.returncode == 1
    assert "passed" not in done.stdout
    assert "left no results" in done.stderr


def test_the_jar_may_be_named_from_where_one_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ETS_JAR", "suite.jar")
    assert ets() == f"ETS_JAR names {tmp_path / 'suite.jar'}, which is not there"
    (tmp_path / "suite.jar").touch()
    assert (ets(), find_jar()) == (None, tmp_path / "suite.jar")
