"""The settings as the rules need them: the landlord's facts, our own addresses, the key; and what stands in for no model."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from classifiers.verdict import Text, Verdict
from desk.config import Mistake, OfficeSettings, Settings
from handlers.bounce_addresses import BounceAddresses
from handlers.course.habits import Habits
from handlers.hazards.buildings import BadRegister, Buildings, read_buildings
from handlers.landlord import Landlord, Office, Team
from handlers.manners import OwnAddresses
from handlers.senders import Senders
from handlers.tokens import TokenKey


def landlord_of(settings: Settings) -> Landlord:
    """Return the landlord's facts as letters and rules need them."""
    offices = _offices(settings.offices)
    return Landlord(
        **settings.landlord.model_dump(),
        routing=settings.routing.model_dump(exclude_none=True),
        teams={key: Team(key=key, **team.model_dump()) for key, team in settings.teams.items()},
        services=_offices(settings.services),
        signposts=_offices(settings.signposts),
        housing_ombudsman=offices["housing_ombudsman"],
        council_ombudsman=offices["council_ombudsman"],
        building_safety_regulator=offices["building_safety_regulator"],
        council_complaints=offices["council_complaints"],
    )


def buildings_of(settings: Settings) -> Buildings:
    """Return the register of high buildings, or none; raise ``Mistake`` where it cannot be used."""
    path = settings.building_safety.buildings
    try:
        return read_buildings(path) if path is not None else Buildings()
    except BadRegister as error:
        raise Mistake(f"building_safety.buildings: {error}") from error


def own_addresses(settings: Settings, loop_mark: str, *keys: TokenKey) -> OwnAddresses:
    """Return every address that is ours, and the marks of our letters."""
    mail = settings.mail
    addresses = (mail.from_address, settings.landlord.complaints_email, *mail.own_addresses)
    domains = (mail.reply_domain,) if mail.reply_domain else ()
    return OwnAddresses(addresses=addresses, domains=domains, message_id_domain=mail.domain, keys=keys, loop_mark=loop_mark)


def senders(settings: Settings) -> Senders:
    """Return what the settings say of colleagues, web forms and spam."""
    mail = settings.mail
    return Senders(staff_domains=mail.staff_domains, forms=mail.forms, spam_marks=tuple(mail.spam_marks.items()))


def border_hosts(settings: Settings) -> tuple[str, ...]:
    """Return the hosts whose ``Received`` may stand above our border's results: those named, and our own doors for mail."""
    doors = (channel.own().hostname for channel in settings.channels if channel.kind == "smtp")
    return (*settings.mail.border_hosts, *doors)


def bounce_addresses(settings: Settings, key: TokenKey, *old_keys: TokenKey) -> BounceAddresses | None:
    """Return what makes the reverse paths of letters, where the landlord has a domain for answers."""
    mail = settings.mail
    if not mail.reply_domain:
        return None
    return BounceAddresses(key=key, domain=mail.reply_domain, for_machines=mail.bounces_of_machines, old_keys=old_keys)


def habits_of(settings: Settings) -> Habits:
    """Return what the settings say of updates, and when the outside offices were last checked."""
    offices = {**settings.offices, **settings.services, **settings.signposts}
    checked = {office.name: office.last_checked for office in offices.values() if office.last_checked is not None}
    sweep = settings.sweep
    return Habits(update_days=sweep.update_days, offices_months=sweep.offices_checked_months, offices=checked)


def _offices(offices: dict[str, OfficeSettings]) -> dict[str, Office]:
    return {key: Office(key=key, **office.model_dump(exclude={"last_checked"})) for key, office in offices.items()}


def token_key(path: Path) -> TokenKey:
    """Read the key of our Message-ID tokens, or make it on the first start, readable by its owner alone."""
    if not path.exists():
        _make_key(path)
    return _read_key(path)


def old_token_keys(paths: Iterable[Path]) -> tuple[TokenKey, ...]:
    """Read the keys that were put by: they make nothing any more, and what they made in letters of earlier years still counts."""
    return tuple(_read_key(path) for path in paths)


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unready = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        # Under its name it is whole: another process that starts at this moment reads this one, or has made its own first.
        with contextlib.suppress(FileExistsError):
            os.link(unready, path)
    finally:
        unready.unlink()


def _read_key(path: Path) -> TokenKey:
    try:
        return TokenKey(secret=bytes.fromhex(path.read_text().strip()))
    except (ValueError, OSError) as error:
        raise Mistake(f"{path}: the key cannot be used ({error}): restore it from the backup") from error


class NoClassifier:
    """Stands where no model could be loaded; asked, it fails, so that each message takes the path of doubt."""

    def __init__(self, reason: str) -> None:
        """Remember why there is no model, for ``intake status``."""
        self.model = f"none: {reason}"

    def classify(self, text: Text) -> Verdict:
        """Fail: there is nothing to judge with."""
        raise RuntimeError(f"{self.model} ({len(text.text)} characters unread)")
