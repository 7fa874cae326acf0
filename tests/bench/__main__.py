"""``python -m tests.bench``: runs measures. See the package's own words."""

import argparse
import importlib
import pkgutil
import shlex
import signal
import sys
from typing import Any

from tests.bench import measures
from tests.bench.environment import ROOT, environment
from tests.bench.measure import Measure
from tests.bench.report import section, write
from tests.bench.run import run

DOCUMENT = ROOT / "docs" / "BENCHMARKS.md"


def find_measures() -> dict[str, Measure[Any]]:
    """All measures by name, from every module of ``tests.bench.measures``.

    Raises:
        ValueError: two have the same name.
    """
    found: dict[str, Measure[Any]] = {}
    for module in pkgutil.iter_modules(measures.__path__, f"{measures.__name__}."):
        for measure in importlib.import_module(module.name).MEASURES:
            if measure.name in found:
                raise ValueError(f"two measures are called {measure.name}")
            found[measure.name] = measure
    return found


def main(arguments: list[str]) -> int:
    known = find_measures()
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="measure", help=", ".join(known))
    parser.add_argument("--quick", action="store_true", help="a short run, to see that it works")
    parser.add_argument("--write", action="store_true", help=f"into docs/{DOCUMENT.name} as well")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(known):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    command = "make bench" + (f' ARGS="{shlex.join(arguments)}"' if arguments else "")
    # A polite stop ends the servers too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    for name in options.names or known:
        surroundings = environment()
        result = run(known[name], quick=options.quick, say=say)
        text = section(result, surroundings, command)
        sys.stdout.write(f"\n{text}\n")
        sys.stdout.flush()
        if options.write:
            write(DOCUMENT, name, text)
    return 0


def say(line: str) -> None:
    """Progress, apart from the results."""
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
