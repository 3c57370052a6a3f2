"""Every error that Lentigo raises on purpose.

Each has a stable ``code`` (what programs and the app's translations go by), one sentence that says what was
wrong and where, and one that says what to do. The command line prints both and ends with ``exit_code``; the
web service answers with ``http_status`` and the code.

    LentigoError
    ├── UsageError              the caller asked for something that cannot be done   (exit 2)
    │   ├── ConfigError         a setting is unknown or out of range
    │   ├── ServerError         the server cannot start: port in use, no bundle
    │   └── DiagnosisUnknown    evidence was asked for a diagnosis that the model does not know (HTTP 422)
    ├── ImageError              one image cannot be used                             (HTTP 4xx)
    │   ├── EmptyFile
    │   ├── FileTooLarge
    │   ├── UnsupportedFormat
    │   ├── TooManyPixels
    │   ├── CorruptImage
    │   └── DecodingFailed      it broke the decoder, or asked too much of it
    ├── RequestError            a request to the server cannot be answered           (HTTP 4xx, 503)
    │   ├── MalformedRequest    it is no form, or its fields are wrong
    │   ├── PhotoMissing
    │   ├── BodyTooLarge
    │   ├── TooSlow             it took too long to arrive
    │   ├── RateLimited
    │   ├── Overloaded          too many are waiting already
    │   └── ReferralError       a referral was not sent                              (HTTP 4xx, 502-504)
    │       ├── ReferralsOff    no mail is set up
    │       ├── AddressInvalid
    │       ├── ReportUnusable
    │       ├── RecipientNotAllowed
    │       ├── MailTooLarge
    │       ├── MailRefused     by the mail server, for good
    │       ├── MailDeferred    by the mail server, for now
    │       ├── MailUnreachable
    │       ├── MailUnsure      the connection was lost while the mail was handed over
    │       └── MailMisconfigured
    ├── AnswerError             an answer about the person is not understood         (HTTP 422)
    ├── DatasetError            a source, table or dataset cannot be used
    │   ├── SourceError         a source folder or its table lacks something
    │   │   └── SourceMissing   its files are not there: get them first
    │   ├── DownloadError       a public set could not be fetched, or came with another checksum
    │   └── SplitLeak           one group stands on two sides of a split
    ├── TrainingError           a run cannot go on
    │   └── FederationError     a federated run cannot go on: clients are missing, refused or of another version
    ├── RunError                a run folder is missing, incomplete or of another version
    ├── BundleError             a bundle cannot be trusted
    │   ├── BundleNotFound
    │   ├── BundleAltered       a hash differs
    │   └── BundleUnsupported   an unknown version, or a graph that breaks the contract
    ├── ParityError             the exported graph answers differently from the trained model
    └── StorageError            nothing more can be written (disk full, no permission)
"""

from __future__ import annotations

from typing import ClassVar


class LentigoError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: What was wrong and where (file, row, field), in one sentence.
        hint: What to do about it, in one sentence; may be empty.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(LentigoError):
    """The caller asked for something that cannot be done."""

    code = "usage"
    exit_code = 2
    http_status = 422


class ConfigError(UsageError):
    """A setting is unknown or out of range."""

    code = "config_invalid"


class ServerError(UsageError):
    """The server cannot start."""

    code = "server_cannot_start"


class DiagnosisUnknown(UsageError):
    """Evidence was asked for a diagnosis that the model does not tell apart."""

    code = "diagnosis_unknown"


class ImageError(LentigoError):
    """One image cannot be used."""

    code = "image_unusable"
    http_status = 422


class EmptyFile(ImageError):
    """The file holds no bytes."""

    code = "empty_file"


class FileTooLarge(ImageError):
    """The file is larger than the limit, before anything is unpacked."""

    code = "file_too_large"
    http_status = 413


class UnsupportedFormat(ImageError):
    """The format, or its kind of pixels, is not on the allow-list."""

    code = "unsupported_format"
    http_status = 415


class TooManyPixels(ImageError):
    """The header announces more pixels than the limit; nothing was decoded."""

    code = "too_many_pixels"
    http_status = 413


class CorruptImage(ImageError):
    """The format is known, but the file is damaged or cut short."""

    code = "corrupt_image"


class DecodingFailed(ImageError):
    """The photo broke its decoder, or took too long or too much memory to unpack."""

    code = "decoding_failed"


class RequestError(LentigoError):
    """A request to the server cannot be answered."""

    code = "request_invalid"
    http_status = 400


class MalformedRequest(RequestError):
    """The request is no form, or its fields are wrong."""

    code = "malformed_request"
    http_status = 422


class PhotoMissing(RequestError):
    """The request holds no photo."""

    code = "photo_missing"
    http_status = 422


class BodyTooLarge(RequestError):
    """The request is larger than the limit."""

    code = "body_too_large"
    http_status = 413


class TooSlow(RequestError):
    """The request took too long to arrive."""

    code = "too_slow"
    http_status = 408


class RateLimited(RequestError):
    """One client asked too often, or too much at once."""

    code = "rate_limited"
    http_status = 429


class Overloaded(RequestError):
    """Too many requests are waiting already."""

    code = "overloaded"
    http_status = 503


class ReferralError(RequestError):
    """A referral was not sent."""

    code = "referral_failed"
    http_status = 422


class ReferralsOff(ReferralError):
    """No mail is set up on this server."""

    code = "referrals_off"
    http_status = 404


class AddressInvalid(ReferralError):
    """An e-mail address is not one plain address."""

    code = "address_invalid"


class ReportUnusable(ReferralError):
    """The report is no PDF, or too large."""

    code = "report_unusable"


class RecipientNotAllowed(ReferralError):
    """The operator does not let this server write to that address."""

    code = "recipient_not_allowed"
    http_status = 403


class MailTooLarge(ReferralError):
    """The mail is larger than the mail server takes."""

    code = "mail_too_large"
    http_status = 413


class MailRefused(ReferralError):
    """The mail server refuses the recipient or the mail for good: the same will not be taken later either."""

    code = "mail_refused"
    http_status = 502


class MailDeferred(ReferralError):
    """The mail server does not take the mail now; it may later."""

    code = "mail_deferred"
    http_status = 503


class MailUnreachable(ReferralError):
    """The mail server cannot be reached, or does not answer; nothing was sent."""

    code = "mail_unreachable"
    http_status = 503


class MailUnsure(ReferralError):
    """The connection was lost while the mail was handed over: it may have been sent."""

    code = "mail_unsure"
    http_status = 504


class MailMisconfigured(ReferralError):
    """The mail server refuses the login or the sender, or cannot be trusted: the operator has to mend it."""

    code = "mail_misconfigured"
    http_status = 502


class AnswerError(LentigoError):
    """An answer about the person is not understood."""

    code = "answer_invalid"
    exit_code = 2
    http_status = 422


class DatasetError(LentigoError):
    """A source, table or dataset cannot be used."""

    code = "dataset_invalid"


class SourceError(DatasetError):
    """A source folder or its table lacks something that the reader needs."""

    code = "source_invalid"
    exit_code = 2


class SourceMissing(SourceError):
    """A source's files are not there: the folder, its table or all of its images."""

    code = "source_missing"


class DownloadError(DatasetError):
    """A public set could not be fetched, or what came does not have the checksum that its archive publishes."""

    code = "download_failed"


class SplitLeak(DatasetError):
    """One group (patient, lesion or duplicate) stands on two sides of a split."""

    code = "split_leak"


class TrainingError(LentigoError):
    """A run cannot go on."""

    code = "training_failed"


class FederationError(TrainingError):
    """A federated run cannot go on: clients are missing, refused or of another version."""

    code = "federation_failed"


class RunError(LentigoError):
    """A run folder is missing, incomplete or of another version."""

    code = "run_invalid"
    exit_code = 2


class BundleError(LentigoError):
    """A bundle cannot be trusted."""

    code = "bundle_invalid"


class BundleNotFound(BundleError):
    """There is no bundle of that name or at that path."""

    code = "bundle_not_found"
    exit_code = 2
    http_status = 404


class BundleAltered(BundleError):
    """A file of the bundle does not have the hash that its card states."""

    code = "bundle_altered"


class BundleUnsupported(BundleError):
    """The bundle is of an unknown version, or its graph breaks the contract."""

    code = "bundle_unsupported"


class ParityError(LentigoError):
    """The exported graph answers differently from the trained model."""

    code = "parity_failed"


class StorageError(LentigoError):
    """Nothing more can be written: the disk is full or writing is not allowed."""

    code = "storage_failed"
