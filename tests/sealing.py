"""A seal of the municipality, with a certificate that signs itself."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "deneme"


@pytest.fixture
def certificate(tmp_path: Path, settings: Any) -> Path:
    """A key and a certificate that signs itself, as this installation's seal. The PEM lies beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Deneme Mühürü")])
    now = dt.datetime.now(dt.UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    usage |= dict.fromkeys(("encipher_only", "decipher_only"), False)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    locked = serialization.BestAvailableEncryption(PASSWORD.encode())
    file = tmp_path / "muhur.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"muhur", key, made, None, locked))
    file.with_suffix(".pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    settings.SEAL_FILE, settings.SEAL_PASSPHRASE, settings.SEAL_ROOTS = str(file), PASSWORD, ""
    return file
