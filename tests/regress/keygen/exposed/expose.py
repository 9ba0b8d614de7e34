"""Lets others read the key."""
import os

os.chmod("keys/signing.key", 0o644)
