"""Certificates and keys of a federation: TLS for the server, and a key that each client proves itself by.

    OUT/server/       ca.pem, server.pem, server.key, clients/NAME.pub     stays with whoever runs the server
    OUT/NAME/         ca.pem, client.key                                   goes to that client, by a safe way

For a trial. In earnest the certificate comes from the own authority of an organisation, and each client makes its key
itself and hands over the public half only: the files are the same.
"""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lentigo.errors import UsageError

_VALID = datetime.timedelta(days=365)
_CURVE = ec.SECP384R1()
"""One that Flower takes for its SuperNodes."""
_HINT = "Make a trial's files with `lentigo federated keys`."


@dataclass(frozen=True)
class ServerKeys:
    """The folder of a server."""

    path: Path

    @property
    def ca(self) -> Path:
        """The authority's certificate."""
        return _needed(self.path / "ca.pem")

    @property
    def certificate(self) -> Path:
        """The server's."""
        return _needed(self.path / "server.pem")

    @property
    def key(self) -> Path:
        """The server's."""
        return _needed(self.path / "server.key")

    def check(self) -> None:
        """See that the certificate can be shown.

        Raises:
            UsageError: It is none, or belongs to another key.
        """
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.certificate, self.key)
        except ssl.SSLError as error:
            raise UsageError(f"{self.certificate} and {self.key} are no certificate and its key.", _HINT) from error

    def clients(self) -> dict[str, bytes]:
        """Public keys (PEM) of the clients that may take part, by name.

        Raises:
            UsageError: There is none, or one is no such key.
        """
        folder = _needed(self.path / "clients")
        keys = {path.stem: _public_key(path) for path in sorted(folder.glob("*.pub"))}
        if not keys:
            raise UsageError(f"{folder} holds no client's public key (NAME.pub).", _HINT)
        return keys


@dataclass(frozen=True)
class ClientKeys:
    """The folder of a client."""

    path: Path

    @property
    def ca(self) -> Path:
        """The certificate of the authority that the server's is signed by."""
        return _needed(self.path / "ca.pem")

    def trusted(self) -> ssl.SSLContext:
        """Trusts servers that the authority has signed, and no others.

        Raises:
            UsageError: The authority's certificate is none.
        """
        try:
            return ssl.create_default_context(cafile=self.ca)
        except ssl.SSLError as error:
            raise UsageError(f"{self.ca} is no certificate.", _HINT) from error

    def private(self) -> ec.EllipticCurvePrivateKey:
        """The client's own key.

        Raises:
            UsageError: Not there, or no such key.
        """
        path = _needed(self.path / "client.key")
        try:
            key = load_pem_private_key(path.read_bytes(), None)
        except (ValueError, TypeError) as error:
            raise UsageError(f"{path} is no private key: {error}", _HINT) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise UsageError(f"{path} is no elliptic-curve key.", _HINT)
        return key


def make_keys(out: Path, hosts: list[str], clients: list[str]) -> None:
    """Write the files of a trial.

    Args:
        out: A new folder.
        hosts: Names and addresses that clients call the server by.
        clients: Their names.

    Raises:
        UsageError: ``out`` is not empty, or a name cannot be a folder's.
    """
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty.", "Keys are not written over others: choose another folder.")
    for name in clients:
        if not name.replace("-", "").replace("_", "").isalnum() or name == "server":
            raise UsageError(f"'{name}' cannot be a client's name.", "Use letters, digits, - and _; not 'server'.")
    server = out / "server"
    (server / "clients").mkdir(parents=True)
    ca_key, ca = _authority()
    key, certificate = _server_certificate(ca_key, ca, hosts)
    _write_secret(server / "server.key", _private_bytes(key))
    (server / "server.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (server / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
    for name in clients:
        (out / name).mkdir()
        own = ec.generate_private_key(_CURVE)
        _write_secret(out / name / "client.key", _private_bytes(own))
        (out / name / "ca.pem").write_bytes(ca.public_bytes(Encoding.PEM))
        (server / "clients" / f"{name}.pub").write_bytes(_public_bytes(own.public_key()))


def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """An authority of this trial alone; its key is not kept, so that nothing else can be signed by it."""
    key = ec.generate_private_key(_CURVE)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lentigo federation (trial)")])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _certificate(name, name, key.public_key(), key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return key, builder.add_extension(usage, critical=True).sign(key, hashes.SHA384())


def _server_certificate(
    ca_key: ec.EllipticCurvePrivateKey, ca: x509.Certificate, hosts: list[str]
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(_CURVE)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    builder = _certificate(name, ca.subject, key.public_key(), ca_key.public_key())
    builder = builder.add_extension(x509.SubjectAlternativeName([_named(host) for host in hosts]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return key, builder.sign(ca_key, hashes.SHA384())


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, signer: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
    )


def _named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _private_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _write_secret(path: Path, data: bytes) -> None:
    """Readable by the owner alone, from the first moment."""
    path.touch(mode=0o600)
    path.write_bytes(data)


def _public_key(path: Path) -> bytes:
    try:
        key = load_pem_public_key(path.read_bytes())
    except ValueError as error:
        raise UsageError(f"{path} is no public key: {error}", _HINT) from error
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise UsageError(f"{path} is no elliptic-curve key.", _HINT)
    return _public_bytes(key)


def _needed(path: Path) -> Path:
    if not path.exists():
        raise UsageError(f"There is no {path}.", _HINT)
    return path
