#!/usr/bin/env python3
"""Checks an extracted bag against RFC 8493, independently of tickmark.

    bag_rules.py FOLDER

Prints what breaks a rule, a line each, and exits with 1 when there is any.
"""
import hashlib
import os
import re
import sys

DECLARATION = re.compile(rb"BagIt-Version: (\d+)\.(\d+)\r?\nTag-File-Character-Encoding: (\S+)\r?\n?")
MANIFEST_NAME = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
OXUM = re.compile(r"(\d+)\.(\d+)")


class Bag:
    def __init__(self, folder):
        self.folder = folder
        self.faults = []
        self.files = {}
        for base, folders, names in os.walk(folder):
            for name in folders + names:
                path = os.path.join(base, name)
                if os.path.islink(path):
                    self.fault(f"{path} is a symbolic link")
            for name in names:
                path = os.path.join(base, name)
                self.files[os.path.relpath(path, folder)] = path

    def fault(self, text):
        self.faults.append(text)

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return file.read()
        except OSError as error:
            self.fault(f"{name}: {error.strerror}")
            return b""

    def digest(self, name, algorithm):
        hasher = hashlib.new(algorithm)
        with open(self.files[name], "rb") as file:
            while block := file.read(1 << 20):
                hasher.update(block)
        return hasher.hexdigest()

    def payload(self):
        return {name for name in self.files if name.startswith("data/")}

    def check_declaration(self):
        """2.1.1: exactly two lines, no byte order mark."""
        match = DECLARATION.fullmatch(self.read("bagit.txt"))
        if not match:
            self.fault("bagit.txt is not the two lines of RFC 8493 2.1.1")
        elif (match[1], match[2]) != (b"1", b"0") or match[3] != b"UTF-8":
            self.fault("bagit.txt is not of version 1.0 in UTF-8")

    def check_manifest(self, name, algorithm, is_tag):
        """2.1.3 and 2.2.1: checksum, white space, path; every listed file exists and matches."""
        listed = {}
        for number, line in enumerate(self.read(name).decode("utf-8").splitlines(), 1):
            parts = line.split(None, 1)
            if len(parts) != 2:
                self.fault(f"{name}:{number}: not a checksum and a path")
                continue
            checksum, path = parts[0].lower(), parts[1].removeprefix("*").removeprefix("./")
            path = path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
            if path.startswith(("/", "~")) or ".." in path.split("/"):
                self.fault(f"{name}:{number}: {path} points out of the bag")
            elif path in listed:
                self.fault(f"{name}:{number}: {path} is listed twice")
            elif is_tag and (path.startswith("data/") or path.startswith("tagmanifest-")):
                self.fault(f"{name}:{number}: {path} has no place in a tag manifest")
            elif not is_tag and not path.startswith("data/"):
                self.fault(f"{name}:{number}: {path} is not payload")
            elif path not in self.files:
                self.fault(f"{name}:{number}: {path} does not exist")
            elif self.digest(path, algorithm) != checksum:
                self.fault(f"{name}:{number}: {path} does not match its checksum")
            listed[path] = checksum
        return set(listed)

    def check_manifests(self):
        """2.1.3, 3: at least one payload manifest; each lists every payload file; tag manifests list the manifests."""
        names = sorted(name for name in self.files if "/" not in name and MANIFEST_NAME.fullmatch(name))
        payload_manifests = [name for name in names if name.startswith("manifest-")]
        if not payload_manifests:
            self.fault("there is no payload manifest")
        if not os.path.isdir(os.path.join(self.folder, "data")):
            self.fault("there is no data folder")
        for name in names:
            is_tag, algorithm = MANIFEST_NAME.fullmatch(name).groups()
            listed = self.check_manifest(name, algorithm, bool(is_tag))
            expected = set(payload_manifests) if is_tag else self.payload()
            for missing in sorted(expected - listed):
                self.fault(f"{name} does not list {missing}")

    def check_info(self):
        """2.2.2: labels and values; continuation lines begin with white space; Payload-Oxum adds up."""
        if "bag-info.txt" not in self.files:
            return
        fields = []
        for number, line in enumerate(self.read("bag-info.txt").decode("utf-8").splitlines(), 1):
            if line[:1] in (" ", "\t") and fields:
                fields[-1][1] += line
            elif re.match(r"[^\s:][^:]*:[ \t]", line):
                label, value = line.split(":", 1)
                fields.append([label, value.strip()])
            else:
                self.fault(f"bag-info.txt:{number}: not a label and its value")
        values = {label.lower(): value for label, value in fields}
        if "bagging-date" in values and not DATE.fullmatch(values["bagging-date"]):
            self.fault("bag-info.txt: Bagging-Date is not YYYY-MM-DD")
        for label in ("payload-oxum", "bagging-date"):
            if sum(1 for field in fields if field[0].lower() == label) > 1:
                self.fault(f"bag-info.txt: {label} is given more than once")
        if "payload-oxum" in values:
            match = OXUM.fullmatch(values["payload-oxum"])
            size = sum(os.path.getsize(self.files[name]) for name in self.payload())
            if not match or (int(match[1]), int(match[2])) != (size, len(self.payload())):
                self.fault(f"bag-info.txt: Payload-Oxum is {values['payload-oxum']}, not {size}.{len(self.payload())}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    bag = Bag(sys.argv[1])
    bag.check_declaration()
    bag.check_manifests()
    bag.check_info()
    for fault in bag.faults:
        print(fault)
    sys.exit(1 if bag.faults else 0)


if __name__ == "__main__":
    main()
