#!/bin/sh
# Checks a signed package with tools that are not ours: unzip, sha256sum, openssl, xmllint, Python's zipfile, and the
# rules of RFC 8493 (bag_rules.py).
#
#   package_oracles.sh PACKAGE CERTIFICATE
set -eu
if [ $# -ne 2 ]; then
    sed -n '2,5p' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
package=$(realpath "$1")
certificate=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

unzip -tqq "$package"
python3 -m zipfile -t "$package" > /dev/null
unzip -qq "$package"
sha256sum --quiet -c --strict manifest-sha256.txt tagmanifest-sha256.txt
python3 "$here/bag_rules.py" .
[ "$(cat mimetype)" = "application/vnd.etsi.asic-e+zip" ]
xmllint --nonet --noout META-INF/ASiCManifest001.xml
# Not the time of this run counts but the time of signing, which openssl's command does not take from the signature.
openssl cms -verify -cades -binary -inform DER -content META-INF/ASiCManifest001.xml -in META-INF/signature001.p7s \
    -CAfile "$certificate" -purpose any -no_check_time -out /dev/null 2> cms.log || { cat cms.log >&2; exit 1; }

# Every reference of the manifest, percent-decoded, and its base64 SHA-256 against the file; and nothing left over.
python3 - << 'END'
import base64, hashlib, os, sys, urllib.parse
import xml.etree.ElementTree as tree
names = {"asic": "http://uri.etsi.org/02918/v1.2.1#", "ds": "http://www.w3.org/2000/09/xmldsig#"}
root = tree.parse("META-INF/ASiCManifest001.xml").getroot()
listed = set()
for reference in root.findall("asic:DataObjectReference", names):
    path = urllib.parse.unquote(reference.get("URI"), errors="strict")
    expected = base64.b64decode(reference.find("ds:DigestValue", names).text)
    if path in listed or hashlib.sha256(open(path, "rb").read()).digest() != expected:
        sys.exit(f"{path} is listed twice or does not match the manifest")
    listed.add(path)
there = {os.path.relpath(os.path.join(base, name), ".") for base, _, files in os.walk(".") for name in files}
there = {name for name in there if not name.startswith("META-INF/") and name != "cms.log"}
if there != listed:
    sys.exit(f"the manifest and the files differ: {sorted(there ^ listed)}")
END
