"""Ways to send text past a detector (docs: bench/content/README.md). Each takes the text and a new folder and gives
the file that leaves; the file goes through the real `weir inspect`, where "clean" is the only wrong answer."""
import base64
import codecs
import gzip
import hashlib
import html
import io
import struct
import tarfile
import textwrap
import wave
import zipfile
import zlib

import parts
from made import GREETING, WORD, archive, docx, mail, run, saved, written

HOMOGLYPHS = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")


def packed_by_7z(folder, text, name, *options):
    saved(folder, "plan.txt", text)
    run("7z", "a", *options, name, "plan.txt", folder=folder)
    return mail(folder, GREETING, (name, (folder / name).read_bytes(), "application/octet-stream"))


def encrypted_pdf(text, folder):
    written(folder, text, "plan.pdf")
    run("qpdf", "--encrypt", "secret", "secret", "256", "--", folder / "plan.pdf", folder / "closed.pdf")
    return folder / "closed.pdf"


def picture_pdf(text, folder):
    written(folder, text, "plan.pdf")
    run("pdftoppm", "-r", "100", "-png", folder / "plan.pdf", folder / "page")
    run("mutool", "convert", "-o", folder / "scan.pdf", *sorted(folder.glob("page*.png")))
    return folder / "scan.pdf"


def screen(text, folder, *changes, dots=100, name="screen.png"):
    """A picture of the text, changed by ImageMagick."""
    written(folder, text, "plan.pdf")
    run("pdftoppm", "-r", dots, "-png", "-singlefile", folder / "plan.pdf", folder / "page")
    run("convert", folder / "page.png", "-trim", "+repage", "-bordercolor", "white", "-border", "12", *changes,
        folder / name)
    return folder / name


def pictured(text, folder, *changes, **more):
    path = screen(text, folder, *changes, **more)
    return mail(folder, GREETING, (path.name, path.read_bytes(), f"image/{path.suffix[1:]}"))


def in_docx(text, folder):
    return docx(folder, "", **{"word/media/image1.png": screen(text, folder).read_bytes()})


def in_tiles(text, folder, size):
    screen(text, folder, "-crop", size, "+repage", name="tile%04d.png")
    return docx(folder, "", **{f"word/media/{path.name}": path.read_bytes() for path in folder.glob("tile*.png")})


def second_page(text, folder):
    screen(text, folder)
    run("convert", "-delay", "50", "-size", "600x300", "xc:white", folder / "screen.png", folder / "pages.tiff")
    return mail(folder, GREETING, ("pages.tiff", (folder / "pages.tiff").read_bytes(), "image/tiff"))


def second_frame(text, folder):
    screen(text, folder)
    run("convert", "-delay", "50", "-size", "600x300", "xc:white", folder / "screen.png", folder / "moving.gif")
    return mail(folder, GREETING, ("moving.gif", (folder / "moving.gif").read_bytes(), "image/gif"))


def picture_beside_text(text, folder):
    """One page with honest text and, as a picture, the other."""
    screen(text, folder)
    picture = base64.b64encode((folder / "screen.png").read_bytes()).decode()
    return written(folder, "", "plan.pdf", as_html=f'<html><body><p>{GREETING * 9}</p>'
                   f'<img src="data:image/png;base64,{picture}" width="480"></body></html>')


def outlines(text, folder):
    """A PDF whose letters are drawn as lines and areas."""
    written(folder, text, "plan.pdf")
    run("mutool", "draw", "-F", "svg", "-O", "text=path", "-o", folder / "page%d.svg", folder / "plan.pdf")
    run("mutool", "convert", "-o", folder / "drawn.pdf", *sorted(folder.glob("page*.svg")))
    return folder / "drawn.pdf"


def outlined_svg(text, folder):
    written(folder, text, "plan.pdf")
    run("mutool", "draw", "-F", "svg", "-O", "text=path", "-o", folder / "page%d.svg", folder / "plan.pdf", "1")
    return next(folder.glob("page*.svg")).read_text()


def outlined_html(text, folder):
    drawing = outlined_svg(text, folder)
    return saved(folder, "page.html", f"<html><body><p>{GREETING}</p>{drawing[drawing.index('<svg'):]}</body></html>")


def picture_in_svg(text, folder):
    picture = base64.b64encode(screen(text, folder).read_bytes()).decode()
    return saved(folder, "plan.svg", '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
                 f'<text>Thursday</text><image xlink:href="data:image/png;base64,{picture}"/></svg>')


def emf_of_picture(text, folder):
    screen(text, folder, "-type", "TrueColor", name="screen.bmp3")
    return parts.emf_with_bitmap((folder / "screen.bmp3").read_bytes())


def part(folder, name, data):
    return docx(folder, "", **{f"word/{name}": data})


def noise(text):
    """As good as encrypted, by a key that is nowhere in the file."""
    data, key = zlib.compress(text.encode(), 9), b"weir"
    while len(key) < len(data):
        key += hashlib.sha256(key).digest()
    return bytes(a ^ b for a, b in zip(data, key))


def tracked_deletion(text, folder):
    return docx(folder, f'<w:del w:id="1" w:author="a"><w:r><w:delText>{html.escape(text)}</w:delText></w:r></w:del>')


def comment(text, folder):
    comments = (f'<w:comments {WORD}><w:comment w:id="0" w:author="a"><w:p><w:r><w:t>{html.escape(text)}</w:t></w:r>'
                "</w:p></w:comment></w:comments>")
    return docx(folder, '<w:r><w:commentReference w:id="0"/></w:r>', **{"word/comments.xml": comments})


def hidden_sheet(text, folder):
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = "".join(f'<row r="{i}"><c r="A{i}" t="inlineStr"><is><t>{html.escape(line)}</t></is></c></row>'
                    for i, line in enumerate(textwrap.wrap(text, 200), 1))
    return saved(folder, "sums.xlsx", archive({
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{kind}"><sheets><sheet name="Sums" sheetId="1" r:id="r1"/>'
        '<sheet name="Old" sheetId="2" state="veryHidden" r:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{kind}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{kind}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet {main}><sheetData><row r="1"><c r="A1"><v>17</v></c></row></sheetData>'
        "</worksheet>",
        "xl/worksheets/sheet2.xml": f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>"}))


def page(text, style, folder):
    body = f'<html><body><p>See you on Thursday.</p><div style="{style}">{html.escape(text)}</div></body></html>'
    return mail(folder, body, subtype="html")


def hyphenated(text):
    """Narrow lines, with words broken at their ends."""
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 36 and len(word) > 6:
            lines.append(f"{line}{word[:len(word) // 2]}-")
            line = f"{word[len(word) // 2:]} "
        elif len(line) + len(word) > 40:
            lines.append(line)
            line = f"{word} "
        else:
            line += f"{word} "
    return "\n".join([*lines, line])


def columns(text):
    """Two columns side by side, as a printed page has them."""
    lines = textwrap.wrap(text, 38)
    half = (len(lines) + 1) // 2
    right = lines[half:] + [""] * half
    return "\n".join(f"{a:42}{b}" for a, b in zip(lines[:half], right))


def uuencoded(text):
    data = text.encode()
    return "begin 644 plan.txt\n" + "".join(codecs.encode(data[i:i + 45], "uu").decode().split("\n")[1] + "\n"
                                           for i in range(0, len(data), 45)) + "`\nend\n"


def sound(text, folder):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(text.encode() * 40)
    return mail(folder, GREETING, ("memo.wav", out.getvalue(), "audio/x-wav"))


def png(width, points):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + points[i:i + width] for i in range(0, len(points), width))
    header = struct.pack(">IIBBBBB", width, len(points) // width, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


WHITE = png(8, b"\xff" * 64)


def in_picture(text, folder):
    """Packed into the lowest bits of the points of a picture."""
    bits = [byte >> i & 1 for byte in zlib.compress(text.encode()) for i in range(8)]
    points = bytes(200 | bit for bit in bits + [0] * (-len(bits) % 64))
    return mail(folder, GREETING, ("photo.png", png(64, points), "image/png"))


def nested(text, depth):
    data, name = text.encode(), "plan.txt"
    for level in range(depth):
        data, name = archive({name: data}), f"level{level}.zip"
    return data


def as_tgz(text):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as file:
        entry = tarfile.TarInfo("plan.txt")
        entry.size = len(text.encode())
        file.addfile(entry, io.BytesIO(text.encode()))
    return out.getvalue()


def between(text, mark, every=1):
    return mark.join(text[i:i + every] for i in range(0, len(text), every))


BINARY = "application/octet-stream"
def with_comment(packed, text):
    out = io.BytesIO(packed)
    with zipfile.ZipFile(out, "a") as zip_file:
        zip_file.comment = text.encode()[:65_535]
    return out.getvalue()


def with_gap(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zip_file:
        zip_file.writestr("a.txt", "Hello.")
        out.write(text.encode())
        zip_file.writestr("b.txt", "Thursday.")
    return out.getvalue()


def in_part_headers(text, folder):
    """A line a part."""
    parts = "".join(f"--q\r\nContent-Type: text/plain\r\nContent-Description: {line}\r\n\r\nHello.\r\n"
                    for line in textwrap.wrap(text, 200))
    return saved(folder, "mail.eml", "From: a@example.com\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\n"
                 f"Content-Type: multipart/mixed; boundary=q\r\n\r\n{parts}--q--\r\n")


ROWS = {
    "zip with a password": lambda t, f: packed_by_7z(f, t, "plan.zip", "-psecret"),
    "zip with a password, AES": lambda t, f: packed_by_7z(f, t, "plan.zip", "-psecret", "-mem=AES256"),
    "7z with a password, names too": lambda t, f: packed_by_7z(f, t, "plan.7z", "-psecret", "-mhe=on"),
    "PDF with a password": encrypted_pdf,
    "zip in zip, 3 deep": lambda t, f: mail(f, GREETING, ("a.zip", nested(t, 3), "application/zip")),
    "zip in zip, 12 deep": lambda t, f: mail(f, GREETING, ("a.zip", nested(t, 12), "application/zip")),
    "tar.gz": lambda t, f: mail(f, GREETING, ("a.tgz", as_tgz(t), "application/gzip")),
    "7z": lambda t, f: packed_by_7z(f, t, "plan.7z"),
    "mail in a mail": lambda t, f: mail(f, GREETING, ("fwd.eml", mail(f, t, name="inner.eml").read_bytes(), BINARY)),
    "base64 in the body": lambda t, f: mail(f, GREETING + base64.encodebytes(t.encode()).decode()),
    "base64 twice": lambda t, f: mail(f, GREETING + base64.encodebytes(base64.encodebytes(t.encode())).decode()),
    "hex in the body": lambda t, f: mail(f, GREETING + "\n".join(textwrap.wrap(t.encode().hex(), 76))),
    "uuencoded in the body": lambda t, f: mail(f, GREETING + uuencoded(t)),
    "gzip as base64 in the body": lambda t, f: mail(
        f, GREETING + base64.encodebytes(gzip.compress(t.encode(), mtime=0)).decode()),
    "rot13": lambda t, f: mail(f, GREETING + codecs.encode(t, "rot13")),
    "reversed": lambda t, f: mail(f, GREETING + t[::-1]),
    "renamed to .jpg": lambda t, f: mail(f, GREETING, ("cat.jpg", t.encode(), "image/jpeg")),
    "zip said to be a picture": lambda t, f: mail(f, GREETING, ("cat.png", nested(t, 1), "image/png")),
    "picture and zip in one": lambda t, f: mail(f, GREETING, ("cat.png", WHITE + nested(t, 1), "image/png")),
    "comment of a zip": lambda t, f: mail(f, GREETING, ("a.zip", with_comment(nested("Hello.", 1), t), "application/zip")),
    "gap in a zip": lambda t, f: mail(f, GREETING, ("a.zip", with_gap(t), "application/zip")),
    "behind the end of a gzip": lambda t, f: mail(
        f, GREETING, ("a.gz", gzip.compress(b"Hello.", mtime=0) + t.encode(), "application/gzip")),
    "behind the end of a tar": lambda t, f: mail(
        f, GREETING, ("a.tgz", gzip.compress(gzip.decompress(as_tgz("Hello.")) + t.encode(), mtime=0), "application/gzip")),
    "headers of mail parts": in_part_headers,
    "text behind a picture": lambda t, f: mail(f, GREETING, ("cat.png", WHITE + t.encode(), "image/png")),
    "homoglyphs": lambda t, f: mail(f, GREETING + t.translate(HOMOGLYPHS)),
    "full width": lambda t, f: mail(f, GREETING + "".join(chr(ord(c) + 0xfee0) if "!" <= c <= "~" else c for c in t)),
    "combining marks": lambda t, f: mail(f, GREETING + between(t, "\u0323")),
    "bidi override, reversed": lambda t, f: mail(
        f, GREETING + "\n".join(f"\u202e{line[::-1]}\u202c" for line in t.splitlines())),
    "zero width": lambda t, f: mail(f, GREETING + between(t, "\u200b")),
    "soft hyphens": lambda t, f: mail(f, GREETING + between(t, "\u00ad", 2)),
    "a blank after every letter": lambda t, f: mail(f, GREETING + between(t, " ")),
    "white on white": lambda t, f: page(t, "color:#fff;background:#fff", f),
    "tiny letters": lambda t, f: page(t, "font-size:1px", f),
    "white on white, PDF": lambda t, f: written(
        f, t, "plan.pdf", as_html=f'<html><body><p><font color="#ffffff">{html.escape(t)}</font></p></body></html>'),
    "hidden sheet": hidden_sheet,
    "comment": comment,
    "tracked deletion": tracked_deletion,
    "hyphenated narrow lines": lambda t, f: mail(f, GREETING + hyphenated(t)),
    "two columns": lambda t, f: mail(f, GREETING + columns(t)),
    "PDF of pictures": picture_pdf,
    "screenshot": pictured,
    "screenshot in a docx": in_docx,
    "picture beside text in a PDF": picture_beside_text,
    "letters drawn as areas in a PDF": outlines,
    "letters drawn as areas in an SVG": lambda t, f: saved(f, "plan.svg", outlined_svg(t, f)),
    "letters drawn as areas in an HTML page": outlined_html,
    "picture in an SVG": picture_in_svg,
    "text of an EMF in a docx": lambda t, f: part(f, "media/image1.emf", parts.emf_with_text(t)),
    "picture in an EMF in a docx": lambda t, f: part(f, "media/image1.emf", emf_of_picture(t, f)),
    "comment of an EMF in a docx": lambda t, f: part(f, "media/image1.emf", parts.emf_with_comment(t)),
    "table of an embedded font": lambda t, f: part(f, "fonts/font1.odttf", parts.as_odttf(
        parts.font_with(noise(t), b"text"))),
    "usual table of an embedded font": lambda t, f: part(f, "fonts/font1.odttf", parts.as_odttf(
        parts.font_with(noise(t)))),
    "text in a table of an embedded font": lambda t, f: part(f, "fonts/font1.odttf", parts.as_odttf(
        parts.font_with(t.encode()))),
    "in the place of an embedded font": lambda t, f: part(f, "fonts/font1.odttf", noise(t)),
    "behind an embedded font": lambda t, f: part(f, "fonts/font1.odttf", parts.as_odttf(
        parts.font_with(None)) + noise(t)),
    "text in printer settings": lambda t, f: part(f, "printerSettings1.bin", parts.printer_settings(t.encode())),
    "packed in printer settings": lambda t, f: part(
        f, "printerSettings1.bin", parts.printer_settings(zlib.compress(t.encode()))),
    "encrypted in printer settings": lambda t, f: part(f, "printerSettings1.bin", parts.printer_settings(noise(t))),
    "picture turned by 7°": lambda t, f: pictured(t, f, "-rotate", "7"),
    "picture turned by 40°": lambda t, f: pictured(t, f, "-rotate", "40"),
    "picture on its side": lambda t, f: pictured(t, f, "-rotate", "90"),
    "picture upside down": lambda t, f: pictured(t, f, "-rotate", "180"),
    "picture mirrored": lambda t, f: pictured(t, f, "-flop"),
    "white on black": lambda t, f: pictured(t, f, "-negate"),
    "red on green of one brightness": lambda t, f: pictured(t, f, "-colorspace", "Gray", "+level-colors", "#d01010,#106610"),
    "blue on black": lambda t, f: pictured(t, f, "-colorspace", "Gray", "+level-colors", "#000070,#000000"),
    "hardly darker than the paper": lambda t, f: pictured(t, f, "+level", "98%,100%"),
    "hardly darker, JPEG": lambda t, f: pictured(t, f, "+level", "94%,100%", name="screen.jpeg"),
    "letters of transparency": lambda t, f: pictured(t, f, "-colorspace", "Gray", "-negate", "-background", "white", "-alpha", "shape"),
    "letters over a gradient": lambda t, f: pictured(t, f, "-size", "700x900", "gradient:#505050-#f0f0f0", "-compose", "multiply", "-composite"),
    "letters over plasma": lambda t, f: pictured(t, f, "-seed", "7", "-size", "700x900", "plasma:#909090-#ffffff", "-compose", "multiply", "-composite"),
    "noise over letters": lambda t, f: pictured(t, f, "-seed", "7", "-attenuate", "0.6", "+noise", "Gaussian"),
    "poor JPEG": lambda t, f: pictured(t, f, "-quality", "12", name="screen.jpeg"),
    "fax, black and white": lambda t, f: pictured(t, f, "-threshold", "60%", "-compress", "Group4", name="fax.tiff"),
    "GIF of 4 colours": lambda t, f: pictured(t, f, "-colors", "4", name="screen.gif"),
    "WebP": lambda t, f: pictured(t, f, "-quality", "40", name="screen.webp"),
    "BMP": lambda t, f: pictured(t, f, name="screen.bmp"),
    "letters 7 points high": lambda t, f: pictured(t, f, dots=42),
    "letters 200 points high": lambda t, f: pictured(t, f, "-crop", "1300x700+0+0", "+repage", "-scale", "500%", dots=130),
    "blurred": lambda t, f: pictured(t, f, "-blur", "0x1.2"),
    "lines that go up and down": lambda t, f: pictured(t, f, "-wave", "4x60"),
    "a corner of a large white picture": lambda t, f: pictured(t, f, "-gravity", "southeast", "-extent", "4000x3000"),
    "TIFF, second page": second_page,
    "GIF, second frame": second_frame,
    "cut into tiles of 120 × 40": lambda t, f: in_tiles(t, f, "120x40"),
    "cut into tiles of 24 × 24": lambda t, f: in_tiles(t, f, "24x24"),
    "cut into stripes 6 points high": lambda t, f: in_tiles(t, f, "2000x6"),
    "sound": sound,
    "in the lowest bits of a picture": in_picture,
    "UTF-16 without a mark": lambda t, f: mail(f, GREETING, ("plan.txt", t.encode("utf-16-le"), "text/plain")),
    "EBCDIC": lambda t, f: mail(f, GREETING, ("plan.txt", t.encode("cp500", "replace"), BINARY)),
}
