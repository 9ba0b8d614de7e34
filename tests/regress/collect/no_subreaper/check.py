"""The three processes are gone, or are zombies that the system's first process will collect."""
import pathlib
import time

pids = pathlib.Path("pids").read_text(encoding="utf-8").split()
assert len(pids) == 3, pids
for pid in pids:
    stat = pathlib.Path(f"/proc/{pid}/stat")
    for attempt in range(100):
        if not stat.exists() or stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z":
            break
        time.sleep(0.05)
    else:
        raise AssertionError(f"process {pid} is still there")
