"""As that of tests/regress/requests."""
import pathlib
import runpy

runpy.run_path(str(pathlib.Path(__file__).resolve().parent.parent / "requests" / "prepare.py"), run_name="__main__")
