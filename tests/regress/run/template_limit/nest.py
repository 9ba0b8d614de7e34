"""Quotes within quotes, and sections within sections."""
with open("templates/portfolio.md", "a", encoding="utf-8") as stream:
    stream.write("\n" + "> " * 40 + "deep\n")
