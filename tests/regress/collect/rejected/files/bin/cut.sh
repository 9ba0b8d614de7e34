#!/bin/sh
printf '[{"number": 1, "author": {"name": "ann"}, "merged": "2025-10-01T00:00:00Z", "approvals": []}, {"number"'
