"""`jalon setup`, `serve`, `work` and `run`: from nothing to a product that answers, and all of it stopped by one Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command

from jalon.config import clock

TICK = 20
"""Seconds between two looks for what time alone has changed."""
LEASE = timedelta(minutes=10)
"""A job that has run for longer belonged to a worker that died: it is given to another."""


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add the commands that set up and run an installation."""
    setup = commands.add_parser("setup", help="make the home ready: words, database, static files")
    setup.set_defaults(run=run_setup)
    for name, help_text, action in (
        ("serve", "answer on an address, with a worker beside", run_serve),
        ("run", "set up, load the demo where JALON_DEMO=1 and there is none yet, and serve", run_all),
    ):
        command = commands.add_parser(name, help=help_text)
        command.add_argument("--host", default="127.0.0.1")
        command.add_argument("--port", type=int, default=8000)
        command.add_argument("--no-work", action="store_true", help="no worker beside: it runs elsewhere")
        command.set_defaults(run=action)
    work = commands.add_parser("work", help="run background jobs and wake what time alone changes")
    work.set_defaults(run=run_work)
    user = commands.add_parser("user", help="give a member of staff or a contact a password")
    user.add_argument("email")
    user.set_defaults(run=run_user)


def run_setup(args: argparse.Namespace, now: datetime) -> int:
    """Everything a home needs; quick when nothing changed."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    compile_words(settings.PACKAGE)
    call_command("migrate", interactive=False, verbosity=0)
    _static()
    return 0


def compile_words(package: Path) -> None:
    """A .mo beside each .po that is newer; gettext of the system is not needed."""
    for po in sorted(package.glob("**/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))


def _static() -> None:
    """Collect static files when a source is newer than the last collection."""
    stamp = settings.STATIC_ROOT / "staticfiles.json"
    newest = max(
        (f.stat().st_mtime for f in settings.PACKAGE.glob("**/static/**/*") if f.is_file()), default=0
    )
    if not stamp.exists() or stamp.stat().st_mtime < newest:
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.touch()


def run_all(args: argparse.Namespace, now: datetime) -> int:
    """From nothing to an answering product."""
    run_setup(args, now)
    from jalon.accounts.models import Account

    if settings.DEMO and not Account.objects.exists():
        print("Making the demo portfolio…", flush=True)
        from jalon.demo.cli import progress
        from jalon.demo.loading import load

        load(now, said=progress)
    return run_serve(args, now)


def run_serve(args: argparse.Namespace, now: datetime) -> int:
    """Start the web server and a worker, say the address, and stop both on Ctrl-C or when one of them ends."""
    if _taken(args.host, args.port):
        print(
            f"Port {args.port} of {args.host} is in use: choose another, for example PORT={args.port + 1} make run.",
            file=sys.stderr,
        )
        return 1
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", args.host, "--port", str(args.port), "--workers", "2",
        "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "jalon.config.wsgi:application",
    ]  # fmt: skip
    commands = [web] if args.no_work else [web, [sys.executable, "-m", "jalon.config.cli", "work"]]
    # A group of its own: Ctrl-C reaches this process alone, which stops the others in order.
    address = f"http://{'127.0.0.1' if args.host == '0.0.0.0' else args.host}:{args.port}"
    env = {"JALON_ADDRESS": address, **os.environ}
    children = [
        subprocess.Popen(command, env=env, start_new_session=True, preexec_fn=_dies_with_parent)
        for command in commands
    ]
    stopping = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopping.set())
    threading.Thread(target=_announce, args=(args.host, args.port, stopping), daemon=True).start()
    while not stopping.wait(0.3):
        if any(child.poll() is not None for child in children):
            print("A part of Jalon stopped by itself; stopping the rest.", file=sys.stderr)
            break
    failed = not stopping.is_set()
    _stop(children)
    return 1 if failed else 0


def _dies_with_parent() -> None:
    # Where this process is killed outright it cannot stop its children: Linux then tells them to end.
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _announce(host: str, port: int, stopping: threading.Event) -> None:
    while not stopping.wait(0.2):
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                print(f"\n  Jalon answers on http://{host}:{port}/   (Ctrl-C stops it)\n", flush=True)
                return


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=8)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def run_work(args: argparse.Namespace, now: datetime) -> int:
    """Run jobs and ticks, and send mails, until told to stop."""
    from jalon.ledger import projection
    from jalon.notices import outbox
    from jalon.usage import projection as usage

    stopping = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stopping.set())
    next_tick = 0.0
    saving: list[threading.Thread] = []
    while not stopping.is_set():
        if time.monotonic() >= next_tick:
            _give_back(clock.now())
            while projection.tick(clock.now()):
                pass
            usage.catch_up()
            _signed(clock.now())
            _saved(clock.now(), saving)
            next_tick = time.monotonic() + TICK
        if not _one_job() and not outbox.deliver(clock.now()):
            stopping.wait(1)
    return 0


def _signed(now: datetime) -> None:
    """Ledgers that grew are signed once a day; one that cannot be is told, and stops nothing else."""
    from jalon.ledger.proof import checkpoints
    from jalon.wording import say

    for refusal in checkpoints.sign_due(now):
        print(say(refusal), file=sys.stderr, flush=True)


def _saved(now: datetime, running: list[threading.Thread]) -> None:
    """A backup a day and a drill a week, except of the demo, beside the jobs: a mail does not wait for them."""
    if settings.DEMO or any(thread.is_alive() for thread in running):
        return
    running[:] = [threading.Thread(target=_save, args=(now,), daemon=True)]
    running[0].start()


def _save(now: datetime) -> None:
    """What fails is told, and stops nothing else."""
    from django.db import connection

    from jalon.trust import backup, drill
    from jalon.wording import say

    try:
        if wrong := drill.routine(now):
            print(wrong, file=sys.stderr, flush=True)
    except backup.CannotBackUp as error:
        print(say(error.said), file=sys.stderr, flush=True)
    finally:
        connection.close()


def _give_back(now: datetime) -> None:
    """Jobs of a worker that died go back to the queue; every job is safe to run twice."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.filter(status="RUNNING", started_at__lt=now - LEASE).update(
        status="READY", started_at=None
    )


def _one_job() -> bool:
    """Run one job of the queue, if there is any."""
    from django_tasks_db.models import DBTaskResult

    if not DBTaskResult.objects.filter(status="READY").exists():
        return False
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    return True


def run_user(args: argparse.Namespace, now: datetime) -> int:
    """Ask for a password and give it to the person with that address."""
    from getpass import getpass

    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from jalon.accounts.models import Contact, Staff, User

    person = (
        Staff.objects.filter(email__iexact=args.email).first()
        or Contact.objects.filter(email__iexact=args.email).first()
    )
    if person is None:
        print(f"nobody has the address {args.email}: import them first", file=sys.stderr)
        return 1
    password = getpass("Password: ")
    try:
        validate_password(password)
    except ValidationError as error:
        print(" ".join(error.messages), file=sys.stderr)
        return 1
    user = person.user or User.objects.create_user(person.email, language=getattr(person, "language", "fr"))
    user.set_password(password)
    user.save()
    person.user = user
    person.save(update_fields=["user"])
    print(f"{person.name} can sign in.")
    return 0
