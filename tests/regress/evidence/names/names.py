"""Names and things that have no place among evidence."""
import os

os.chdir("inputs/evidence")
for name in ("people/100%.csv", "people/a\\b.csv", "people/line\nbreak.csv", "people/caf\udce9.csv"):
    with open(name, "w", encoding="utf-8") as stream:
        stream.write("x\n")
os.symlink("/etc/passwd", "people/roster-2025-11-30.csv")
os.symlink("..", "loop")
os.mkfifo("code/changes-2025-11-30.json")
