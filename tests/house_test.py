"""The build's own tools, as far as they compute something."""
import re
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import domain_lists  # noqa: E402


class DomainLists(unittest.TestCase):
    def test_a_domain_that_any_list_calls_disposable_is_disposable(self):
        free, disposable = domain_lists.merge(["a.example"], ["b.example"],
                                              ["b.example", "c.example", "d.example"], ["d.example"])
        self.assertEqual([d for d in free if d.endswith(".example")], ["a.example", "c.example"])
        self.assertEqual(disposable, ["b.example", "d.example"])

    def test_a_large_provider_is_free_mail_whatever_a_list_says(self):
        free, disposable = domain_lists.merge([], ["qq.com", "x.example"], [], ["proton.me"])
        self.assertLessEqual({"qq.com", "proton.me", "gmail.com"}, set(free))
        self.assertEqual(disposable, ["x.example"])

    def test_names_become_lower_case_ascii_and_rubbish_is_dropped(self):
        self.assertEqual(domain_lists.domains(["  MAIL.Example. ", "säkerhet.example", "404: not found",
                                               "nodots", "", "-a.example", "a..example"]),
                         {"mail.example", "xn--skerhet-5wa.example"})

    def test_the_installed_lists_are_sorted_and_disjoint_and_know_every_large_provider(self):
        free = (ROOT / ".deps/share/free.txt").read_text(encoding="ascii").split()
        disposable = (ROOT / ".deps/share/disposable.txt").read_text(encoding="ascii").split()
        for names in (free, disposable):
            self.assertEqual(names, sorted(set(names)))
        self.assertFalse(set(free) & set(disposable))
        self.assertLessEqual(set(domain_lists.PROVIDERS), set(free))
        self.assertIn("mailinator.com", disposable)


class Fuzz(unittest.TestCase):
    def test_every_target_of_the_list_has_a_corpus_to_replay(self):
        text = (ROOT / "fuzz/targets.cmake").read_text(encoding="utf-8")
        for name in re.findall(r"^weir_fuzz\((\w+)", text, re.M):
            if (ROOT / f"fuzz/{name}_fuzz.cpp").is_file():
                corpus = ROOT / "testdata/fuzz" / name
                self.assertTrue(corpus.is_dir() and any(corpus.iterdir()), f"{corpus} is empty")

    def test_every_fuzz_source_is_in_the_list(self):
        text = (ROOT / "fuzz/targets.cmake").read_text(encoding="utf-8")
        listed = set(re.findall(r"^weir_fuzz\((\w+)", text, re.M))
        found = {path.name.removesuffix("_fuzz.cpp") for path in (ROOT / "fuzz").glob("*_fuzz.cpp")}
        self.assertLessEqual(found, listed)


if __name__ == "__main__":
    unittest.main()
