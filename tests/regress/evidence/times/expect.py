"""What each text means."""
import pathlib
import sys

import texts

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import rows  # noqa: E402

for name, (_, _, wanted) in texts.TEXTS.items():
    rows.expect(f"times/{name}-2025-12-31.csv", [(f"a{i}", None, None, None, at) for i, (_, at) in enumerate(wanted)])
