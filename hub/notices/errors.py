"""What can go wrong with a notice."""

from __future__ import annotations

from service.errors import ConflictError, InvalidError, MissingError


class NoticeMissingError(MissingError):
    """There is no such notice in the caller's inbox."""

    code = "notice_not_found"
    title = "There is no such notice in your inbox."


class NoticeClosedError(ConflictError):
    """The notice was answered otherwise, returned to the team, or no longer stands."""

    code = "notice_closed"
    title = "This notice was answered already, has returned to the team or no longer stands."


class MailMissingError(MissingError):
    """There is no such mail to send again."""

    code = "mail_not_found"
    title = "No mail of that number was given up in your organisation."


class RhythmNotOfferedError(InvalidError):
    """The hub does not offer mail in this rhythm."""

    code = "rhythm_not_offered"
    title = "This hub does not send mail in that rhythm."
