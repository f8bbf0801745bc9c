"""The completion script that `weir completion` prints, in a real bash."""
import subprocess

from harness import BINARY, OK, Outcome, WeirTest, environment, main, weir

COMPLETE = """
PATH={folder}:$PATH
source {script}
COMP_WORDS=({words})
COMP_CWORD=$(({count} - 1))
_weir
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


class Completion(WeirTest):
    def complete(self, *words):
        script = self.file("weir.bash", Outcome(weir("completion")).out.encode())
        quoted = " ".join(f"'{word}'" for word in words)
        text = COMPLETE.format(folder=BINARY.parent, script=script, words=quoted, count=len(words))
        process = subprocess.run(["bash", "-c", text], capture_output=True, check=True,
                                 env=environment())
        return process.stdout.decode().split()

    def test_commands_complete(self):
        self.assertEqual(self.complete("weir", "ana"), ["analyze"])
        self.assertLessEqual({"case", "cases"}, set(self.complete("weir", "ca")))

    def test_sub_commands_and_options_complete(self):
        self.assertEqual(self.complete("weir", "roster", "im"), ["import"])
        self.assertIn("--simulated", self.complete("weir", "init", "--"))
        self.assertEqual(self.complete("weir", "-w", "somewhere", "audit", "v"), ["verify"])

    def test_every_command_has_help(self):
        for command in self.complete("weir", ""):
            if command.startswith("-"):
                continue
            outcome = Outcome(weir(command, "--help"))
            self.expect(outcome, OK, f"usage: weir {command}")


if __name__ == "__main__":
    main()
