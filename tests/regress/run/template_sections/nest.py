"""Sections within sections."""
with open("templates/portfolio.md", "a", encoding="utf-8") as stream:
    stream.write("\n" + "{{#controls}}" * 12 + "x" + "{{/controls}}" * 12 + "\n")
