"""The words that stand in every address, in one spelling; `backend/core/sql/places.sql` knows the same ones."""

GENERIC = {
    "sk": "sokak",
    "sok": "sokak",
    "sokagi": "sokak",
    "sokakta": "sokak",
    "cd": "cadde",
    "cad": "cadde",
    "caddesi": "cadde",
    "blv": "bulvar",
    "bulv": "bulvar",
    "bulvari": "bulvar",
    "mh": "mahalle",
    "mah": "mahalle",
    "mahallesi": "mahalle",
    "numara": "no",
    "numarali": "no",
    "apt": "apartman",
    "apartmani": "apartman",
}
