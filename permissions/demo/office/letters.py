"""Letters of the office and of a department in every state, and some that came in. By actions, as people would."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.core.words.text import tr_upper
from backend.instructions import actions as instructions
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters import actions
from backend.letters.actions.writing import Enclosed, Initialling, Recipient
from backend.letters.choices import DeliveryMethod
from backend.letters.drafts import FORMAL
from backend.letters.law.check_parts import capitalised
from backend.letters.models import Letter, LetterTemplate
from backend.organization import actions as departments
from backend.organization import reference
from backend.organization.models import Department, FilePlanCode, OutsideBody, User
from backend.programme.models import Principal
from permissions.core import scope

# (kind, file code, addressees, subject, text, closing, how far it goes)
WRITTEN = [
    (
        "OFFICIAL",
        "752",
        ["body:kaymakamlik"],
        "Park Yeri Tahsisi",
        "Emek Mahallesi Ihlamur Sokak’ta bulunan ve mülkiyeti Hazineye ait 1.250 m² yüzölçümlü taşınmazın, park"
        " olarak düzenlenmek üzere Belediyemize tahsisi talep edilmektedir.\nTahsisin uygun görülmesi hâlinde"
        " çalışmalara bahar aylarında başlanması planlanmaktadır.",
        "Bilgilerini ve gereğini arz ederim.",
        "SENT",
    ),
    (
        "OFFICIAL",
        "754",
        ["unit:fen-isleri", "unit:park-ve-bahceler", "unit:temizlik-isleri"],
        "Cumhuriyet Meydanı Hazırlıkları",
        "Meydanda yapılacak tören öncesinde zemin onarımı, çiçeklendirme ve genel temizlik çalışmalarının"
        " tamamlanması gerekmektedir.\nÇalışmaların tören gününden iki gün önce bitirilmesi gerekmektedir.",
        "Gereğini rica ederim.",
        "REGISTERED",
    ),
    (
        "OFFICIAL",
        "754",
        ["body:iski"],
        "Yağmur Suyu Hattı",
        "Sarıgazi Mahallesi’nde yağışlarda su birikmesine yol açan hattın kapasitesinin artırılması talep"
        " edilmektedir.",
        "Gereğini arz ederim.",
        "SIGNATURE",
    ),
    (
        "COVER",
        "752",
        ["unit:zabita"],
        "Esnaf Dilekçeleri",
        "Pazar yerinin düzenine ilişkin esnaf dilekçeleri ekte gönderilmiştir.",
        "Gereğini rica ederim.",
        "INITIALS",
    ),
    (
        "OFFICIAL",
        "010.07",
        ["body:kaymakamlik", "unit:fen-isleri"],
        "Kar Mücadelesi Planı",
        "2026-2027 kış dönemi kar mücadelesi planı hazırlanmış olup ekipler 24 saat esasıyla görev yapacaktır.",
        "Bilgilerinize arz ve rica ederim.",
        "DRAFT",
    ),
]
# (kind, first name, surname, text, how far it goes)
PERSONAL = [
    (
        "CONDOLENCE",
        "Ayşe",
        "Işık",
        "Kıymetli babanız Yiğit IŞIK’ın vefatını derin üzüntüyle öğrendim.\nMerhuma Allah’tan rahmet, başta siz olmak"
        " üzere kederli ailenize sabır ve başsağlığı dilerim.",
        "SENT",
    ),
    (
        "CONGRATULATION",
        "İlker",
        "Çınar",
        "Okulunuzun Türkiye birinciliğini büyük bir mutlulukla öğrendim.\nÖğrencilerinizi ve sizi yürekten tebrik eder,"
        " başarılarınızın devamını dilerim.",
        "SIGNED",
    ),
    (
        "THANKS",
        "Nurgül",
        "Özdemir",
        "Halk günümüze katılarak mahallenizin önerilerini bizimle paylaştığınız için teşekkür ederim.",
        "DRAFT",
    ),
]
# (body, number, days ago, subject, what it asks for, departments)
CAME = [
    ("kaymakamlik", "E-41827365-010-1187", 3, "29 Ekim Tören Planı", "OPINION", ["kultur-ve-sosyal-isler"]),
    (
        "ilce-milli-egitim",
        "E-27461935-752-402",
        12,
        "Okul Çevresi Ağaçlandırması",
        "DOCUMENT",
        ["park-ve-bahceler"],
    ),
    ("ibb", "E-58291746-754-9021", 1, "Ana Arter Bakım Takvimi", "NONE", ["fen-isleri"]),
    ("ilce-saglik", "E-36518274-622.01-77", 20, "Haşere Mücadelesi Bilgileri", "OPINION", []),
]
TO = "Sayın {{ad}} {{SOYAD}},"
# Of each template: what it is, its name, greeting, text and closing.
TEMPLATES = [
    (
        "CONDOLENCE",
        "Taziye",
        TO,
        "Vefat haberini derin üzüntüyle aldığım kıymetli {{yakınlık}} {{vefat eden}} için Allah’tan rahmet, başta siz"
        " olmak üzere kederli ailenize sabır ve başsağlığı dilerim.\n{{#kadın}}Merhumenin{{/kadın}}"
        "{{^kadın}}Merhumun{{/kadın}} mekânı cennet olsun.",
        "Saygılarımla.",
    ),
    (
        "CONGRATULATION",
        "Atama tebriki",
        "{{hitap}}",
        "{{görev}} görevine atanmanız dolayısıyla sizi tebrik eder, yeni görevinizde başarılar dilerim.",
        "Saygılarımla.",
    ),
    (
        "THANKS",
        "Katılım teşekkürü",
        TO,
        "{{etkinlik}} programımıza katılarak bizi onurlandırdığınız için teşekkür ederim."
        "{{#katkı}}\n{{katkı}} için ayrıca şükranlarımı sunarım.{{/katkı}}",
        "Saygılarımla.",
    ),
    (
        "REPLY",
        "Dilekçe cevabı",
        "",
        "İlgi dilekçenizde belirttiğiniz {{konu}} incelenmiştir.\n{{sonuç}}",
        "Bilgilerinize sunulur.",
    ),
]
# Of each olur: its unit, who proposes and who gives it, its template with its values, how it goes.
OLUR = [
    (
        "ozel-kalem",
        "ozelkalem",
        "baskan",
        "olur-arac",
        {
            "gün": "Pazartesi",
            "güzergâh": "Sancaktepe – Ankara – Sancaktepe",
            "görev": "Türkiye Belediyeler Birliği toplantısı",
            "plaka": "34 ZZ 1453",
            "sürücü": "Tarık ÇELİK",
        },
        "CARRIED_OUT",
    ),
    (
        "ozel-kalem",
        "ozelkalem",
        "baskan",
        "olur-temsil",
        {
            "gün": "Cuma",
            "etkinlik": "kardeş şehir heyetinin ziyareti",
            "konuklar": "12 konuk",
            "tutar": "18.000",
        },
        "APPROVAL",
    ),
    (
        "fen-isleri",
        "fenmudur",
        "baskanyrd",
        "olur-gorev",
        {
            "görev": "Asfalt plenti kabul işleri",
            "personel": "Nil DEMİRTAŞ",
            "başlangıç": "pazartesi",
            "bitiş": "çarşamba",
            "yer": "İSFALT Ümraniye tesisi",
        },
        "SIGNED",
    ),
    (
        "ozel-kalem",
        "ozelkalem",
        "baskan",
        "olur-izin",
        {
            "personel": "Gül ARSLAN",
            "başlangıç": "Pazartesi",
            "süre": "10",
            "iznin türü": "yıllık",
            "vekil": "Deniz KOÇ",
        },
        "REFUSED",
    ),
]
REFERENCE = Path(__file__).parents[1] / "reference"
"""Codes of the file plan that the demo invents; what is shipped has none of them."""
REFUSED = "Aynı tarihlerde Cumhuriyet Meydanı açılışı yapılacaktır; izin sonraki haftaya alınmalıdır."
LEFT = "34 ZZ 1453 plakalı araç 09.30’da çıktı, 19.40’ta döndü."
PLANTED = "Okul bahçelerine fidan dikilsin, istenen belgeler müdürlüğe gönderilsin."
CARRIED_OUT = "Yağmur Suyu Hattı"
WAY = ["DRAFT", "INITIALS", "SIGNATURE", "SIGNED", "REGISTERED", "SENT"]


def is_there() -> bool:
    return Letter.objects.exists()


def load_once() -> None:
    """What is not there yet; every person in a session of their own."""
    with system():
        users = {user.username: user for user in User.objects.filter(is_active=True)}
        _templates()
        _detsis()
        reference.load(REFERENCE)
    clerk, head, mayor = users["sekreter"], users["ozelkalem"], users["baskan"]
    with scope.session(clerk):
        if is_there():
            return
        office = Department.objects.get(is_private_office=True, valid_to=None)
        rows = [_written(office, clerk, head, mayor, *one) for one in WRITTEN]
        rows += [_personal(office, clerk, mayor, *one) for one in PERSONAL]
        for one in CAME:
            _came(office, clerk, *one)
        with elevated():
            first = Letter.objects.filter(sender_number=CAME[0][1]).get()
            actions.reply(first, by=clerk, body="İlgi yazınızda belirtilen tören planı incelenmektedir.")
        _link(office, clerk, mayor)
    for key, until in rows:
        _go(key, WAY.index(until), clerk, head, mayor)
    for olur in OLUR:
        _olur(users, *olur)
    with scope.session(head), elevated():
        deputy = users.get("baskanyrd") or head
        if deputy != mayor:
            days = {
                "valid_from": today() + dt.timedelta(days=20),
                "valid_until": today() + dt.timedelta(days=27),
            }
            actions.substitute(mayor, substitute=deputy, by=head, **days)


def _link(office: Department, clerk: User, mayor: User) -> None:
    """An instruction that came of a letter, a letter that carries one out, an answer to an invitation that is being
    written, and a congratulation to who holds an office."""
    with elevated():
        came = Letter.objects.filter(sender_number=CAME[1][1]).get()
        parks = Department.objects.get(code=CAME[1][5][0])
        if (principal := Principal.objects.filter(office="MAYOR").first()) is not None:
            facts = {"text": PLANTED, "setting": "LETTER", "form": "WRITTEN", "letter": came}
            instructions.give(principal, by=clerk, department=parks, **facts)
        signs: dict[str, Any] = {
            "signatory": mayor,
            "signatory_title": "Belediye Başkanı",
            "closing": "Saygılarımla.",
        }
        invited = Invitation.objects.filter(entry=None).order_by("pk").first()
        if invited is not None:
            actions.draft(
                office,
                by=clerk,
                kind="OFFICE",
                subject=capitalised(invited.title),
                invitation=invited,
                addressees=[Recipient(kind="COMPANY", name=invited.host, email=invited.email)],
                body="Nazik davetiniz için teşekkür ederiz. Programımız elverdiği ölçüde aranızda olmayı dileriz.",
                **signs | {"closing": "Bilgi edinilmesini rica ederim."},
            )
        actions.draft(
            office,
            by=clerk,
            kind="CONGRATULATION",
            addressees=[
                Recipient(kind="PERSON", name="Tarık", surname="Güneş", title="Sancaktepe Kaymakamı")
            ],
            salutation="Sayın Kaymakamım,",
            body="Yeni görevinizi tebrik eder, çalışmalarınızda başarılar dilerim.",
            **signs,
        )


def _templates() -> None:
    """The standing texts, once."""
    if LetterTemplate.objects.filter(name=TEMPLATES[0][1]).exists():
        return
    for kind, name, salutation, body, closing in TEMPLATES:
        actions.save_template(
            by=None, kind=kind, name=name, salutation=salutation, body=body, closing=closing
        )


def _recipient(word: str) -> Recipient:
    what, _colon, code = word.partition(":")
    if what == "unit":
        return Recipient(department=Department.objects.get(code=code))
    return Recipient(body=OutsideBody.objects.get(code=code))


def _written(
    office: Department,
    clerk: User,
    head: User,
    mayor: User,
    kind: str,
    code: str,
    to: list[str],
    subject: str,
    body: str,
    closing: str,
    until: str,
) -> tuple[Any, str]:
    more: dict[str, Any] = {"annexes": [Enclosed("Dilekçeler", "14 sayfa")]} if kind == "COVER" else {}
    if subject == CARRIED_OUT:
        source = Instruction.objects.filter(is_confidential=False, text__contains="yağmur").order_by("pk")
        more["instruction"] = source.first()
    with elevated():
        letter = actions.draft(
            office,
            by=clerk,
            kind=kind,
            subject=subject,
            body=body,
            closing=closing,
            file_code=FilePlanCode.objects.get(code=code),
            signatory=mayor,
            signatory_title="Belediye Başkanı",
            addressees=[_recipient(one) for one in to],
            steps=[Initialling(head)],
            **more,
        )
    return letter.key, until


def _personal(
    office: Department, clerk: User, mayor: User, kind: str, name: str, surname: str, body: str, until: str
) -> tuple[Any, str]:
    with elevated():
        letter = actions.draft(
            office,
            by=clerk,
            kind=kind,
            salutation=f"Sayın {name} {tr_upper(surname)},",
            body=body,
            closing="Saygılarımla.",
            signatory=mayor,
            signatory_title="Belediye Başkanı",
            addressees=[Recipient(kind="PERSON", name=name, surname=surname)],
        )
    return letter.key, until


def _came(
    office: Department, clerk: User, body: str, number: str, days: int, subject: str, asks: str, to: list[str]
) -> None:
    day = today() - dt.timedelta(days=days)
    with elevated():
        actions.receive(
            office,
            by=clerk,
            body_of_sender=OutsideBody.objects.get(code=body),
            sender_number=number,
            sent_on=day - dt.timedelta(days=1),
            received_on=day,
            subject=subject,
            asks_for=asks,
            to=list(Department.objects.filter(code__in=to)),
        )


def _go(key: Any, steps: int, clerk: User, head: User, mayor: User) -> None:
    """As far on its way as the demo shows it."""
    way: list[tuple[User, Any]] = [
        (clerk, actions.submit),
        (head, actions.initial),
        (mayor, actions.sign),
        (clerk, actions.register),
        (clerk, _number_and_send),
    ]
    for number, (who, act) in enumerate(way, 1):
        with scope.session(who), elevated():
            letter = Letter.objects.get(key=key)
            if number > steps or (act is actions.initial and letter.status != "INITIALS"):
                continue
            act(letter, by=who)


def _olur(
    users: dict[str, User],
    unit: str,
    proposer: str,
    approver: str,
    code: str,
    values: dict[str, str],
    until: str,
) -> None:
    """From the proposal to what it allows; by who is there, for a small municipality has no deputy mayor."""
    proposes, gives = users.get(proposer), users.get(approver)
    if proposes is None or gives is None or not Department.objects.filter(code=unit, valid_to=None).exists():
        return

    def act_as(who: User, act: Any, **facts: Any) -> Letter:
        with scope.session(who), elevated():
            letter: Letter = act(Letter.objects.get(key=key), by=who, **facts)
            return letter

    with scope.session(proposes), elevated():
        facts = actions.filled(LetterTemplate.objects.get(code=code), values)
        key = actions.draft(
            Department.objects.get(code=unit),
            by=proposes,
            file_code=FilePlanCode.objects.get(code="934" if code == "olur-arac" else "903"),
            signatory=proposes,
            office="HEAD",
            approver=gives,
            approver_capacity="OWN" if approver == "baskan" else "ON_BEHALF",
            addressees=[Recipient(kind="MAYORALTY")],
            **facts,  # type: ignore[arg-type]
        ).key
    act_as(proposes, actions.submit)
    act_as(proposes, actions.sign)
    if until == "REFUSED":
        act_as(gives, actions.refuse, reason=REFUSED)
    elif until != "APPROVAL":
        act_as(gives, actions.approve)
        if until == "CARRIED_OUT":
            act_as(proposes, actions.register)
            act_as(proposes, _number)
            act_as(proposes, actions.carry_out, carried_out_on=today(), what=LEFT)


def _detsis() -> None:
    """An invented number for each unit: eight digits of which the first three are unassigned."""
    for place, department in enumerate(Department.objects.filter(valid_to=None).order_by("code"), 1):
        if not department.detsis:
            departments.record_detsis(department, by=None, detsis=f"{99_900_000 + place}")


def _number(letter: Letter, *, by: User) -> None:
    """As the EBYS would number it."""
    code = letter.file_code.code if letter.file_code else "000"
    number = f"E-{letter.department.detsis}-{code}-{4000 + (letter.number or 0)}"
    actions.record_number(letter, by=by, number=number, on=today())


def _number_and_send(letter: Letter, *, by: User) -> None:
    if Letter.objects.filter(FORMAL, pk=letter.pk).exists():
        _number(letter, by=by)
    for addressee in letter.addressees.all():
        actions.dispatch(letter, by=by, addressee=addressee, means=DeliveryMethod.POST, proof="RR0041726TR")
