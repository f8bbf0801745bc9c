"""Parts that Office files carry beside their text, as hiding places: metafiles, fonts, settings of printers."""
import struct
import textwrap
import zlib
from pathlib import Path

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


def padded(data, size=4):
    return data + b"\0" * (-len(data) % size)


def emf(records):
    def record(kind, content):
        content = padded(content)
        return struct.pack("<II", kind, 8 + len(content)) + content
    head = (b"\0" * 32 + b" EMF" + struct.pack("<4I", 0x10000, 0, 0, 0)).ljust(80, b"\0")
    body = b"".join(record(kind, content) for kind, content in records)
    return record(1, head) + body + record(14, struct.pack("<III", 0, 16, 20))


def emf_with_text(text):
    def show(line, y):
        place = struct.pack("<10I", 0, y, len(line), 76, 0, 0, 0, 0, 0, 0)
        return 84, b"\0" * 28 + place + line.encode("utf-16-le", "replace")
    lines = textwrap.wrap("".join(c if ord(c) < 0x10000 else "?" for c in text), 80)
    return emf(show(line, 20 * i) for i, line in enumerate(lines))


def emf_with_bitmap(bmp):
    """`bmp`: a BMP file."""
    start = struct.unpack_from("<I", bmp, 10)[0]
    head, points = bmp[14:start], bmp[start:]
    places = struct.pack("<8I", 80, len(head), 80 + len(head), len(points), 0, 0, 0, 0)
    return emf([(81, b"\0" * 40 + places + head + points)])


def emf_with_comment(text):
    data = zlib.compress(text.encode())
    return emf([(70, struct.pack("<I", len(data)) + data)])


def checksum(table):
    table = padded(table)
    return sum(struct.unpack(f">{len(table) // 4}I", table)) & 0xffffffff


def font_with(data, tag=b"prep"):
    """The font with another table, everything else in order: sizes, checksums, places."""
    font = FONT.read_bytes()
    tables = {}
    for i in range(struct.unpack_from(">H", font, 4)[0]):
        name, _, at, size = struct.unpack_from(">4sIII", font, 12 + 16 * i)
        tables[name] = font[at:at + size]
    if data is not None:
        tables[tag] = data
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    out = font[:4] + struct.pack(">HHHH", count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    content = b""
    for name in sorted(tables):
        table = tables[name]
        summed = table[:8] + b"\0\0\0\0" + table[12:] if name == b"head" else table
        out += name + struct.pack(">III", checksum(summed), 12 + 16 * count + len(content), len(table))
        content += padded(table)
    return out + content


def as_odttf(font):
    key = bytes(range(0x91, 0xa1))
    return bytes(c ^ k for c, k in zip(font, key * 2)) + font[32:]


def printer_settings(own):
    """DEVMODE with `own` as what the driver keeps for itself."""
    def name(text):
        return text.encode("utf-16-le").ljust(64, b"\0")
    own = own[:60_000]
    front = name("Laser 4") + struct.pack("<HHHH", 0x401, 1, 220, len(own))
    return (front.ljust(102, b"\0") + name("A4")).ljust(220, b"\0") + own
