"""One thing that is said in a demo talk, and what becomes of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """A post of the demo city.

    Args:
        author: user name.
        text: small Markdown.
        answers, quotes: the number of the post that is answered or quoted; 0 for none.
        agree, disagree, unsure, thanks: user names, with spaces between them.
        before: what the post said before its author changed it; empty if it was never changed.
        photo: what its photo shows; empty if there is none.
        withdrawn: its author took it back.
        hidden: the reason for which the facilitator hid it; empty if it is shown.
    """

    author: str
    text: str
    answers: int = 0
    quotes: int = 0
    agree: str = ""
    disagree: str = ""
    unsure: str = ""
    thanks: str = ""
    before: str = ""
    photo: str = ""
    withdrawn: bool = False
    hidden: str = ""

    def names(self) -> set[str]:
        """Everybody who has a part in it."""
        pressed = f"{self.agree} {self.disagree} {self.unsure} {self.thanks}"
        return {self.author, *pressed.split()}
