"""Lays populations and the words of requests over a programme folder, and what a case keeps under lists/."""
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent

shutil.copytree(HERE / "shared", ".", dirs_exist_ok=True)
shutil.copy(ROOT / "schema" / "requests.yaml", "schema/requests.yaml")
for word in sys.argv[1:]:
    shutil.copytree(HERE / word / "lists", ".", dirs_exist_ok=True)
