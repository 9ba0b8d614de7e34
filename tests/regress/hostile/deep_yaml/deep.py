"""A hundred thousand lists within each other."""
with open("inputs/programme.yaml", "w", encoding="utf-8") as stream:
    stream.write("sources: " + "[" * 100000 + "]" * 100000 + "\n")
