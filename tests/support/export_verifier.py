#!/usr/bin/env python3
"""Verifies an export of Pollwall, from docs/format-export.md alone: what is in it is what was sealed.

    export_verifier.py EXPORT [--fingerprint F]

EXPORT is a folder or a .zip. Findings go to stderr, one verdict to stdout. Exit codes as in the document:
0 intact and the signer is F, 3 intact, 4 not intact or another signer, 1 not read, 2 wrong usage.
"""

import hashlib
import json
import os
import re
import stat
import struct
import sys
import zlib

# Ed25519, RFC 8032 section 5.1, verification only: cofactorless, canonical S and points, no small order.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    """Two points in extended coordinates (X, Y, Z, T)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    product = (0, 1, 1, 0)
    while n:
        if n & 1:
            product = add(product, point)
        point, n = add(point, point), n >> 1
    return product


def is_same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point(encoded):
    """The point of 32 bytes, or None: also where they are not its only spelling."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    if any(is_same(times(8, p), (0, 1, 1, 0)) for p in (a, r)):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return is_same(times(s, BASE), add(r, times(k, a)))


# Reading an export: a folder, or a .zip with everything stored.

class Folder:
    def __init__(self, root):
        self.root, self.names, self.odd = root, set(), []
        for at, folders, files in os.walk(root, onerror=stop):
            for name in list(folders) + files:
                path = os.path.join(at, name)
                shown = os.path.relpath(path, root).replace(os.sep, "/")
                mode = os.lstat(path).st_mode
                if stat.S_ISREG(mode):
                    self.names.add(shown)
                elif not stat.S_ISDIR(mode):
                    self.odd.append((shown, "is no plain file"))

    def open(self, name):
        path = os.path.join(self.root, *name.split("/"))
        return open(path, "rb"), 0, os.path.getsize(path)


class Zip:
    """Section 4: entries from byte 0 without a hole, then the directory, then nothing."""

    def __init__(self, path):
        self.path, self.names, self.odd, self.at = path, set(), [], {}
        try:
            with open(path, "rb") as file:
                self.is_zip = file.read(4) == b"PK\3\4"
                self.read(file, os.path.getsize(path))
        except (struct.error, ValueError, IndexError) as error:
            self.odd.append(("the .zip", str(error)))

    def read(self, file, size):
        file.seek(max(0, size - 22))
        end = struct.unpack("<4s4H2LH", file.read(22))
        magic, disk, start_disk, here, count, length, begins, comment = end
        if magic != b"PK\5\6" or comment or disk or start_disk or here != count:
            raise ValueError("something follows its end, or it has more than one part")
        tail = size - 22
        if 0xFFFF == count or 0xFFFFFFFF in (length, begins):
            file.seek(tail - 76)
            big = struct.unpack("<4sQ2H2L4Q", file.read(56))
            locator = struct.unpack("<4sLQL", file.read(20))
            tail -= 76
            count, length, begins = big[7], big[8], big[9]
            if big[0] != b"PK\6\6" or locator[0] != b"PK\6\7" or locator[2] != tail or big[6] != count:
                raise ValueError("its end does not say where its directory is")
        if begins + length != tail:
            raise ValueError("there is a hole before its end")
        file.seek(begins)
        directory, at, expected = file.read(length), 0, 0
        for _ in range(count):
            row = struct.unpack_from("<4s6H3L5H2L", directory, at)
            magic, _, _, flags, method, _, _, crc, packed, plain, n, e, c, _, _, _, local = row
            name, extra = directory[at + 46:at + 46 + n], directory[at + 46 + n:at + 46 + n + e]
            packed, plain, local = wide(extra, plain, packed, local)
            at += 46 + n + e + c
            text = name.decode("utf-8")
            file.seek(local)
            head = struct.unpack("<4s5H3L2H", file.read(30))
            other, other_extra = file.read(head[9]), file.read(head[10])
            sizes = wide(other_extra, head[8], head[7], 0)[:2]
            if magic != b"PK\1\2" or head[0] != b"PK\3\4" or local != expected:
                raise ValueError(f"{text} is not where the entry before ends")
            if method or head[3] or flags & ~0x800 or head[2] != flags or packed != plain:
                raise ValueError(f"{text} is not stored plainly")
            if other != name or head[6] != crc or sizes != (packed, plain):
                raise ValueError(f"{text} is another in the directory than at its place")
            data = local + 30 + head[9] + head[10]
            expected = data + packed
            if text in self.names:
                raise ValueError(f"{text} is there twice")
            if text.endswith("/") and not plain:
                continue
            self.names.add(text)
            self.at[text] = (data, plain)
            if crc != checksum(file, data, plain):
                self.odd.append((text, "its CRC is another"))
        if at != length or expected != begins:
            raise ValueError("there is a hole in it")

    def open(self, name):
        return open(self.path, "rb"), *self.at[name]


def wide(extra, plain, packed, local):
    """Sizes of 64 bits, where those of 32 say so."""
    at, values = 0, [plain, packed, local]
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wanted = [n for n, value in enumerate(values) if value == 0xFFFFFFFF]
            found = struct.unpack_from(f"<{len(wanted)}Q", extra, at + 4)
            for n, value in zip(wanted, found):
                values[n] = value
        at += 4 + length
    return values[1], values[0], values[2]


def checksum(file, at, length):
    crc = 0
    for piece in pieces(file, at, length):
        crc = zlib.crc32(piece, crc)
    return crc


def stop(error):
    raise error


def pieces(file, at, length):
    file.seek(at)
    while length:
        piece = file.read(min(length, 1 << 20))
        if not piece:
            raise ValueError("it is shorter than it says")
        length -= len(piece)
        yield piece


def sha256(file, at, length):
    sha = hashlib.sha256()
    for piece in pieces(file, at, length):
        sha.update(piece)
    return sha.hexdigest()


# JSON as the document has it.

def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a key is there twice")
    return dict(pairs)


def read_json(raw):
    def refuse(_):
        raise ValueError("it has a number that is no number")
    return json.loads(raw.decode("utf-8"), object_pairs_hook=once, parse_constant=refuse)


def number(value, least=0):
    return type(value) is int and least <= value < 1 << 64


def time(value):
    return type(value) is int and -(1 << 63) <= value < 1 << 63


def text(value):
    return isinstance(value, str)


def maybe(of):
    return lambda value: value is None or of(value)


def digits(length):
    return lambda value: text(value) and re.fullmatch(f"[0-9a-f]{{{2 * length}}}", value) is not None


def is_name(value):
    return text(value) and all(part not in ("", ".", "..") for part in value.split("/")) and "\\" not in value


def listed(of):
    return lambda value: isinstance(value, list) and all(of(one) for one in value)


def fields(**wanted):
    def fits(value):
        return isinstance(value, dict) and all(name in value and of(value[name]) for name, of in wanted.items())
    return fits


FEED = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*) (main|sub)")
STATION = re.compile(r"[1-9][0-9]*/[1-9][0-9]*")
SIGNATURE = fields(format=text, key=digits(32), fingerprint=digits(32), signature=digits(64),
                   certificate=maybe(text))
LINK = fields(place=lambda n: number(n, 1), exported=lambda b: isinstance(b, bool), sha256=digits(32),
              facts=listed(maybe(text)), chain=digits(32), extra_before_us=number, extra_after_us=number)
HEAD = fields(number=lambda n: number(n, 1), made_us=time, feeds=number, root=digits(32),
              previous=digits(32), key=digits(32), signature=digits(64), n=number)
PROOF = fields(index=number, leaves=number, path=listed(digits(32)))
GAP = fields(from_us=time, to_us=time, cause=maybe(text))
ONE_FEED = fields(feed=lambda f: text(f) and FEED.fullmatch(f) is not None, place_before=number,
                  chain_before=digits(32), links=listed(LINK), head=maybe(HEAD), proof=maybe(PROOF),
                  gaps=listed(GAP))
MANIFEST = fields(format=text, software=text, made_us=time, operator=maybe(text), reason=text,
                  recipient=maybe(text), from_us=time, to_us=time,
                  stations=maybe(listed(lambda s: text(s) and STATION.fullmatch(s) is not None)),
                  files=listed(fields(path=is_name, bytes=number, sha256=digits(32))),
                  feeds=listed(ONE_FEED))


def key_of(feed):
    district, station, kind = FEED.fullmatch(feed).groups()
    return int(district), int(station), ("main", "sub").index(kind)


# What is hashed: format-seal.md.

def chained(before, sha, facts):
    parts = [b"pollwall-segment-1", before, bytes.fromhex(sha)]
    for fact in facts:
        raw = None if fact is None else fact.encode()
        parts.append(b"\xff" * 8 if raw is None else len(raw).to_bytes(8, "big") + raw)
    return hashlib.sha256(b"".join(parts)).digest()


def head_bytes(head):
    numbers = struct.pack(">QqQ", head["number"], head["made_us"], head["feeds"])
    hashes = bytes.fromhex(head["root"] + head["previous"])
    return b"pollwall-head-1" + numbers + hashes + hashlib.sha256(bytes.fromhex(head["key"])).digest()


def root_of(leaf, index, count, path):
    """RFC 9162, 2.1.3.2; None where the path does not fit."""
    if index >= count:
        return None
    node, last, at = hashlib.sha256(b"\0" + leaf).digest(), count - 1, index
    for beside in map(bytes.fromhex, path):
        if last == 0:
            return None
        if at & 1 or at == last:
            node = hashlib.sha256(b"\1" + beside + node).digest()
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + beside).digest()
        at, last = at >> 1, last >> 1
    return node if last == 0 else None


HEAD_ID, TAIL_ID = bytes.fromhex("865968e514e54f9987f2dab432f30dca"), bytes.fromhex("1d6fc9c5db6a4c2bb093ad75ed89e022")


def facts_of(file, start, size):
    """Facts 2 to 15 of a file, its feed, and where its tail begins: format-segment.md."""
    def at(offset, length):
        if offset < 0 or offset + length > size:
            raise ValueError("it is cut")
        file.seek(start + offset)
        return file.read(length)
    offset, head = 0, None
    while head is None:
        length, kind = struct.unpack(">L4s", at(offset, 8))
        if kind == b"uuid" and at(offset + 8, 16) == HEAD_ID:
            head = read_json(at(offset + 24, length - 24))
        elif kind not in (b"ftyp", b"moov") or length < 8:
            raise ValueError("it has no head")
        offset += length
    length = int.from_bytes(at(size - 4, 4), "big")
    begins = size - length
    if begins < offset or at(begins, 24) != length.to_bytes(4, "big") + b"uuid" + TAIL_ID:
        raise ValueError("it has no tail")
    tail = read_json(at(begins + 24, length - 28))
    if head["form"] != 1 or tail["form"] != 1 or head["first"] != tail["first"]:
        raise ValueError("its head and its tail contradict each other")
    if tail["sha256_before"] != sha256(file, start, begins):
        raise ValueError("its tail is of other bytes")
    breaks = ",".join(f"{a}-{b}" for a, b in tail["breaks"])
    ends = [tail[end][clock] for end in ("first", "last") for clock in ("utc_us", "mono_us")]
    said = [head["run"], *ends, tail["first_pts"], tail["last_pts"], tail["frames"], size, breaks,
            head["camera_clock_us"], head["clock_ahead_us"], head["clock_synchronised"], tail["ended"]]
    def spelt(value):
        return str(value).lower() if isinstance(value, bool) else str(value)
    feed = f"{head['feed']['station']} {head['feed']['kind']}"
    return feed, [None if value is None else spelt(value) for value in said]


def verify(export, expected):
    """All findings, as (what it is in, what is wrong)."""
    found, content = list(export.odd), {}

    def tell(where, what):
        found.append((where, what))

    for name in ("manifest.json", "manifest.sig"):
        if name in export.names:
            file, at, size = export.open(name)
            with file:
                content[name] = b"".join(pieces(file, at, size))
        else:
            tell(name, "is not there")
    raw = content.get("manifest.json", b"")
    try:
        signed = read_json(content.get("manifest.sig", b""))
        if not SIGNATURE(signed) or signed["format"] != "pollwall-signature-1":
            raise ValueError("it is not written as it is to be")
        key = bytes.fromhex(signed["key"])
        if hashlib.sha256(key).hexdigest() != signed["fingerprint"]:
            tell("manifest.sig", "fingerprint: it is of another key")
        if not is_signed(key, b"pollwall-export-1" + raw, bytes.fromhex(signed["signature"])):
            tell("manifest.sig", "signature: it is not that of the key under manifest.json")
        if expected and hashlib.sha256(key).hexdigest() != expected:
            tell("manifest.sig", "key: it is another signer")
    except (ValueError, RecursionError) as error:
        tell("manifest.sig", str(error))
    try:
        manifest = read_json(raw)
        if not MANIFEST(manifest) or manifest["format"] != "pollwall-export-1":
            raise ValueError("it is not written as it is to be")
    except (ValueError, RecursionError) as error:
        tell("manifest.json", str(error))
        return found
    files = {one["path"]: one for one in manifest["files"]}
    paths = [one["path"] for one in manifest["files"]]
    if paths != sorted(files, key=lambda path: path.encode()) or files.keys() & {"manifest.json", "manifest.sig"}:
        tell("manifest.json", "files: they are not in order, or one is there twice")
    for name in sorted(export.names - files.keys() - {"manifest.json", "manifest.sig"}):
        tell(name, "is not in the manifest")
    for name, one in files.items():
        if name not in export.names:
            tell(name, "is not there")
            continue
        file, at, size = export.open(name)
        with file:
            if size != one["bytes"]:
                tell(name, f"has {size} bytes, not {one['bytes']}")
            elif sha256(file, at, size) != one["sha256"]:
                tell(name, "has another hash")
    feeds = [feed["feed"] for feed in manifest["feeds"]]
    if feeds != sorted(set(feeds), key=key_of):
        tell("manifest.json", "feeds: they are not in order, or one is there twice")
    exported, heads = set(), {}
    for feed in manifest["feeds"]:
        one_feed(feed, export, files, exported, heads, tell)
    for name in files:
        if name.startswith("segments/") and name not in exported:
            tell(name, "belongs to no exported link")
    return found


def one_feed(feed, export, files, exported, heads, tell):
    name, place = feed["feed"], feed["place_before"]
    chain = bytes.fromhex(feed["chain_before"])
    chains = {}
    if not feed["links"]:
        tell(name, "links: there is none")
    if place == 0 and any(chain):
        tell(name, "chain_before: a chain begins with zeros")
    for link in feed["links"]:
        where = f"{name} {link['place']}"
        if link["place"] != place + 1:
            tell(where, f"place: {place + 1} should follow")
        place, facts = link["place"], link["facts"]
        if len(facts) != 15 or not text(facts[0]):
            tell(where, "facts: they are not 15")
            continue
        # A link that is changed hides nothing of those after it.
        if chained(chain, link["sha256"], facts).hex() != link["chain"]:
            tell(where, "chain: it is not made from what is before it")
        chain = chains[place] = bytes.fromhex(link["chain"])
        station, kind = name.split(" ")
        parts = facts[0].split("/")
        if len(parts) != 4 or "/".join(parts[1:3]) != station or not parts[3].endswith(f"-{kind}.mp4"):
            tell(where, "facts: the path is another feed's")
        if link["exported"]:
            one_file(link, name, where, export, files, exported, tell)
    head, proof = feed["head"], feed["proof"]
    if (head is None) != (proof is None):
        tell(name, "proof: it is there just where a head is")
    if head is None or proof is None:
        return
    bare = {field: value for field, value in head.items() if field != "n"}
    if heads.setdefault(head["number"], bare) != bare:
        tell(name, "head: another feed has another one of this number")
    if not is_signed(bytes.fromhex(head["key"]), head_bytes(head), bytes.fromhex(head["signature"])):
        tell(name, "head: its signature is not right")
    if head["n"] not in chains or not feed["place_before"] < head["n"] <= place:
        tell(name, "head: no link has its n")
        return
    leaf = b"pollwall-feed-1" + struct.pack(">HLBQ", *key_of(name), head["n"]) + chains[head["n"]]
    root = root_of(leaf, proof["index"], proof["leaves"], proof["path"])
    if proof["leaves"] != head["feeds"] or root is None or root.hex() != head["root"]:
        tell(name, "proof: it does not lead to the root of the head")


def one_file(link, name, where, export, files, exported, tell):
    path = f"segments/{link['facts'][0]}"
    if path in exported:
        tell(where, "facts: two links have one file")
    exported.add(path)
    of = files.get(path)
    if of is None:
        tell(where, f"{path} is not in the manifest")
        return
    if of["sha256"] != link["sha256"] or str(of["bytes"]) != link["facts"][9]:
        tell(where, f"{path} is another in files")
    if path not in export.names:
        return
    file, at, size = export.open(path)
    with file:
        try:
            feed, facts = facts_of(file, at, size)
            wrong = [n for n, (a, b) in enumerate(zip(facts, link["facts"][1:]), 2) if a != b]
            if wrong or feed != name:
                tell(path, f"says other facts than the manifest: {wrong or 'feed'}")
        except (ValueError, KeyError, TypeError, struct.error, RecursionError) as error:
            tell(path, f"is no whole segment: {error}")


def main(args):
    expected = None
    if "--fingerprint" in args[1:-1]:
        at = args.index("--fingerprint")
        expected = args[at + 1]
        args = args[:at] + args[at + 2:]
        if not digits(32)(expected):
            return 2
    if len(args) != 1 or args[0].startswith("--"):
        print("export_verifier.py EXPORT [--fingerprint F]", file=sys.stderr)
        return 2
    try:
        is_folder = os.path.isdir(args[0])
        export = Folder(args[0]) if is_folder else Zip(args[0])
        if not export.names & {"manifest.json", "manifest.sig"} and (is_folder or not export.is_zip):
            print("NOT READ: it is no export")
            return 1
        found = verify(export, expected)
    except OSError as error:
        print(f"NOT READ: {error}")
        return 1
    for where, what in found:
        print(f"{where}: {what}", file=sys.stderr)
    if found:
        print(f"NOT INTACT: {len(found)}")
        return 4
    print("INTACT" if expected else "INTACT, SIGNER NOT VERIFIED")
    return 0 if expected else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
