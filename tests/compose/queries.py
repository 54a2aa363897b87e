#!/usr/bin/env python3
"""Whether Prometheus answers every query of Grafana's dashboards, and whether all it scrapes is up.

    queries.py URL

Reads docker/grafana/dashboards/*.json, puts values in the place of Grafana's variables, and asks Prometheus at URL. A
query that Prometheus refuses, or that finds nothing, is printed and makes the exit code 1. Python's standard library is
all that it needs.
"""

import json
import pathlib
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

DASHBOARDS = pathlib.Path(__file__).resolve().parents[2] / "docker/grafana/dashboards"
# What Grafana would fill in; every other variable takes all values.
INTERVALS = {"__rate_interval": "1m"}


def ask(url, path, **parameters):
    with urllib.request.urlopen(f"{url}{path}?{urllib.parse.urlencode(parameters)}", timeout=30) as answer:
        return json.load(answer)["data"]


def fill(expression):
    return re.sub(r"\$(\w+)", lambda variable: INTERVALS.get(variable[1], ".*"), expression)


def queries():
    for file in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{file.name}: {panel['title']}", fill(target["expr"])


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    url = sys.argv[1].rstrip("/")
    targets = ask(url, "/api/v1/targets", state="active")["activeTargets"]
    down = [f"{t['labels']['job']} at {t['scrapeUrl']}: {t['lastError']}" for t in targets if t["health"] != "up"]
    failed, count = [], 0
    for panel, query in queries():
        count += 1
        try:
            if not ask(url, "/api/v1/query", query=query)["result"]:
                failed.append(f"{panel}: nothing found by {query}")
        except urllib.error.HTTPError as error:
            failed.append(f"{panel}: {json.load(error).get('error', error)}")
    jobs = sorted(t["labels"]["job"] for t in targets)
    print(f"{len(targets) - len(down)} of {len(targets)} targets up ({', '.join(jobs)})")
    print(f"{count - len(failed)} of {count} dashboard queries answered")
    for line in down + failed:
        print(line)
    return 1 if down or failed or not count or not targets else 0


if __name__ == "__main__":
    sys.exit(main())
