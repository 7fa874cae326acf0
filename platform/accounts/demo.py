"""The people of the demo city: one for each role, all with the same password."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.services import grant_role, open_account
from core.demo import Scale

PASSWORD = "yoriai-demo"  # noqa: S105  (printed on the screen of every demo city)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as. ``part`` is a word for the list that ``make run`` prints."""

    username: str
    display_name: str
    part: str
    role: Role | None = None


PEOPLE = (
    DemoPerson("jumin", "石引 花子", "住民"),
    DemoPerson("kaicho", "山田 正一", "町会長"),
    DemoPerson("hancho", "中村 和子", "班長"),
    DemoPerson("gakusei", "小立野 健太", "学生", Role.STUDENT),
    DemoPerson("facili", "森本 由美", "ファシリテーター", Role.FACILITATOR),
    DemoPerson("coord", "浅野 直樹", "コーディネーター", Role.COORDINATOR),
    DemoPerson("shiyakusho", "金沢市役所 広報", "市職員", Role.CITY_STAFF),
    DemoPerson("admin", "管理者", "管理者", Role.ADMINISTRATOR),
)

_USERNAMES = [person.username for person in PEOPLE]


def load(scale: Scale) -> str:
    """Opens the accounts that are missing, the same in a city of any size, and says how many there are."""
    known = {person.username: person for person in User.objects.filter(username__in=_USERNAMES)}
    for person in PEOPLE:
        account = known.get(person.username) or open_account(
            actor=None,
            username=person.username,
            display_name=person.display_name,
            password=PASSWORD,
        )
        if person.role and person.role not in account.roles:
            grant_role(actor=None, person=account, role=person.role)
    return f"{len(PEOPLE)} accounts, {len(PEOPLE) - len(known)} of them new"


def introduction() -> list[str]:
    """Who can sign in to the demo city."""
    people = [f"  {person.username:<12}{person.part}" for person in PEOPLE]
    return [_("Demo accounts (password: %(password)s):") % {"password": PASSWORD}, *people]
