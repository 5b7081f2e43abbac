"""Pastes texts into an interactive shell, each as a terminal would, and tells what they made it do.

usage: paste.py [--bracketed] [--c-locale] bash|dash|zsh FOLDER  <pastes.json

The pastes are a list of {"text", "enter"}; with "enter", the key is pressed after the text, else the line is erased.
What a text runs, it runs in FOLDER: a file that is there afterwards was made by it. Printed is a list of what was found
after each paste: the names of such files, or null when the shell did not come back.
"""

import argparse
import json
import os
import pty
import select
import signal
import sys
import tempfile
import time

PATIENCE = 20
QUIET = 0.3
COMMANDS = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "dash": ["dash", "-i"],
    "zsh": ["zsh", "-f", "-i"],
}


class Terminal:
    def __init__(self, arguments):
        self.bracketed = arguments.bracketed
        self.marks = 0
        self.seen = b""
        self.settings = tempfile.NamedTemporaryFile("w", suffix=".inputrc")
        self.settings.write("set enable-bracketed-paste %s\n" % ("on" if self.bracketed else "off"))
        self.settings.flush()
        locale = "C" if arguments.c_locale else "C.UTF-8"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": arguments.folder,
            "TERM": "xterm",
            "LC_ALL": locale,
            "INPUTRC": self.settings.name,
            "HISTFILE": "/dev/null",
        }
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(arguments.folder)
            command = COMMANDS[arguments.shell]
            os.execvpe(command[0], command, environment)
        self.read_until_quiet()
        if arguments.shell == "zsh" and not self.bracketed:
            self.write(b"unset zle_bracketed_paste\r")
        self.comes_back()

    def paste(self, text):
        keys = text.replace("\n", "\r").encode("utf-8", "replace")
        self.write(b"\x1b[200~" + keys + b"\x1b[201~" if self.bracketed else keys)

    def enter(self):
        self.write(b"\r")

    def erase(self):
        self.write(b"\x15")

    def comes_back(self):
        """Whether a command of our own still runs, after all that was typed before."""
        self.marks += 1
        # Typed and printed differently, so that the echo is not taken for it.
        self.write(b"echo mark''-%d-\r" % self.marks)
        return self.read_until(b"mark-%d-" % self.marks)

    def write(self, keys):
        # In pieces that fit a terminal's queue, reading in between, or both sides would wait.
        for at in range(0, len(keys), 256):
            select.select([], [self.terminal], [], PATIENCE)
            os.write(self.terminal, keys[at : at + 256])
            self.read_what_is_there(0)

    def read_what_is_there(self, seconds):
        """Whether there was anything."""
        ready, _, _ = select.select([self.terminal], [], [], seconds)
        if not ready:
            return False
        try:
            read = os.read(self.terminal, 65536)
        except OSError:
            return False
        self.seen = self.seen[-1000:] + read
        return len(read) > 0

    def read_until_quiet(self):
        while self.read_what_is_there(QUIET):
            pass

    def read_until(self, words):
        end = time.monotonic() + PATIENCE
        while words not in self.seen:
            if time.monotonic() > end:
                return False
            self.read_what_is_there(0.2)
        return True

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.terminal)
        self.settings.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bracketed", action="store_true")
    parser.add_argument("--c-locale", action="store_true")
    parser.add_argument("shell", choices=COMMANDS)
    parser.add_argument("folder")
    arguments = parser.parse_args()
    found = []
    terminal = Terminal(arguments)
    for paste in json.load(sys.stdin):
        terminal.paste(paste["text"])
        if paste["enter"]:
            terminal.enter()
        else:
            terminal.erase()
        back = terminal.comes_back()
        made = sorted(os.listdir(arguments.folder))
        for name in made:
            os.remove(os.path.join(arguments.folder, name))
        found.append(made if back else None)
        if not back:
            terminal.close()
            terminal = Terminal(arguments)
    terminal.close()
    json.dump(found, sys.stdout)


main()
