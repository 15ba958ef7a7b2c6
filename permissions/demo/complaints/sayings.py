"""Short texts of the invented stories: what departments and the office write while they work."""

OPENINGS = ("", "", "", "Merhaba. ", "İyi günler. ", "Kolay gelsin. ")
CLOSINGS = (
    "", "", "", " Gereğini rica ederim.", " İlginizi bekliyorum.", " Daha önce de aradım, sonuç alamadım.",
    " Şimdiden teşekkür ederim.", " İyi çalışmalar.",
)  # fmt: skip
RETURNS = (
    "Konu müdürlüğümüzün görev alanında değildir.",
    "Adres komşu ilçe sınırında kalıyor; adres bilgisinin doğrulanması gerekiyor.",
    "Yerinde bakıldı: konu başka bir müdürlüğün işidir.",
    "Parsel özel mülkiyettedir, denetim birimine yönlendirilmesi uygun olur.",
)
COMMENTS = (
    "Ekip bugün öğleden sonra adrese bakacak.",
    "Başvuru sahibiyle görüşüldü, adres tarifi alındı.",
    "Yerinde inceleme yapıldı, fotoğraflar şeflikte.",
    "Malzeme depoda var, yarınki programa alındı.",
    "Aynı sokaktan üçüncü başvuru; sokağın tamamı birlikte ele alınsa iyi olur.",
    "Muhtar da aradı, bilgi verildi.",
    "Yağmur nedeniyle çalışma bir gün ertelendi.",
)
ROUTE_NOTES = (
    "",
    "",
    "",
    "Öncelikle bakılması rica olunur.",
    "Yerinde görülüp bilgi verilmesi.",
    "Gereği için.",
)
WAITS = {
    "CITIZEN": "Başvuru sahibinden açık adres bekleniyor.",
    "EXTERNAL": "Kazı izni için İSKİ yazısı bekleniyor.",
    "MATERIAL": "Parke taşı sevkiyatı bekleniyor.",
}
NUMBER, BARCODE, DONE = "{sayı}", "{barkod}", "{cevap}"
"""What another case has its own of: the number of a letter, of a delivery, and what was done."""
IN_WRITING = {"means": "POST", "proof": "İadeli taahhütlü gönderi"}
SENT_BACK = "Yapılan işin tarihi yazılmamış; eklenip yeniden sunulsun."
EXTENSION = "İstenen bilgi başka bir birimin arşivinden sağlanacağından süre uzatılmıştır (4982 m.11)."
PROGRESS = "Başvurunuz incelenmektedir; yerinde keşif yapılmış olup sonuç ayrıca bildirilecektir."
NOT_POSSIBLE = "Yerinde inceleme yapılmış, talebin bu yılki program içinde karşılanamayacağı anlaşılmıştır."
REJECTED = "Talep mevzuata uygun bulunmamıştır."
WITHDRAWN = (
    "Talebinden vazgeçti; sorun kendiliğinden çözülmüş.",
    "Başvuru sahibi telefonla vazgeçtiğini bildirdi.",
)
DUPLICATE = "Aynı adres ve konu için açık başvuru var."
MISSING = "İmza ve adres yok (3071 m.4); tamamlanması istendi, tamamlanmadı."

THANKS = (
    ("Teşekkür: {sokak}", "{yer} yapılan çalışma için ekiplerinize çok teşekkür ederiz."),
    (
        "Hızlı çözüm için teşekkür",
        "Geçen hafta bildirdiğim konu iki günde çözüldü. Emeği geçenlere teşekkürler.",
    ),
)
SUGGESTIONS = {
    "kaldirim-ve-bordur": (
        "Öneri: {sokak} için bisiklet yolu",
        "{sokak} geniş bir yol; bir şeridi bisiklet yolu yapılabilir.",
    ),
    "park-mobilyasi": ("Öneri: parklara su sebili", "Yaz aylarında parklarda su sebili olması çok iyi olur."),
    "sosyal-tesis": (
        "Öneri: mahalle kütüphanesi",
        "Gençler için {yer} küçük bir okuma salonu açılmasını öneriyorum.",
    ),
}
"""By the category that a suggestion is about."""
INFORMATION = (
    (
        "Son üç yılın asfalt harcamaları hakkında bilgi",
        "Son üç yılın asfalt harcamalarının mahallelere göre bildirilmesini arz ederim (4982 sayılı Kanun).",
        "fen-isleri",
    ),
    (
        "Park yapım sözleşmesinin örneği",
        "Mahallemizdeki park yapım sözleşmesinin bir örneğini 4982 sayılı Kanun kapsamında talep ediyorum.",
        "park-ve-bahceler",
    ),
    (
        "Belediye araç filosu hakkında bilgi edinme",
        "Belediyeye ait ve kiralık araç sayısının türlerine göre bildirilmesini arz ederim.",
        "destek-hizmetleri",
    ),
    (
        "İmar planı değişikliği hakkında bilgi",
        "Parselimizi kapsayan plan değişikliğinin gerekçe raporunu talep ediyorum.",
        "imar-ve-sehircilik",
    ),
)
DATA_REQUEST = (
    "Kişisel verilerim hakkında başvuru (6698 m.11)",
    "Hakkımda işlenen kişisel verilerin neler olduğunun tarafıma bildirilmesini talep ediyorum.",
)
