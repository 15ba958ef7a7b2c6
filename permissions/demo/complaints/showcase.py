"""A dozen hand-written cases to look at: one for every situation that the screens are made for.

Days count back from now, so that they are always fresh: due today, three days late, awaiting approval.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import Any

from backend.complaints import actions
from backend.complaints.choices import Channel, DeliveryMethod, Kind, Outcome, Priority
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.contacts import privacy
from backend.contacts.models import Citizen, Purpose
from backend.core.bulk import take_ids
from backend.core.localtime import ISTANBUL, local_date
from backend.organization.models import Category, Department, Neighbourhood, OutsideBody, User
from permissions.demo.complaints import sayings
from permissions.demo.complaints.cases import Maker
from permissions.demo.complaints.rows import Row, Rows
from permissions.demo.complaints.story import Story
from permissions.demo.world import Subject, World, in_office_hours

SOURCE = "demo-vitrin"

PEOPLE = {
    "ayse": ("Ayşe", "Işık", "+905090000101", "ayse.isik@posta.example", "Gül Sokak No: 12 D: 4"),
    "mehmet": ("Mehmet Ali", "Yiğit", "+905090000102", "", "Çınar Sokak No: 7"),
    "seda": (
        "Seda",
        "Kılıç Şahin",
        "+905090000103",
        "seda.kilic@posta.example",
        "Orhangazi Caddesi No: 41 D: 9",
    ),
    "ihsan": ("İhsan", "Çağlar", "+905090000104", "", "Ihlamur Sokak No: 3"),
    "oya": ("Oya", "Öztürk", "+905090000105", "oya.ozturk@posta.example", "Lale Sokak No: 22 D: 1"),
    "sule": ("Şule", "Ilgın", "+905090000106", "", "Enderun Caddesi No: 18"),
}

WEB, PHONE, PAPER = Channel.WEB, Channel.PHONE, Channel.PETITION
OFFICE, CLERK = "office", "clerk"


@dataclass(frozen=True)
class Scene:
    """One case: its facts, and what was done when (days ago, hour, verb, who, what they gave)."""

    who: str
    category: str
    subject: str
    body: str
    place: str
    neighbourhood: str
    ago: float
    steps: tuple[tuple[float, Verb, str, dict[str, Any]], ...] = ()
    facts: tuple[tuple[str, Any], ...] = ()
    target_ago: int | None = None


def _routed(department: str, ago: float, accepted: float | None = None) -> tuple[Any, ...]:
    steps: list[Any] = [(ago, Verb.ROUTE, OFFICE, {"department": department, "note": "Gereği için."})]
    if accepted is not None:
        steps.append((accepted, Verb.ACCEPT, CLERK, {"department": department}))
    return tuple(steps)


def _returned(department: str, ago: float, reason: str) -> tuple[Any, ...]:
    return (
        *_routed(department, ago),
        (ago - 0.3, Verb.RETURN, CLERK, {"department": department, "note": reason}),
    )


SCENES: tuple[Scene, ...] = (
    Scene(
        "ayse",
        "sokak-aydinlatmasi",
        "IŞIKLAR yanmıyor: Gül Sokak",
        "Gül Sokak boyunca ışıklar üç gecedir yanmıyor. Kızım kurstan karanlıkta dönüyor.",
        "Gül Sokak No: 12",
        "sarigazi",
        2.1,
        _routed("fen-isleri", 1.9, 1.2),
    ),
    Scene(
        "mehmet",
        "su-arizasi",
        "Su borusu patladı: Çınar Sokak",
        "Sabah altıdan beri kaldırımın altından su fışkırıyor, yol göle döndü.",
        "Çınar Sokak No: 7",
        "yenidogan",
        1.2,
        ((0.9, Verb.FORWARD, OFFICE, {"to": "iski", "number": "E-24312041-622.03-1187"}),),
    ),
    Scene(
        "seda",
        "park-bakimi",
        "Çocuk parkının yenilenmesi için dilekçe",
        "Mahallemizdeki parkın zemini sökülmüştür. Yenilenmesini ve sonucun bildirilmesini arz ederim.",
        "Orhangazi Caddesi",
        "mevlana",
        26.2,
        (
            *_routed("park-ve-bahceler", 25.5, 24.9),
            (23.0, Verb.START, CLERK, {}),
            (2.2, Verb.NOTIFY_PROGRESS, OFFICE, {"body": sayings.PROGRESS}),
        ),
        (("channel", PAPER), ("regime", Regime.PETITION_3071), ("signature_given", True)),
    ),
    Scene(
        "oya",
        "imar-durumu",
        "Plan değişikliği raporunun örneği (bilgi edinme)",
        "Plan değişikliğinin gerekçe raporunun bir örneğini 4982 sayılı Kanun uyarınca talep ediyorum.",
        "Lale Sokak No: 22",
        "safa",
        17.1,
        (
            *_routed("imar-ve-sehircilik", 16.4, 15.8),
            (5.5, Verb.EXTEND, OFFICE, {"note": sayings.EXTENSION}),
        ),
        (("channel", WEB), ("kind", Kind.INFORMATION_REQUEST), ("regime", Regime.INFORMATION_4982)),
    ),
    Scene(
        "ihsan",
        "rampa",
        "Sağlık ocağına engelli rampası",
        "Babam tekerlekli sandalye kullanıyor; girişteki basamak yüzünden içeri giremiyoruz.",
        "Ihlamur Sokak, sağlık ocağı",
        "inonu",
        7.2,
        (
            *_returned("fen-isleri", 6.9, "Bina girişi yapı ruhsatına tabidir; müdürlüğümüzün işi değildir."),
            *_returned("yapi-kontrol", 5.1, "Ruhsatlı projede değişiklik yok; yol kotu Fen İşlerinindir."),
            *_returned("plan-ve-proje", 3.0, "Projelendirme talebi yok, uygulama işidir."),
        ),
        (("priority", Priority.HIGH),),
    ),
    Scene(
        "sule",
        "kacak-yapi",
        "Gece kaçak kat çıkılıyor (kimliğim gizli kalsın)",
        "Komşu binaya geceleri çalışılarak kat çıkılıyor. Kimliğimin gizli tutulmasını istiyorum.",
        "Enderun Caddesi No: 20",
        "abdurrahmangazi",
        3.3,
        (
            *_routed("yapi-kontrol", 3.1, 2.6),
            (2.4, Verb.START, CLERK, {}),
            (1.1, Verb.COMMENT, CLERK, {"body": "Gece denetimi planlandı; tutanak yarın sisteme eklenecek."}),
        ),
        (("kind", Kind.TIP_OFF), ("identity_hidden", True)),
    ),
    Scene(
        "seda",
        "gurultu",
        "Alt kattaki kafede gece yüksek sesle müzik",
        "Kafe gece bire kadar yüksek sesle müzik çalıyor. Bebeğimiz uyuyamıyor.",
        "Orhangazi Caddesi No: 41",
        "mevlana",
        4.2,
        (
            *_routed("zabita", 4.0, 3.4),
            (3.3, Verb.ADD_COLLABORATOR, OFFICE, {"department": "iklim-degisikligi-ve-sifir-atik"}),
            (
                2.2,
                Verb.COMMENT,
                CLERK,
                {"body": "Gece 23.30'da gidildi, müzik kapalıydı. Cuma tekrar bakılacak."},
            ),
        ),
    ),
    Scene(
        "ihsan",
        "asfalt-bozuklugu",
        "Ihlamur Sokak girişinde derin çukur",
        "Çukurda dün bir motosikletli düştü. Üçüncü kez arıyorum.",
        "Ihlamur Sokak girişi",
        "inonu",
        0.0,
        (*_routed("fen-isleri", 0.05, 0.1), (0.2, Verb.START, CLERK, {})),
        (),
        3,
    ),
    Scene(
        "oya",
        "oyun-grubu",
        "Salıncağın zinciri koptu",
        "Oğlum salıncaktan düştü, zincirin halkası kopmuş. Başka çocuk yaralanmadan yapılmalı.",
        "Lale Sokak parkı",
        "safa",
        0.0,
        (
            *_routed("park-ve-bahceler", 0.05, 0.1),
            (0.3, Verb.PUT_ON_HOLD, CLERK, {"waiting_for": "MATERIAL", "note": "Zincir siparişi verildi."}),
        ),
        (),
        0,
    ),
    Scene(
        "mehmet",
        "cop-toplama",
        "Çınar Sokak çöpleri üç gündür alınmıyor",
        "Kamyon sokağa girmiyor, köşedeki araç yüzünden dönemiyormuş.",
        "Çınar Sokak",
        "yenidogan",
        2.4,
        (
            *_routed("temizlik-isleri", 2.3, 2.0),
            (0.5, Verb.DRAFT, CLERK, {"body": "Çöpler toplanmış, köşeye park yasağı levhası konmuştur."}),
            (0.45, Verb.SUBMIT, CLERK, {}),
        ),
    ),
    Scene(
        "sule",
        "sosyal-yardim",
        "Kış için yakacak yardımı",
        "Yalnız yaşıyorum, emekli aylığım kiraya gidiyor. Yakacak desteği rica ediyorum.",
        "Enderun Caddesi No: 18",
        "abdurrahmangazi",
        3.6,
        (
            *_routed("sosyal-destek-hizmetleri", 3.4, 3.1),
            (1.3, Verb.PUT_ON_HOLD, CLERK, {"waiting_for": "CITIZEN", "note": "Gelir belgesi bekleniyor."}),
        ),
    ),
    Scene(
        "ayse",
        "rogar-kapagi",
        "Okulun önünde açık rögar",
        "İlkokulun kapısının tam önünde rögar kapağı yok, çocuklar çıkmadan kapatılmalı!",
        "Okul Sokak No: 1",
        "sarigazi",
        0.03,
        (),
        (("priority", Priority.URGENT),),
    ),
)


def is_there() -> bool:
    return Complaint.objects.filter(source=SOURCE).exclude(source_number="").exists()


def load(world: World, number_them: Any) -> None:
    """Write the scenes; then one more case walks its whole life through the real actions, mails included."""
    rows, maker = Rows(), Maker(Random(SOURCE), world)  # noqa: S311 - invented data
    people = _people(rows, maker)
    for position, scene in enumerate(SCENES):
        _play(scene, position, rows, maker, people)
    rows.complaints.sort(key=lambda row: row["registered_at"])
    number_them(rows.complaints)
    rows.insert()
    _walk(Citizen.objects.get(pk=people["ayse"]["id"]))


def _people(rows: Rows, maker: Maker) -> dict[str, Row]:
    found: dict[str, Row] = {}
    at = maker.world.now - dt.timedelta(days=200)
    for number, (name, person) in zip(take_ids(Citizen, len(PEOPLE)), PEOPLE.items(), strict=True):
        first, last, phone, email, address = person
        row = maker.citizen(number, at)
        row |= {"first_name": first, "last_name": last, "phone": phone, "email": email, "address": address}
        found[name] = row
        rows.citizens.append(row)
    return found


def _play(scene: Scene, position: int, rows: Rows, maker: Maker, people: dict[str, Row]) -> None:
    world, person = maker.world, people[scene.who]
    row = _facts(scene, maker) | {"applicant": person["id"], "source_number": str(position + 1)}
    at = before = row["registered_at"]
    story = Story(row, rows, world, maker.key, maker.means(row, person))
    for moment, verb, who, values in scene.steps:
        actor, values = _resolved(story, who, dict(values), world)
        said_at = at + (world.now - at) * moment if scene.target_ago is not None else _ago(world, moment)
        before = in_office_hours(said_at, before, world.now)
        story.say(verb, before, actor, **values)
    story.warn_if_late()


def _facts(scene: Scene, maker: Maker) -> Row:
    world, facts = maker.world, dict(scene.facts)
    category = Category.objects.get(code=scene.category)
    regime = facts.get("regime", Regime.SERVICE_REQUEST)
    subject = Subject(scene.category, category, 0, [], [], [], [], None)
    at = _when(scene, category, world)
    (number,) = take_ids(Complaint, 1)
    channel = facts.get("channel", PHONE)
    row = maker.facts(number, at, facts.get("kind", Kind.COMPLAINT), channel, regime, subject)
    priority = facts.get("priority", Priority.NORMAL)
    days = clock.target_days(category, priority)
    dates = world.dates(regime, clock.matter_of(regime, None), local_date(at), days)
    return row | {
        "priority": str(priority),
        "identity_hidden": bool(facts.get("identity_hidden")),
        "signature_given": bool(facts.get("signature_given")),
        "tags": [],
        "source": SOURCE,
        "subject": scene.subject,
        "body": scene.body,
        "place": scene.place,
        "neighbourhood": Neighbourhood.objects.get(code=scene.neighbourhood).pk,
        "latitude": None,
        "longitude": None,
        "raw_due_on": dates.raw,
        "legal_due_on": dates.legal,
        "target_on": dates.target,
        "deadline_inputs": dates.inputs,
    }


def _ago(world: World, days: float) -> dt.datetime:
    return world.now - dt.timedelta(days=days)


def _when(scene: Scene, category: Category, world: World) -> dt.datetime:
    """The moment of the call; with `target_ago`, such that the target date is that many days ago."""
    if scene.target_ago is None:
        called_at = _ago(world, scene.ago)
        return in_office_hours(called_at, called_at - dt.timedelta(days=1), world.now)
    wanted = local_date(world.now) - dt.timedelta(days=scene.target_ago)
    day = wanted
    for _step in range(40):
        day -= dt.timedelta(days=1)
        days = clock.target_days(category, Priority.NORMAL)
        service = clock.matter_of(Regime.SERVICE_REQUEST, None)
        if world.dates(Regime.SERVICE_REQUEST, service, day, days).target <= wanted:
            break
    return dt.datetime.combine(day, dt.time(10, 40), ISTANBUL)


def _resolved(story: Story, who: str, values: dict[str, Any], world: World) -> tuple[int, dict[str, Any]]:
    """Who says it, by primary key, and what they give, codes looked up."""
    if "department" in values:
        values["department"] = world.departments[values["department"]]
    if "to" in values:
        values["body"] = OutsideBody.objects.get(code=values.pop("to")).pk
    responsible = values.get("department") or story.row["responsible_department"]
    if who == OFFICE or responsible is None:
        return world.staff.office[0], values
    return world.staff.clerks[responsible][-1], values


def _walk(applicant: Citizen) -> None:
    """From the call to the answer through the actions themselves: receipt and reply lie in the outbox."""
    people = {user.username: user for user in User.objects.filter(username__in=("cagri", "sekreter", "fen"))}
    complaint = actions.register(
        kind=Kind.COMPLAINT,
        channel=Channel.PHONE,
        subject="Kaldırım taşı yerinden çıktı: Gül Sokak",
        body="Bina girişinin önündeki kaldırım taşı oynuyor, annem takılıp düştü.",
        applicant=applicant,
        category=Category.objects.get(code="kaldirim-ve-bordur"),
        neighbourhood=Neighbourhood.objects.get(code="sarigazi"),
        place="Gül Sokak No: 12",
        source=SOURCE,
        source_number=str(len(SCENES) + 1),
        privacy_notice=privacy.in_force(Purpose.CASE, "tr"),
        by=people["cagri"],
    )
    office, clerk = people["sekreter"], people["fen"]
    actions.route(complaint, by=office, to=Department.objects.get(code="fen-isleri"), note="Gereği için.")
    actions.accept(complaint, by=clerk)
    actions.start(complaint, by=clerk)
    actions.comment(complaint, by=clerk, body="Kaldırım ekibi aynı sokaktaydı, taş yerine oturtuldu.")
    actions.draft(complaint, by=clerk, body="Kaldırım taşı yerine oturtulmuş, çevresi kontrol edilmiştir.")
    actions.submit(complaint, by=clerk)
    actions.approve(complaint, by=office)
    actions.send(complaint, by=office, means=DeliveryMethod.EMAIL)
    actions.close(complaint, by=office, outcome=Outcome.SOLVED)
