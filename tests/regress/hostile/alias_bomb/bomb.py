"""Nine levels of nine aliases: 387 million texts, were they followed."""
lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
with open("inputs/programme.yaml", "w", encoding="utf-8") as stream:
    stream.write("\n".join(lines) + "\n")
