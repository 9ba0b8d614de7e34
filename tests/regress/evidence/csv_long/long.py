"""A record of 20 MiB."""
with open("inputs/evidence/directory/accounts-2025-11-28.csv", "a", encoding="utf-8") as stream:
    stream.write("x" * (20 << 20) + ",true,\n")
    stream.write("eve@example.com,true,\n")
