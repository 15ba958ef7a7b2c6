"""What belongs to the office, as the installation begins with it: Bilgi İşlem changes it in the page of settings.

In force is what `backend/configuration` says (`office`); nothing else reads these.
"""

from backend.environment import BASE_DIR, ENVIRONMENT, env, flag, listed, whole

# -- who writes, and how it looks ---------------------------------------------------------------------------------
MUNICIPALITY_NAME = env("MUNICIPALITY_NAME", "Sancaktepe Belediyesi")
OFFICE_NAME = env("OFFICE_NAME", "Özel Kalem Müdürlüğü")
# The head and the foot of a letter (iletişim), and the first part of every number: DETSİS.
MUNICIPALITY_LEGAL_NAME = env("MUNICIPALITY_LEGAL_NAME", "Sancaktepe Belediye Başkanlığı")
MUNICIPALITY_PHONE = env("MUNICIPALITY_PHONE", "0216 311 11 11")
MUNICIPALITY_ADDRESS = env(
    "MUNICIPALITY_ADDRESS", "Abdurrahmangazi Mah. Enderun Cad. No: 2 Sancaktepe / İSTANBUL"
)
MUNICIPALITY_PLACE = env("MUNICIPALITY_PLACE", "Sancaktepe / İSTANBUL")
MUNICIPALITY_EMAIL = env("MUNICIPALITY_EMAIL", "ozelkalem@sancaktepe.example")
MUNICIPALITY_WEB = env("MUNICIPALITY_WEB", "www.sancaktepe.example")
MUNICIPALITY_KEP = env("MUNICIPALITY_KEP", "sancaktepe@hs01.kep.example")
# The crest: the path of an SVG or PNG file. The demo has an invented one.
MUNICIPALITY_CREST = env(
    "MUNICIPALITY_CREST", str(BASE_DIR / "permissions/demo/crest.svg") if ENVIRONMENT == "demo" else ""
)
MUNICIPALITY_COLOUR = env("MUNICIPALITY_COLOUR", "#1e3a8a")
MUNICIPALITY_ACCENT = env("MUNICIPALITY_ACCENT", "#b45309")
HOUSE_ROOMS = env("HOUSE_ROOMS", "Makam, Başkanlık")  # a place that begins so is in the house
DISTRICT_BOX = env("DISTRICT_BOX")  # while no outlines of the neighbourhoods are on record
MAP_TILES, MAP_ATTRIBUTION = env("MAP_TILES"), env("MAP_ATTRIBUTION")  # empty: our own register is drawn
CREW_DEPOT = env("CREW_DEPOT")  # “latitude, longitude” of where crews set out
MAP_URL = ""  # a map for computers is chosen in the page of settings alone

# -- messages -----------------------------------------------------------------------------------------------------
SENDER_NAME = env("SENDER_NAME")  # empty: the municipality's name and “Özel Kalem”
REPLY_MAILBOX = env("REPLY_MAILBOX")  # empty: replies to mails go to MUNICIPALITY_EMAIL
SMS_SENDER = env("SMS_SENDER", "BELEDIYE")
QUIET_FROM, QUIET_UNTIL = env("QUIET_FROM", "20:00"), env("QUIET_UNTIL", "08:00")  # no reminder to applicants
NOTIFICATION_DAYS = whole("NOTIFICATION_DAYS", 90)  # so long a notification that was seen is kept

# -- reminders and warnings ---------------------------------------------------------------------------------------
APPLICANT_REMINDERS = listed("APPLICANT_REMINDERS", "DAY_BEFORE,MORNING,HOUR_BEFORE")
APPOINTMENT_NOTICE_HOURS = whole("APPOINTMENT_NOTICE_HOURS", 24)  # before a time that an applicant may choose
LUNCH_FROM, LUNCH_UNTIL = env("LUNCH_FROM", "12:00"), env("LUNCH_UNTIL", "13:00")
LUNCH_IS_OFFERED = flag("LUNCH_IS_OFFERED")  # to applicants who choose a time
TARGET_WARNING_DAYS = whole("TARGET_WARNING_DAYS", 2)
LEGAL_WARNING_DAYS = whole("LEGAL_WARNING_DAYS", 3)
PROMISE_WARNING_DAYS = whole("PROMISE_WARNING_DAYS", 2)
INSTRUCTION_WARNING_DAYS = whole("INSTRUCTION_WARNING_DAYS", 2)
INSTRUCTION_UNSEEN_DAYS = whole("INSTRUCTION_UNSEEN_DAYS", 1)  # working days without acknowledgement

# -- applications and instructions --------------------------------------------------------------------------------
WORK_FROM, WORK_UNTIL = env("WORK_FROM", "08:30"), env("WORK_UNTIL", "17:30")  # by which routing rules ask
SERVICE_TARGET_DAYS = whole("SERVICE_TARGET_DAYS", 7)
HIGH_TARGET_DAYS = whole("HIGH_TARGET_DAYS", 3)  # at most, where the priority is high
URGENT_TARGET_DAYS = whole("URGENT_TARGET_DAYS", 1)
RETURNS_BEFORE_OFFICE = whole("RETURNS_BEFORE_OFFICE", 3)
HEAD_MAY_APPROVE = flag("HEAD_MAY_APPROVE")
REOPEN_DAYS = whole("REOPEN_DAYS", 30)
FEE_GRACE_DAYS = whole("FEE_GRACE_DAYS", 2)  # working days for the bank to tell of a payment in time
INSTRUCTION_NORMAL_DAYS = whole("INSTRUCTION_NORMAL_DAYS", 10)  # default due date in working days
INSTRUCTION_HIGH_DAYS = whole("INSTRUCTION_HIGH_DAYS", 5)
INSTRUCTION_URGENT_DAYS = whole("INSTRUCTION_URGENT_DAYS", 1)

# -- proposals that are learned -----------------------------------------------------------------------------------
ROUTER_THRESHOLD = whole("ROUTER_THRESHOLD", 80)  # percent
ROUTER_SILENT_UNITS = listed("ROUTER_SILENT_UNITS", "")  # codes of units
ROUTER_FOR_UNITS = flag("ROUTER_FOR_UNITS")
ROUTER_FOR_CITIZENS = flag("ROUTER_FOR_CITIZENS")

# -- greetings ----------------------------------------------------------------------------------------------------
GREETING_BEREAVED_DAYS = whole("GREETING_BEREAVED_DAYS", 40)  # the bereaved are greeted by decision only
GREETING_CONSENT_CHANNELS = listed("GREETING_CONSENT_CHANNELS", "SMS")
