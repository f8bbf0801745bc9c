"""The probes of the bench: parts of protected documents, as they are or changed, each in an innocent mail."""
import random
import re
from pathlib import Path

from corpus import Runs, Text

# class: words of the excerpt, change, share of words changed, must, aim, best rival or method of content.md §1
CLASSES = {
    "whole, re-flowed, lower case": (None, "reflow", 0, None, 1.0, 1.0),
    "first half": ("half", "none", 0, None, None, 1.0),
    "500 words": (500, "none", 0, None, None, None),
    "200 words": (200, "none", 0, None, None, 1.0),
    "100 words": (100, "none", 0, .99, .995, None),
    "50 words": (50, "none", 0, .98, .99, .98),
    "30 words": (30, "none", 0, .97, .99, .98),
    "20 words": (20, "none", 0, .92, .96, .92),
    "15 words": (15, "none", 0, None, .85, .59),
    "100 words, 20 % replaced": (100, "replace", .2, None, None, .89),
    "200 words, 10 % replaced": (200, "replace", .1, None, None, None),
    "200 words, 20 % replaced": (200, "replace", .2, .98, .99, None),
    "200 words, 30 % replaced": (200, "replace", .3, .90, .98, .84),
    "200 words, 40 % replaced": (200, "replace", .4, None, .92, None),
    "200 words, 50 % replaced": (200, "replace", .5, None, .70, .14),
    "200 words, 10 % inserted": (200, "insert", .1, None, None, None),
    "200 words, 30 % inserted": (200, "insert", .3, None, None, None),
    "200 words, 50 % inserted": (200, "insert", .5, None, None, None),
    "200 words, 10 % deleted": (200, "delete", .1, None, None, None),
    "200 words, 30 % deleted": (200, "delete", .3, None, None, None),
    "200 words, 50 % deleted": (200, "delete", .5, None, None, None),
    "200 words, synonyms for a third": (200, "synonyms", .33, None, None, None),
    "200 words, synonyms wherever one is": (200, "synonyms", 1, None, None, None),
    "200 words, sentences shuffled": (200, "sentences", 0, None, None, None),
    "200 words, shuffled in groups of 4": (200, "within", 0, .90, .98, .92),
    "200 words, groups of 4 shuffled": (200, "groups", 0, .90, .98, .92),
}


class Thesaurus:
    """WordNet: the first other word of the commonest sense that has one."""

    def __init__(self, folder=Path("/usr/share/wordnet")):
        self.words = {}
        for kind in ("noun", "verb", "adj", "adv"):
            groups = {}
            for line in (folder / f"data.{kind}").read_text().splitlines():
                if not line.startswith(" "):
                    fields = line.split()
                    groups[fields[0]] = fields[4:4 + 2 * int(fields[3], 16):2]
            for line in (folder / f"index.{kind}").read_text().splitlines():
                if line.startswith(" "):
                    continue
                fields = line.split()
                for sense in fields[-int(fields[2]):]:
                    others = [w for w in groups[sense] if re.fullmatch("[a-z]+", w) and w != fields[0]]
                    if others:
                        self.words.setdefault(fields[0], others[0])
                        break

    def other(self, word):
        if word in self.words:
            return self.words[word]
        if word.endswith("s") and word[:-1] in self.words:
            return self.words[word[:-1]] + "s"
        return None


class Maker:
    def __init__(self, protected, background, mails):
        self.protected, self.mails = protected, [mail for half, mail in mails if half == 1]
        self.others = background
        self.thesaurus = Thesaurus()
        self.public = Runs()
        for text in background:
            self.public.add(text.words())
        self.redrawn = 0

    def changed(self, text, first, count, change, share, dice):
        """The excerpt, with what is around its words kept where the words stay in their place."""
        if change == "none":
            return text.part(first, count)
        words = text.words(first, count)
        if change == "reflow":
            return " ".join(words)
        if change in ("within", "groups"):
            groups = [words[i:i + 4] for i in range(0, count, 4)]
            if change == "groups":
                dice.shuffle(groups)
            else:
                for group in groups:
                    dice.shuffle(group)
            return " ".join(word for group in groups for word in group)
        if change == "sentences":
            sentences = re.split(r"(?<=[.!?:;])\s+|\n\s*\n", text.part(first, count))
            dice.shuffle(sentences)
            return "\n".join(sentences)
        out, at = [], text.ends[first][0]
        for number in range(count):
            begin, end = text.ends[first + number]
            out.append(text.raw[at:begin])
            word, at = text.raw[begin:end], end
            if change == "synonyms":
                other = self.thesaurus.other(words[number])
                out.append(other if other and dice.random() < share else word)
            elif dice.random() >= share:
                out.append(word)
            elif change != "delete":
                strange = dice.choice(self.others)
                drawn = strange.words(dice.randrange(len(strange)), 1)[0]
                out.append(drawn if change == "replace" else f"{word} {drawn}")
        return "".join(out)

    def probe(self, name, number):
        """Text, excerpt as it was, document; an excerpt that stands in public text too is no secret: drawn again."""
        size, change, share = CLASSES[name][:3]
        dice = random.Random(f"{name}/{number}")
        while True:
            document = dice.randrange(len(self.protected))
            text = self.protected[document]
            if size is None or size == "half":
                count = len(text) if size is None else len(text) // 2
                return self.changed(text, 0, count, change, share, dice), text.words(0, count), document
            if len(text) < size:
                continue
            first = dice.randrange(len(text) - size + 1)
            original = text.words(first, size)
            if self.public.longest(original)[0]:
                self.redrawn += 1
                continue
            mail = dice.choice(self.mails)
            middle = mail.ends[len(mail) // 2][0]
            excerpt = self.changed(text, first, size, change, share, dice)
            return f"{mail.raw[:middle]}\n{excerpt}\n{mail.raw[middle:]}", original, document
