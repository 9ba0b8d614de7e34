"""A programme of 3 MiB, where no more than 1 MiB can be had at once."""
with open("inputs/programme.yaml", "a", encoding="utf-8") as stream:
    stream.write("# and so on\n" * (3 << 20 >> 4))
