"""``intake users add, list, disable, enable, roles, password``: local accounts of the desk, from where it runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from desk.commands.options import ConfigOption, JsonOption
from desk.commands.output import print_json, print_table
from desk.config import Mistake, Settings, load_settings
from desk.staff_roles import Role
from desk.web.sign_accounts import Accounts, CannotBe
from desk.web.sign_passwords import Passwords, generated, weakness
from handlers.clock import SystemClock
from store.desk_models import Staff
from store.engine import Store, open_store
from store.schema import current_revision, migrate
from store.staff_rows import all_staff, staff_by_username

BY = "command line"
"""Who a change is by that was made here: whoever may run commands on the machine."""
users = typer.Typer(name="users", help="People who may sign in at the desk with a local account.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The user name, such as olive.tree.")]
RoleOption = Annotated[
    list[Role] | None, typer.Option("--role", help="What the person is; may be given several times. Officer, unless told.")
]
StdinOption = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
GenerateOption = Annotated[bool, typer.Option("--generate", help="Make a password and print it.")]


@users.command()
def add(
    username: NameArgument,
    *,
    full_name: Annotated[str | None, typer.Option("--name", help="The full name, as colleagues see it.")] = None,
    role: RoleOption = None,
    team: Annotated[list[str] | None, typer.Option(help="A team's key under [teams]; may be given several times.")] = None,
    password_stdin: StdinOption = False,
    generate: GenerateOption = False,
    config: ConfigOption = None,
) -> None:
    """Add somebody with a local account; asks for the password twice unless it is given or made."""
    settings = load_settings(config)
    _known_teams(settings, team or [])
    password = _password(username, from_stdin=password_stdin, generate=generate)
    with _store(settings) as store, _said():
        _accounts(store).add(
            username=username,
            name=full_name or username,
            roles=role or [Role.OFFICER],
            teams=team or [],
            password_hash=Passwords().hashed(password),
            by=BY,
        )
    typer.echo(f"{username.strip().lower()} can sign in at {settings.desk.url}")
    _print_made(password, generate=generate)
    if not settings.desk.local_accounts:
        typer.echo("Warning: local accounts are off: set local_accounts = true under [desk] to let them sign in.", err=True)


@users.command("list")
def list_(config: ConfigOption = None, json: JsonOption = False) -> None:
    """List everybody who ever had an account, local or by single sign-on."""
    with _store(load_settings(config)) as store, store.glance() as glance:
        people = [_object(staff) for staff in all_staff(glance)]
    if json:
        print_json(people)
        return
    heads = ("username", "name", "roles", "teams", "account", "second_factor", "signed_in_at", "disabled_at")
    print_table("People", heads, [[person[head] for head in heads] for person in people])


@users.command()
def disable(username: NameArgument, config: ConfigOption = None) -> None:
    """Close somebody's account; they are signed out everywhere at once."""
    with _person(username, config) as (accounts, staff):
        accounts.disable(staff.id or 0, BY)
    typer.echo(f"{staff.username} is signed out everywhere and cannot sign in")


@users.command()
def enable(username: NameArgument, config: ConfigOption = None) -> None:
    """Open a closed account again."""
    with _person(username, config) as (accounts, staff):
        accounts.enable(staff.id or 0, BY)
    typer.echo(f"{staff.username} can sign in again")


@users.command()
def roles(username: NameArgument, role: RoleOption = None, config: ConfigOption = None) -> None:
    """Set what somebody is; takes effect with their next page."""
    with _person(username, config) as (accounts, staff):
        seen = f"{','.join(staff.roles)}/{','.join(staff.teams)}"
        accounts.change(staff.id or 0, seen=seen, roles=role or [], teams=staff.teams, by=BY)
    typer.echo(f"{staff.username} is {', '.join(role or [])}")


@users.command()
def password(
    username: NameArgument, password_stdin: StdinOption = False, generate: GenerateOption = False, config: ConfigOption = None
) -> None:
    """Set somebody's password anew and turn their second factor off: the way back in when both are lost."""
    with _person(username, config) as (accounts, staff):
        if staff.subject is not None:
            raise Mistake(f"{staff.username} signs in with the council's own account: its password is changed there")
        given = _password(username, from_stdin=password_stdin, generate=generate)
        accounts.set_password(staff.id or 0, Passwords().hashed(given), BY)
        if staff.totp_secret:
            accounts.set_second_factor(staff.id or 0, None, BY)
    typer.echo(f"{staff.username} has a new password, and is signed out everywhere")
    _print_made(given, generate=generate)


def _object(staff: Staff) -> dict[str, object]:
    names = ("username", "name", "email", "roles", "teams", "created_at", "signed_in_at", "disabled_at")
    account = "single sign-on" if staff.subject else "local"
    return {name: getattr(staff, name) for name in names} | {"account": account, "second_factor": bool(staff.totp_secret)}


def _password(username: str, *, from_stdin: bool, generate: bool) -> str:
    """Return the new password, given, made or asked for, or raise ``Mistake``."""
    if from_stdin and generate:
        raise Mistake("--password-stdin and --generate cannot both be used")
    if generate:
        return generated()
    if not from_stdin and not sys.stdin.isatty():
        raise Mistake("there is no terminal to ask for a password on: use --password-stdin or --generate")
    given = sys.stdin.readline().rstrip("\r\n") if from_stdin else typer.prompt("Password", hide_input=True)
    wrong = weakness(given, username)
    if wrong is not None:
        raise Mistake(wrong)
    if not from_stdin and typer.prompt("The same again", hide_input=True) != given:
        raise Mistake("The two passwords differ: nothing was changed")
    return str(given)


def _print_made(password: str, *, generate: bool) -> None:
    if generate:
        typer.echo(f"password: {password}")


def _known_teams(settings: Settings, teams: Sequence[str]) -> None:
    unknown = [team for team in teams if team not in settings.teams]
    if unknown:
        raise Mistake(f"there is no team {', '.join(unknown)}: [teams] has {', '.join(settings.teams)}")


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    """Open the store; an empty one gets its tables, as on the first start."""
    if current_revision(settings.store_url) is None:
        migrate(settings.store_url)
    with open_store(settings.store_url) as store:
        yield store


@contextmanager
def _person(username: str, config: Path | None) -> Iterator[tuple[Accounts, Staff]]:
    with _store(load_settings(config)) as store, _said():
        with store.glance() as glance:
            staff = staff_by_username(glance, username.strip().lower())
        if staff is None:
            raise Mistake(f"there is nobody called {username}: intake users list names them")
        yield _accounts(store), staff


def _accounts(store: Store) -> Accounts:
    return Accounts(store=store, clock=SystemClock())


@contextmanager
def _said() -> Iterator[None]:
    """Turn a refusal into the one sentence on the terminal."""
    try:
        yield
    except CannotBe as error:
        raise Mistake(str(error)) from error
