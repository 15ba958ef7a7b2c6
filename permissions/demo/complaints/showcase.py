"""A dozen hand-written cases to look at: one for every situation that the screens are made for.

Days count back from now, so that they are always fresh: due today, three days late, awaiting approval.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile

from backend.complaints import actions
from backend.complaints.choices import Channel, DeliveryMethod, Kind, Outcome, Priority
from backend.complaints.law import clock
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb
from backend.contacts import actions as contacts
from backend.contacts import privacy
from backend.contacts.models import Citizen, Purpose
from backend.core.localtime import ISTANBUL, local_date
from backend.organization.models import Category, Department, Neighbourhood, OutsideBody, User
from permissions.demo.clock import MoveTo, moved_clock
from permissions.demo.complaints import sayings
from permissions.demo.complaints.walking import Walker
from permissions.demo.world import World, in_office_hours

SOURCE = "demo-vitrin"

PEOPLE = {
    "ayse": ("Ayşe", "Işık", "+905090000101", "ayse.isik@posta.example", "Gül Sokak No: 12 D: 4"),
    "hatun": ("Hatun", "Işık", "+905090000107", "", "Gül Sokak No: 12 D: 2"),
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
SIGN = (("levha-yeri.txt", "Levha, Çınar Sokak ile Gül Sokak köşesine 12 numaralı direğe konmuştur."),)
LINK = "https://x.com/oya_ornek/status/1990000000000000001"
POST = {
    "link": LINK,
    "author": "@oya_ornek",
    "text": "@ornekbelediye Fatih İlkokulu'nun önündeki kaldırım çöktü, çocuklar yoldan yürüyor. Ne zaman yapılacak?",
}
CIMER = (("channel", Channel.CIMER), ("regime", Regime.CIMER))


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
    steps: list[Any] = [(ago, Verb.ROUTE, OFFICE, {"to": department, "note": "Gereği için."})]
    if accepted is not None:
        steps.append((accepted, Verb.ACCEPT, CLERK, {}))
    return tuple(steps)


def _approved(text: str, ago: float, approved: float) -> tuple[Any, ...]:
    return (
        (ago, Verb.DRAFT, CLERK, {"body": text}),
        (ago - 0.1, Verb.SUBMIT, CLERK, {}),
        (approved, Verb.APPROVE, OFFICE, {}),
    )


def _returned(department: str, ago: float, reason: str) -> tuple[Any, ...]:
    return (
        *_routed(department, ago),
        (ago - 0.3, Verb.RETURN, CLERK, {"reason": reason}),
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
            (2.2, Verb.NOTIFY_PROGRESS, OFFICE, {"body": sayings.PROGRESS, **sayings.IN_WRITING}),
        ),
        (("channel", PAPER), ("regime", Regime.PETITION_3071), ("signature_given", True)),
    ),
    Scene(
        "ihsan",
        "park-bakimi",
        "Mevlana Mahallesi çocuk parkı hakkında dilekçe",
        "Aynı parkta çocuklarımız oynayamıyor. Zeminin yenilenmesini ve sonucun bildirilmesini arz ederim.",
        "Orhangazi Caddesi",
        "mevlana",
        20.1,
        ((19.8, Verb.LINK, OFFICE, {"of": "Çocuk parkının yenilenmesi için dilekçe"}),),
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
            (5.5, Verb.EXTEND, OFFICE, {"reason": sayings.EXTENSION, "means": DeliveryMethod.EMAIL}),
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
        (*_routed("fen-isleri", 0.05, 0.1), (0.15, Verb.TAKE_OVER, CLERK, {}), (0.2, Verb.START, CLERK, {})),
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
            (0.3, Verb.START, CLERK, {}),
            (0.4, Verb.COMMENT, CLERK, {"body": "Zincir siparişi verildi. @sekreter bilginize."}),
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
            (
                0.5,
                Verb.DRAFT,
                CLERK,
                {"body": "Çöpler toplanmış, köşeye park yasağı levhası konmuştur.", "new_files": SIGN},
            ),
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
            (1.3, Verb.PUT_ON_HOLD, CLERK, {"for_": "CITIZEN", "note": "Gelir belgesi bekleniyor."}),
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
    ),
    Scene(
        "oya",
        "kaldirim-ve-bordur",
        "CİMER: kaldırımdaki direk geçişi kapatıyor",
        "Kaldırımın ortasındaki direk yüzünden bebek arabasıyla yola iniyorum. Yerinin değiştirilmesini istiyorum.",
        "Lale Sokak No: 30",
        "safa",
        9.2,
        (
            *_routed("fen-isleri", 8.8, 8.1),
            *_approved("Direğin yeri 14 gün içinde değiştirilecektir; iş programına alınmıştır.", 4.2, 3.3),
        ),
        CIMER,
    ),
    Scene(
        "ihsan",
        "agac-budama",
        "CİMER: pencereye dayanan dallar",
        "Ihlamur ağacının dalları pencereme dayandı, rüzgârda camı çiziyor.",
        "Ihlamur Sokak No: 3",
        "inonu",
        6.1,
        (
            *_routed("park-ve-bahceler", 5.9, 5.2),
            *_approved("Budama işi yapılmıştır.", 2.3, 0.4),
        ),
        CIMER,
    ),
    Scene(
        "seda",
        "kaldirim-isgali",
        "CİMER: okul çıkışında çift sıra park",
        "Okul çıkışında çift sıra park ediliyor, servisler yaklaşamıyor.",
        "Orhangazi Caddesi",
        "mevlana",
        12.3,
        (
            *_routed("zabita", 12.0, 11.2),
            *_approved("Okul çıkış saatlerinde zabıta görevlendirilmiştir.", 6.3, 5.4),
            (5.1, Verb.RECORD_CIMER_ENTRY, OFFICE, {"proof": "CİMER ekran çıktısı dosyada"}),
        ),
        CIMER,
    ),
    Scene(
        "sule",
        "cop-toplama",
        "CİMER: konteyner taşıyor",
        "Köşedeki konteyner iki gündür taşıyor, kediler dağıtıyor.",
        "Enderun Caddesi",
        "abdurrahmangazi",
        1.6,
        _routed("temizlik-isleri", 1.4, 1.0),
        CIMER,
    ),
    Scene(
        "oya",
        "kaldirim-ve-bordur",
        "Okul yolunda çöken kaldırım",
        "@ornekbelediye Fatih İlkokulu'nun önündeki kaldırım çöktü, çocuklar yoldan yürüyor. Ne zaman yapılacak?",
        "Lale Sokak No: 12",
        "safa",
        3.2,
        (
            (3.19, Verb.RECORD_POST, OFFICE, POST),
            *_routed("fen-isleri", 3.1, 2.6),
            *_approved("Kaldırım bugün onarılmıştır. Bildirdiğiniz için teşekkür ederiz.", 1.2, 0.9),
            (0.85, Verb.SEND, OFFICE, {"means": DeliveryMethod.SOCIAL, "proof": f"{LINK}/yanit/1"}),
        ),
        (("channel", Channel.SOCIAL_MEDIA),),
    ),
)


def is_there() -> bool:
    return Complaint.objects.filter(source=SOURCE).exclude(source_number="").exists()


def load(world: World) -> None:
    """Let people do what the scenes tell, then one more case today, its mails included."""
    with moved_clock() as move_to:
        walker, people = Walker(move_to), _people(world, move_to)
        for at, position, scene in sorted((_when(scene, world), n, scene) for n, scene in enumerate(SCENES)):
            _play(scene, position, at, walker, world, people[scene.who])
    _walk(people["ayse"], mother=people["hatun"])


def _people(world: World, move_to: MoveTo) -> dict[str, Citizen]:
    move_to(_ago(world, 200))
    by = User.objects.get(username="cagri")
    return {
        name: contacts.record(
            by=by, first_name=first, last_name=last, phone=phone, email=email, address=address
        )
        for name, (first, last, phone, email, address) in PEOPLE.items()
    }


def _play(
    scene: Scene, position: int, at: dt.datetime, walker: Walker, world: World, person: Citizen
) -> None:
    facts: dict[str, Any] = {
        "kind": Kind.COMPLAINT,
        "channel": PHONE,
        "regime": Regime.SERVICE_REQUEST,
        "source_number": str(position + 1),
        "privacy_notice": privacy.in_force(Purpose.CASE, "tr"),
    } | dict(scene.facts)
    if facts["channel"] is Channel.CIMER:  # which shows its own date and notice
        number, due_on = f"{at:%y}99{position:06d}", local_date(at) + dt.timedelta(days=30)
        facts |= {"source_number": number, "cimer_due_on": due_on, "privacy_notice": None}
    case = walker.register(
        at,
        world.staff.call_centre[0],
        **facts,
        category=Category.objects.get(code=scene.category),
        neighbourhood=Neighbourhood.objects.get(code=scene.neighbourhood),
        subject=scene.subject,
        body=scene.body,
        place=scene.place,
        applicant=person,
        source=SOURCE,
    )
    before = case.registered_at
    for moment, verb, who, facts in scene.steps:
        moment_at = at + (world.now - at) * moment if scene.target_ago is not None else _ago(world, moment)
        before = in_office_hours(moment_at, before, world.now)
        clerks = world.staff.clerks.get(case.responsible_department_id or 0, world.staff.office)
        actor = world.staff.office[0] if who == OFFICE else clerks[-1]
        walker.say(case, verb, before, actor, **_found(verb, facts))
    walker.warn(case, world.now)


def _found(verb: Verb, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a step, the rows that are named by their code looked up."""
    rows = {
        "department": Department.objects,
        "to": OutsideBody.objects if verb is Verb.FORWARD else Department.objects,
    }
    found = {name: rows[name].get(code=value) if name in rows else value for name, value in facts.items()}
    if "new_files" in found:
        found["new_files"] = [ContentFile(text.encode(), name) for name, text in facts["new_files"]]
    if verb is Verb.LINK:
        found["of"] = Complaint.objects.get(source=SOURCE, subject=facts["of"])
    return found


def _ago(world: World, days: float) -> dt.datetime:
    return world.now - dt.timedelta(days=days)


def _when(scene: Scene, world: World) -> dt.datetime:
    """The moment of the call; with `target_ago`, such that the target date is that many days ago."""
    if scene.target_ago is None:
        called_at = _ago(world, scene.ago)
        return in_office_hours(called_at, called_at - dt.timedelta(days=1), world.now)
    wanted = local_date(world.now) - dt.timedelta(days=scene.target_ago)
    category = Category.objects.get(code=scene.category)
    day = wanted
    for _step in range(40):
        day -= dt.timedelta(days=1)
        days = clock.target_days(category, Priority.NORMAL)
        service = clock.matter_of(Regime.SERVICE_REQUEST, None)
        if world.dates(Regime.SERVICE_REQUEST, service, day, days).target <= wanted:
            break
    return dt.datetime.combine(day, dt.time(10, 40), ISTANBUL)


def _walk(applicant: Citizen, *, mother: Citizen) -> None:
    """From the call to the answer through the actions themselves: receipt and reply lie in the outbox."""
    people = {user.username: user for user in User.objects.filter(username__in=("cagri", "sekreter", "fen"))}
    complaint = actions.register(
        kind=Kind.COMPLAINT,
        channel=Channel.PHONE,
        subject="Kaldırım taşı yerinden çıktı: Gül Sokak",
        body="Bina girişinin önündeki kaldırım taşı oynuyor, annem takılıp düştü.",
        applicant=applicant,
        on_behalf_of=mother,
        category=Category.objects.get(code="kaldirim-ve-bordur"),
        neighbourhood=Neighbourhood.objects.get(code="sarigazi"),
        place="Gül Sokak No: 12",
        source=SOURCE,
        source_number=str(len(SCENES) + 1),
        privacy_notice=privacy.in_force(Purpose.CASE, "tr"),
        by=people["cagri"],
        recorder_has_code=True,
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
