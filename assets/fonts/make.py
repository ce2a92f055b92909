#!/usr/bin/env python3
"""Makes the bundled fonts anew from Debian's fonts-noto-core (bookworm) with fontTools.

    apt-get install fonts-noto-core && pip install fonttools && assets/fonts/make.py

Text: Noto Sans, every Latin letter of Azerbaijani, Turkish and English (Latin-1, Latin Extended-A,
the schwa), Cyrillic as Russian and its neighbours write it, punctuation and currency.
Symbols: what the screens show as shapes, taken from three Noto fonts that share one em (1000) and
merged into one file. The result is the same bytes for the same input.
"""

import os
import pathlib

from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.subset import Options, Subsetter, load_font, save_font

NOTO = pathlib.Path("/usr/share/fonts/truetype/noto")
HERE = pathlib.Path(__file__).resolve().parent

TEXT = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *map(ord, "ƏəȘșȚț"),
    *range(0x300, 0x30D),
    *range(0x400, 0x460),
    *map(ord, "ҒғҚқҢңҮүҰұҺһӘәӨө"),
    *range(0x2010, 0x2028),
    *map(ord, "\u202f‰′″‹›⁄€₼₽№™"),
]
# Seconds since 1904, as fonts count: 2020-12-25, the day of the Debian package.
STAMP = 3_691_699_200

# Which font gives which shape; one list, so that a missing one is noticed here.
SYMBOLS = {
    "NotoSansSymbols2-Regular": "●○■□▲△▼▶◀◆◐✓✔✕✖❚⚠⏎⏵⏸⏭⏮⌫␣★☆⛔🔍🔊🔇📷✎",
    "NotoSansMath-Regular": "←↑→↓↵⇥⟲⟳⤢≤≥≈−",
    "NotoSansSymbols-Regular": "⌕⚑",
}


def options():
    chosen = Options()
    # ccmp and mark place combining marks, kern spaces; small capitals and the like stay out.
    chosen.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum"]
    chosen.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    chosen.recalc_timestamp = False
    chosen.notdef_outline = True
    return chosen


def subset(source, characters, target, hinting=True):
    chosen = options()
    chosen.hinting = hinting
    font = load_font(NOTO / f"{source}.ttf", chosen)
    missing = sorted(set(characters) - set(font.getBestCmap()))
    if missing:
        print(f"{source} lacks", " ".join(f"U+{c:04X}" for c in missing))
    subsetter = Subsetter(chosen)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    save_font(font, target, chosen)


def main():
    for weight in ("Regular", "Bold"):
        subset(f"NotoSans-{weight}", TEXT, HERE / f"NotoSans-{weight}.ttf")
    parts = []
    for source, characters in SYMBOLS.items():
        part = HERE / f".{source}.part.ttf"
        subset(source, [ord(c) for c in characters], part, hinting=False)
        parts.append(part)
    merge = MergeOptions()
    merge.drop_tables = ["GSUB", "GPOS", "GDEF", "MATH", "vhea", "vmtx"]
    font = Merger(merge).merge([str(part) for part in parts])
    # The merger stamps today's date; the parts' own keeps the file the same each time.
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = STAMP
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = "NotoSansSymbols-Pollwall" if record.nameID == 6 else (
                "Noto Sans Symbols (Pollwall subset)"
            )
    font.save(HERE / "NotoSansSymbols.ttf")
    for part in parts:
        os.unlink(part)


if __name__ == "__main__":
    main()
