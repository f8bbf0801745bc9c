#!/usr/bin/env python3
"""Merges public lists of mail domains into Weir's two: free.txt and disposable.txt.

usage: domain_lists.py FREE.TXT DISPOSABLE.TXT FREE.JSON DISPOSABLE.JSON OUT-FOLDER

FREE.TXT and DISPOSABLE.TXT are freemail's, FREE.JSON is free-email-domains' (providers and
throw-away domains mixed), DISPOSABLE.JSON is disposable-email-domains-js'. A domain that any list
calls disposable is disposable, unless it stands in PROVIDERS. Output: lower case, ASCII (IDNA),
sorted by byte, one a line, no domain in both.

Which class a provider falls into must not depend on the country its customers live in, and public
lists know North America's best. Therefore PROVIDERS names large mailbox providers of many
countries; they are free mail whatever the lists say.
"""
import json
import os
import re
import sys

PROVIDERS = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com rocketmail.com
aol.com icloud.com me.com mac.com comcast.net att.net verizon.net sbcglobal.net hushmail.com
fastmail.com fastmail.fm zoho.com zohomail.com mail.com hey.com duck.com runbox.com
proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.com tuta.io tutamail.com
keemail.me startmail.com mailfence.com disroot.org riseup.net cock.li skiff.com ctemplar.com
gmx.de gmx.net gmx.com gmx.at gmx.ch web.de freenet.de t-online.de posteo.de posteo.net mailbox.org
bluewin.ch yahoo.de yahoo.co.uk btinternet.com sky.com orange.fr wanadoo.fr laposte.net free.fr
sfr.fr libero.it virgilio.it tin.it tiscali.it alice.it telefonica.net terra.es sapo.pt
seznam.cz centrum.cz azet.sk wp.pl o2.pl onet.pl interia.pl freemail.hu citromail.hu abv.bg mail.bg
inbox.lv mail.ee ukr.net i.ua mail.ru bk.ru list.ru inbox.ru yandex.ru yandex.com ya.ru rambler.ru
walla.co.il walla.com mynet.com
qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn
naver.com daum.net hanmail.net nate.com kakao.com yahoo.co.jp docomo.ne.jp ezweb.ne.jp
softbank.ne.jp rediffmail.com yahoo.co.in sify.com bigpond.com xtra.co.nz
bol.com.br uol.com.br terra.com.br ig.com.br yahoo.com.br yahoo.com.mx yahoo.com.ar
webmail.co.za mweb.co.za
""".split()

LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")


def canonical(line):
    """The domain in ASCII lower case, or None for what is no domain."""
    name = line.strip().lower().rstrip(".")
    try:
        name = name.encode("ascii" if name.isascii() else "idna").decode("ascii")
    except UnicodeError:
        return None
    labels = name.split(".")
    if len(name) > 253 or len(labels) < 2 or not all(LABEL.fullmatch(l) for l in labels):
        return None
    return name


def domains(lines):
    return {name for name in map(canonical, lines) if name}


def merge(free, disposable, mixed, more_disposable):
    """(free, disposable) as sorted lists."""
    providers = set(PROVIDERS)
    throw_away = (domains(disposable) | domains(more_disposable)) - providers
    lasting = (domains(free) | domains(mixed) | providers) - throw_away
    return sorted(lasting), sorted(throw_away)


def main(arguments):
    if len(arguments) != 5:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 2
    texts = []
    for path in arguments[:4]:
        with open(path, encoding="utf-8") as file:
            texts.append(json.load(file) if path.endswith(".json") else file.read().splitlines())
    free, disposable = merge(*texts)
    if len(free) < 4000 or len(disposable) < 50000:
        print(f"domain_lists: only {len(free)} free and {len(disposable)} disposable domains: "
              "a list has changed its form", file=sys.stderr)
        return 1
    for name, content in (("free.txt", free), ("disposable.txt", disposable)):
        with open(os.path.join(arguments[4], name), "w", encoding="ascii") as file:
            file.write("".join(f"{domain}\n" for domain in content))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
