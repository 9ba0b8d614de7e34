#!/usr/bin/env python3
"""Runs hostile_packages.py against `tickmark verify` ($TICKMARK), for tests/run."""
import os
import pathlib
import subprocess
import sys

script = pathlib.Path(__file__).with_name("hostile_packages.py")
done = subprocess.run([sys.executable, "-B", str(script), os.environ["TICKMARK"], "verify"], capture_output=True,
                      text=True, check=False)
lines = (done.stdout + done.stderr).strip().splitlines() or ["nothing was printed"]
if done.returncode == 0:
    print(f"ok hostile packages: {lines[-1]}")
else:
    print(f"FAIL hostile packages: {lines[-1]}")
    print("".join(f"  {line}\n" for line in lines[:-1]), end="")
sys.exit(done.returncode)
