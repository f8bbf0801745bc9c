"""Files as the bench makes them: mails, zips, what LibreOffice writes."""
import email.message
import email.policy
import functools
import html
import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

GREETING = "Hello,\n\nas we said on the phone. See you on Thursday.\n\n"


def run(*command, folder=None):
    subprocess.run([str(part) for part in command], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def saved(folder, name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def mail(folder, body, *attachments, name="mail.eml", subtype="plain"):
    """`attachments`: (name, bytes, MIME type)"""
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.org", "Thursday"
    message.set_content(body, subtype=subtype, cte="quoted-printable")
    for title, data, kind in attachments:
        main, _, sub = kind.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=title)
    return saved(folder, name, message.as_bytes())


@functools.cache
def converted(office, body, kind):
    """What LibreOffice makes of a page; many rows begin with the same, and it is slow to start."""
    target = {"pdf": "pdf:writer_pdf_Export", "docx": "docx:MS Word 2007 XML", "odt": "odt:writer8"}[kind]
    with tempfile.TemporaryDirectory() as folder:
        page = saved(Path(folder), "page.html", body)
        run("soffice", f"-env:UserInstallation=file://{office}", "--headless", "--infilter=HTML (StarWriter)",
            "--convert-to", target, "--outdir", folder, page)
        return page.with_suffix(f".{kind}").read_bytes()


def written(folder, text, name, *, as_html=None):
    """By LibreOffice, as what the ending of `name` says."""
    body = as_html or f"<html><body><p>{html.escape(text)}</p></body></html>"
    return saved(folder, name, converted(folder.parent / "office", body, name.rpartition(".")[2]))


DOCX = {
    "[Content_Types].xml": """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml"
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>""",
    "_rels/.rels": """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Target="word/document.xml"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>""",
}
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def archive(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def docx(folder, paragraph, **more):
    body = (f'<w:document {WORD}><w:body><w:p><w:r><w:t>See you on Thursday.</w:t></w:r>{paragraph}</w:p></w:body>'
            "</w:document>")
    return saved(folder, "plan.docx", archive({**DOCX, "word/document.xml": body, **more}))
