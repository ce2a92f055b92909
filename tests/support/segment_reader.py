#!/usr/bin/python3
"""Reads a recorded segment by docs/format-segment.md alone: proof that the description suffices.

  segment_reader.py FILE     prints one JSON object; exit 1 and words where the file is not as described
"""

import hashlib
import json
import struct
import sys
import uuid
import zlib

HEAD = uuid.UUID("865968e5-14e5-4f99-87f2-dab432f30dca").bytes
ARRIVALS = uuid.UUID("ff919872-a3dc-4e1c-81e3-43185d9aad84").bytes
TAIL = uuid.UUID("1d6fc9c5-db6a-4c2b-b093-ad75ed89e022").bytes


def boxes(data, at, end):
    while at < end:
        size, kind = struct.unpack_from(">I4s", data, at)
        assert 8 <= size <= end - at, f"box {kind} at {at} has {size} bytes"
        yield kind.decode("latin-1"), at, at + 8, at + size
        at += size


def find(data, at, end, *path):
    for kind, _, start, stop in boxes(data, at, end):
        if kind == path[0]:
            return find(data, start, stop, *path[1:]) if path[1:] else (start, stop)
    raise AssertionError(f"no {path[0]}")


def pictures_of(data, start, stop, moof_at):
    tfdt, _ = find(data, start, stop, "traf", "tfdt")
    decode = struct.unpack_from(">Q", data, tfdt + 4)[0]
    trun, _ = find(data, start, stop, "traf", "trun")
    flags, count, offset = struct.unpack_from(">III", data, trun)
    assert flags == 0x01000F01
    place = moof_at + offset
    for n in range(count):
        duration, size, how, shown = struct.unpack_from(">IIIi", data, trun + 12 + 16 * n)
        yield {"at": place, "size": size, "key": how & 0x10000 == 0, "shown": decode + shown}
        place += size
        decode += duration


def sound_of(data, start, stop, moof_at, begins):
    """The bytes of the sound, which stand behind those of the pictures."""
    trafs = [box for box in boxes(data, start, stop) if box[0] == "traf"]
    if len(trafs) == 1:
        return 0
    assert len(trafs) == 2
    _, _, start, stop = trafs[1]
    tfhd, _ = find(data, start, stop, "tfhd")
    assert struct.unpack_from(">II", data, tfhd) == (0x020000, 2)
    trun, _ = find(data, start, stop, "trun")
    flags, count, offset = struct.unpack_from(">III", data, trun)
    assert flags == 0x301 and moof_at + offset == begins
    return sum(struct.unpack_from(">II", data, trun + 12 + 8 * n)[1] for n in range(count))


def main(file):
    data = open(file, "rb").read()
    top = list(boxes(data, 0, len(data)))
    assert [kind for kind, *_ in top[:3]] == ["ftyp", "moov", "uuid"]
    kind, _, start, stop = top[2]
    assert data[start : start + 16] == HEAD
    head = json.loads(data[start + 16 : stop])
    stsd, _ = find(data, top[1][2], top[1][3], "trak", "mdia", "minf", "stbl", "stsd")
    codec = data[stsd + 12 : stsd + 16].decode("latin-1")
    pictures, fragments, tail = [], 0, None
    arrivals = crc = None
    for kind, at, start, stop in top[3:]:
        assert tail is None, "something behind the tail"
        if kind == "prft":
            flags, track, seconds, fraction, shown = struct.unpack_from(">IIIIQ", data, start)
            assert (flags, track) == (0x01000008, 1)
            ntp = (seconds - 2_208_988_800) * 1_000_000 + (fraction * 1_000_000 >> 32)
        elif kind == "uuid" and data[start : start + 16] == ARRIVALS:
            form, crc = struct.unpack_from(">II", data, start + 16)
            assert form == 1 and (stop - start - 24) % 28 == 0
            places = range(start + 24, stop, 28)
            arrivals = [struct.unpack_from(">qqqI", data, place) for place in places]
            assert 0 <= arrivals[0][0] - ntp <= 1, "prft says when the first picture arrived"
        elif kind == "moof":
            found = list(pictures_of(data, start, stop, at))
            seen = sum(p["size"] for p in found)
            heard = sound_of(data, start, stop, at, found[0]["at"] + seen)
            assert len(found) == len(arrivals)
            for picture, (utc, mono, pts, flags) in zip(found, arrivals):
                picture.update(utc=utc, mono=mono, pts=pts, lost=bool(flags & 1))
        elif kind == "mdat":
            assert found[0]["at"] == start and seen + heard == stop - start
            assert zlib.crc32(data[start:stop]) == crc
            pictures += found
            fragments += 1
        elif kind == "uuid" and data[start : start + 16] == TAIL:
            assert struct.unpack_from(">I", data, stop - 4)[0] == stop - at
            tail = json.loads(data[start + 16 : stop - 4])
            assert hashlib.sha256(data[:at]).hexdigest() == tail["sha256_before"]
        else:
            raise AssertionError(f"box {kind} at {at} does not belong there")
    print(
        json.dumps(
            {
                "codec": codec,
                "head": head,
                "tail": tail,
                "fragments": fragments,
                "sha256": hashlib.sha256(data).hexdigest(),
                "pictures": [
                    [p["utc"], p["mono"], p["pts"], p["size"], p["key"], p["shown"]] for p in pictures
                ],
            }
        )
    )


try:
    main(sys.argv[1])
except (AssertionError, struct.error, ValueError, KeyError) as problem:
    sys.exit(f"{sys.argv[1]}: {problem}")
