"""Which column says what: fields are found by their usual names, and each piece of a file becomes events by one SQL statement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jalon.core.text import Bilingual, _
from jalon.ledger.importing.reading import Unreadable
from jalon.usage.reading import LINE, TEXT, Source

KNOWN: Mapping[str, tuple[str, ...]] = {
    "event_id": ("event_id", "messageId", "message_id", "id"),
    "account": ("account_id", "account", "groupId", "group_id", "context.groupId", "client", "compte"),
    "actor": ("account_kind", "actor", "acteur"),
    "user": ("user_id", "userId", "user", "id_student", "utilisateur", "personne"),
    "feature": ("feature", "event", "fonction", "fonctionnalité"),
    "session": ("session_id", "session", "properties.session_id", "context.session_id"),
    "occurred_at": ("occurred_at", "timestamp", "originalTimestamp", "occurred_on", "date"),
    "received_at": ("received_at", "receivedAt", "sentAt"),
    "quantity": ("quantity", "clicks", "count", "quantité"),
    "offset_min": ("tz_offset_min", "offset_min"),
    "type": ("type",),
}
"""The names by which each field is known, in any case, the first found wins; `--map field=column` says otherwise."""
NEEDED = ("account", "user", "occurred_at")
NO_USE = ("identify", "group", "alias")
"""Messages of Segment that say who somebody is, not what they did."""
Fields = Mapping[str, tuple[str, ...]]


def chosen(source: Source, mapping: Mapping[str, str]) -> Fields:
    """The columns that each field is read from, the first that has a value; Unreadable when a needed one is missing."""
    for field in mapping:
        if field not in KNOWN:
            raise Unreadable(
                _(
                    "There is no field “%(field)s”; the fields are %(fields)s.",
                    field=field,
                    fields=tuple(KNOWN),
                )
            )
    if source.kind == "json":
        # Each line has its own keys: which are there is told at the end, by `lacking`.
        return {field: (mapping[field],) if field in mapping else names for field, names in KNOWN.items()}
    there = source.columns
    if wrong := next((column for column in mapping.values() if column not in there), None):
        raise Unreadable(
            _("There is no column “%(name)s”; the columns are %(columns)s.", name=wrong, columns=tuple(there))
        )
    fields = {field: _found(field, there, mapping) for field in KNOWN}
    lacking({field for field, columns in fields.items() if columns}, there)
    return fields


def _found(field: str, there: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    if field in mapping:
        return (mapping[field],)
    if field == "type" and "messageId" not in there:
        return ()  # a column called "type" says something only in Segment's messages
    plain = {name.casefold(): name for name in reversed(there)}
    return tuple(plain[name.casefold()] for name in KNOWN[field] if name.casefold() in plain)[:1]


def lacking(fields: Iterable[str], there: Sequence[str]) -> None:
    """Raise Unreadable when a field that every event has is not among `fields`."""
    missing = tuple(name for name in NEEDED if name not in set(fields))
    if missing:
        raise Unreadable(_(
            "No column says %(missing)s; the columns are %(columns)s. Say which it is with --map field=column.",
            missing=tuple(_SAID[name] for name in missing), columns=tuple(there),
        ))  # fmt: skip


_SAID = {
    "account": Bilingual(en="the client (account)", fr="le client (account)"),
    "user": Bilingual(en="the person (user)", fr="la personne (user)"),
    "occurred_at": Bilingual(en="the time (occurred_at)", fr="l’heure (occurred_at)"),
}


def statement(
    columns: Sequence[str], kinds: Mapping[str, str], fields: Fields, *, source: str, known: str, now: str
) -> str:
    """SQL that turns the table `piece` into events: what they say, `line`, and `reason` where refused.

    `kinds` gives the SQL type of each column; `known` is SQL for when an event without a time of reception was known, `now` for the moment of the import.
    """
    there = set(columns)
    taken = {field: [name for name in names if name in there] for field, names in fields.items()}
    own = [name for name in columns if name not in (LINE, TEXT)]
    # Who acts is told in two words, person or robot: what the file says of it stays among the properties.
    used = {name for field, names in taken.items() for name in names if field != "actor"}
    rest = [name for name in own if name not in used]

    def text(field: str) -> str:
        parts = [f"nullif(trim({_name(name)}::VARCHAR), '')" for name in taken[field]]
        return f"coalesce({', '.join(parts)})" if parts else "NULL::VARCHAR"

    def instant(field: str) -> str:
        if len(taken[field]) == 1 and not kinds[taken[field][0]].startswith("VARCHAR"):
            return _instant_of(_name(taken[field][0]), kinds[taken[field][0]])
        return _instant(f"jalon_{field}")

    # Names that no file has, so that a column of the file called as one of ours is never taken for it.
    texts = ", ".join(f"{text(field)} AS jalon_{field}" for field in KNOWN)
    # Without an identifier of its own, an event is told by all that it says: the same row twice is the same event.
    said = ", ".join(f"'{_quoted(name)}', coalesce({_name(name)}::VARCHAR, '')" for name in sorted(own))
    by_all = f"md5(concat_ws(chr(31), {said}))"
    own_id = taken["event_id"] and TEXT not in there
    identifier = "jalon_event_id" if own_id else f"coalesce(jalon_event_id, {by_all})"
    properties = f"to_json({_struct(rest)})::VARCHAR" if rest else "NULL::VARCHAR"
    return f"""
      SELECT '{_quoted(source)}' AS source, jalon_id AS event_id, jalon_account AS account_ref,
        CASE WHEN lower(jalon_actor) IN ('bot', 'robot') THEN 'robot' ELSE 'person' END AS actor, jalon_user AS user_ref,
        jalon_feature AS feature, jalon_session AS session, jalon_at AS occurred_at, coalesce(jalon_known, {known}) AS received_at,
        coalesce(try_cast(jalon_quantity AS BIGINT), 1) AS quantity,
        coalesce(try_cast(jalon_offset_min AS INTEGER), {_offset("jalon_occurred_at")}) AS offset_min, {properties} AS properties,
        {_name(LINE)} AS line, jalon_reason AS reason
      FROM (SELECT *, {_reason(now, "jalon_event_id" if own_id else "1")} AS jalon_reason
        FROM (SELECT *, {identifier} AS jalon_id, {instant("occurred_at")} AS jalon_at, {instant("received_at")} AS jalon_known
          FROM (SELECT *, {texts} FROM piece)))"""


def contents(columns: Sequence[str]) -> str:
    """SQL for the refused rows of the table `piece` (`line` and `reason` in `given`), whole: line, reason, content as JSON."""
    own = [name for name in columns if name not in (LINE, TEXT)]
    refused = "SELECT line AS jalon_line, reason AS jalon_reason FROM given WHERE reason IS NOT NULL"
    content = _name(TEXT) if TEXT in columns else f"to_json({_struct(own)})::VARCHAR"
    return f"SELECT jalon_line, jalon_reason, {content} FROM piece JOIN ({refused}) ON jalon_line = {_name(LINE)}"


def _reason(now: str, identifier: str) -> str:
    """SQL for why a row is refused (a key of `words.REASONS`), null where it is not: what cannot be read is never replaced."""
    return f"""CASE WHEN jalon_type IN {NO_USE} THEN 'not_an_event' WHEN jalon_at IS NULL OR NOT isfinite(jalon_at) THEN 'no_time'
        WHEN jalon_at > {now} + INTERVAL 1 DAY THEN 'in_future' WHEN {identifier} IS NULL THEN 'no_identifier'
        WHEN jalon_received_at IS NOT NULL AND jalon_known IS NULL THEN 'bad_received'
        WHEN jalon_quantity IS NOT NULL AND coalesce(try_cast(jalon_quantity AS BIGINT) < 0, true) THEN 'bad_quantity'
        WHEN contains(jalon_quantity, '.') AND try_cast(jalon_quantity AS DECIMAL(38, 6)) <> try_cast(jalon_quantity AS BIGINT) THEN 'bad_quantity'
        WHEN jalon_offset_min IS NOT NULL AND coalesce(abs(try_cast(jalon_offset_min AS INTEGER)) > 1440, true) THEN 'bad_offset' END"""


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _struct(columns: Sequence[str]) -> str:
    return "{" + ", ".join(f"'{_quoted(name)}': {_name(name)}" for name in columns) + "}"


def _instant_of(column: str, kind: str) -> str:
    """SQL for an instant in UTC from a column that is a time already; one without a zone is UTC."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({column}))"
    return f"try_cast({column} AS TIMESTAMP)" if kind.startswith(("TIMESTAMP", "DATE")) else "NULL::TIMESTAMP"


def _instant(text: str) -> str:
    """SQL for an instant in UTC from its text, null where it is none: with an offset or a zone, or in UTC without."""
    # The usual shapes go without a zone's arithmetic, which costs four times as much.
    plain = f"(length({text}) = 19 AND {text}[17] = ':') OR length({text}) = 10 OR ends_with({text}, 'Z')"
    return f"""CASE WHEN {plain} THEN make_timestamp(epoch_us(try_cast({text} AS TIMESTAMP)))
        ELSE make_timestamp(epoch_us(try_cast({text} AS TIMESTAMPTZ))) END"""


def _offset(text: str) -> str:
    """SQL for the minutes from UTC that a time is written with: 2026-06-05T09:00:00+02:00 gives 120; null where none is."""
    sign = f"CASE {text}[-6] WHEN '+' THEN 1 WHEN '-' THEN -1 END"
    return f"""CASE WHEN length({text}) > 19 AND {text}[-3] = ':' THEN
        {sign} * (60 * try_cast({text}[-5:-4] AS INTEGER) + try_cast({text}[-2:] AS INTEGER)) END"""
