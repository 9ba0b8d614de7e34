"""A configuration file of 64 MiB."""
with open("inputs/programme.yaml", "w", encoding="utf-8") as stream:
    stream.write("# " + "x" * 1022 + "\n")
    for _ in range(65536):
        stream.write("#" + "x" * 1022 + "\n")
