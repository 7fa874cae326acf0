"""Neighbours of the demo city who take part in talks; nobody signs in as them."""

from accounts.models import User
from accounts.services import open_account

NEIGHBOURS = (
    ("kitagawa", "北川 美咲"),
    ("nishida", "西田 勇"),
    ("takahashi", "高橋 ふみ"),
    ("maeda", "前田 亜希"),
    ("kimura", "木村 まさ子"),
    ("hashimoto", "橋本 拓也"),
    ("ran", "グエン ティ ラン"),
    ("yoshida", "吉田 茂"),
    ("ogawa", "小川 千鶴"),
    ("matsui", "松井 健"),
)


def load() -> None:
    """Opens the accounts that are missing."""
    names = [username for username, _ in NEIGHBOURS]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    for username, display_name in NEIGHBOURS:
        if username not in known:
            open_account(actor=None, username=username, display_name=display_name, password=None)
