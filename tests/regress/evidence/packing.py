"""Packs files for the cases beside it, the same bytes everywhere: no times, and deflate streams that any zlib reads."""
import gzip
import io
import tarfile
import zipfile


def gz(content):
    return gzip.compress(content, mtime=0)


def zst(content):
    """One frame (RFC 8878) of raw blocks, each below 64 KiB."""
    blocks = [content[at:at + 65535] for at in range(0, len(content), 65535)] or [b""]
    frame = b"\x28\xb5\x2f\xfd" + bytes([0xA0]) + len(content).to_bytes(4, "little")
    for index, block in enumerate(blocks):
        frame += (len(block) << 3 | (index == len(blocks) - 1)).to_bytes(3, "little") + block
    return frame


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    """Each member is (name, content)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, (2025, 12, 31, 0, 0, 0))
            entry.compress_type = method
            archive.writestr(entry, content)
    return out.getvalue()


def tarred(*members):
    """Each member is (name, content), or (name, None, target) for a link."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content, *target in members:
            entry = tarfile.TarInfo(name)
            if target:
                entry.type, entry.linkname = tarfile.SYMTYPE, target[0]
            else:
                entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content or b""))
    return out.getvalue()


def replace(path, packed, suffix):
    """Puts the packed file in the place of the one it was made from."""
    path.unlink()
    path.with_name(path.name + suffix).write_bytes(packed)
