"""Makes what Outlook makes, by the published formats: winmail.dat (MS-OXTNEF), packed Rich Text, and a mail saved as a file (MS-OXMSG)."""

from __future__ import annotations

import struct

WINMAIL = b"\x78\x9f\x3e\x22\x01\x00"
MESSAGE, FILE = 1, 2
BODY, SUBJECT, PAGE, PROPERTIES, FILE_BEGINS, FILE_DATA, FILE_TITLE, FILE_PROPERTIES = (
    *(0x800C, 0x78004, 0x69007, 0x69003),
    *(0x69002, 0x6800F, 0x18010, 0x69005),
)
TEXT, WIDE, BINARY, OBJECT, NUMBER = 0x1E, 0x1F, 0x102, 0x0D, 0x03
EMBEDDED = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"


def piece(level, number, data):
    """Return one object of a winmail.dat."""
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(*each):
    """Return properties (number, kind, value) as they stand in a winmail.dat."""
    made = struct.pack("<I", len(each))
    for number, kind, value in each:
        made += struct.pack("<HH", kind, number)
        if kind == NUMBER:
            made += struct.pack("<I", value)
            continue
        made += struct.pack("<II", 1, len(value)) + value + bytes(-len(value) % 4)
    return made


def file(name, data, *more):
    """Return the objects of one file; ``more`` are properties of it, such as its long name."""
    title = piece(FILE, FILE_TITLE, name.encode("cp1252") + b"\x00")
    extra = piece(FILE, FILE_PROPERTIES, properties(*more)) if more else b""
    return piece(FILE, FILE_BEGINS, bytes(14)) + title + piece(FILE, FILE_DATA, data) + extra


def long_name(name):
    return (0x3707, WIDE, name.encode("utf-16-le") + b"\x00\x00")


def winmail(*objects, page=1252):
    """Return a winmail.dat."""
    return WINMAIL + piece(MESSAGE, PAGE, struct.pack("<II", page, 0)) + b"".join(objects)


def words(text, page="cp1252"):
    return piece(MESSAGE, BODY, text.encode(page) + b"\x00")


def html(page, *, codepage=65001):
    return piece(MESSAGE, PROPERTIES, properties((0x3FDE, NUMBER, codepage), (0x1013, BINARY, page)))


def rich(packed):
    return piece(MESSAGE, PROPERTIES, properties((0x1009, BINARY, packed)))


def packed(text, begins):
    """Return Rich Text packed by MS-OXRTFCP: what stands in the window, which starts with ``begins``, is named by its place."""
    window, made, at = bytearray(begins), bytearray(), 0
    while at <= len(text):
        control, tokens = 0, bytearray()
        for bit in range(8):
            found = max(
                (length for length in range(2, 18) if text[at : at + length] in window and at + length <= len(text)), default=0
            )
            if at >= len(text):
                control |= 1 << bit
                tokens += struct.pack(">H", (len(window) % 4096) << 4)
                at += 1
                break
            if found:
                control |= 1 << bit
                place = window.rfind(text[at : at + found])
                tokens += struct.pack(">H", (place % 4096) << 4 | (found - 2))
                window += text[at : at + found]
                at += found
            else:
                tokens += text[at : at + 1]
                window += text[at : at + 1]
                at += 1
        made += bytes([control]) + tokens
    return struct.pack("<II4sI", len(made) + 12, len(text), b"LZFu", 0) + bytes(made)


SECTOR = 512
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def msg(streams):
    """Return an OLE file of streams by their paths ("folder/name" or "name"), each in sectors of its own."""
    folders = sorted({path.partition("/")[0] for path in streams if "/" in path})
    entries, data, chains = [("Root Entry", 5, b"")], b"", []
    below = {"": [], **{folder: [] for folder in folders}}
    for folder in folders:
        below[""].append(len(entries))
        entries.append((folder, 1, b""))
    for path, content in streams.items():
        folder, _, name = path.rpartition("/")
        below[folder].append(len(entries))
        entries.append((name, 2, content))
    starts = {}
    for number, (_, kind, content) in enumerate(entries):
        if kind == 2 and content:
            padded = content + bytes(max(4096 - len(content), -len(content) % SECTOR))
            starts[number] = len(data) // SECTOR
            chains.append((starts[number], len(padded) // SECTOR))
            data += padded
    directory = b""
    children = {0: below[""], **{1 + place: below[folder] for place, folder in enumerate(folders)}}
    following = {kin: nxt for group in below.values() for kin, nxt in zip(group, [*group[1:], FREE], strict=True)}
    for number, (name, kind, content) in enumerate(entries):
        letters = name.encode("utf-16-le")
        child = children[number][0] if children.get(number) else FREE
        head = letters.ljust(64, b"\x00") + struct.pack("<HBB", len(letters) + 2, kind, 1)
        links = struct.pack("<III", FREE, following.get(number, FREE), child)
        size = max(len(content), 4096) if content else 0
        directory += head + links + bytes(36) + struct.pack("<IQ", starts.get(number, END), size)
    directory += bytes(-len(directory) % SECTOR)
    chains.append((len(data) // SECTOR, len(directory) // SECTOR))
    directory_at = len(data) // SECTOR
    data += directory
    table = []
    for start, count in chains:
        table += [FREE] * (start - len(table)) + [*range(start + 1, start + count), END]
    sectors = 1
    while (len(table) + sectors) * 4 > sectors * SECTOR:
        sectors += 1
    fat_at = len(data) // SECTOR
    table += [FAT_SECTOR] * sectors
    table += [FREE] * (sectors * SECTOR // 4 - len(table))
    places = [*range(fat_at, fat_at + sectors)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, sectors, directory_at, 0, 4096, END, 0, END, 0)
    return head + struct.pack("<109I", *places, *[FREE] * (109 - sectors)) + data + struct.pack(f"<{len(table)}I", *table)


def wide(number, text, folder=""):
    """Return a property of a saved mail; padded with the zeros in which such texts end."""
    return {f"{folder}__substg1.0_{number}001F": text.encode("utf-16-le")}


def saved_mail(subject, body, name, address, files=()):
    """Return a mail as Outlook saves it."""
    streams = {"__properties_version1.0": bytes(32)}
    streams |= wide("0037", subject) | wide("1000", body) | wide("0C1A", name) | wide("5D01", address)
    for number, each in enumerate(files):
        streams |= wide("3707", each, f"__attach_version1.0_#{number:08X}/")
    return msg(streams)
