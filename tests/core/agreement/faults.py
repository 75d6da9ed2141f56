"""Faults as people make them: each a small edit of the shipped agreement, with the rule that must catch it and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`old` becomes `new` once, on the first line that starts with `on` if it is given.

    The problem is said on the line that changed, or on the line of `at`.
    """

    rule: str
    name: str
    old: str
    new: str
    at: str = ""
    on: str = ""

    def made_in(self, text: str) -> str:
        """The text with the fault in it; AssertionError when the text no longer says `old` there."""
        start = text.index(f"\n{self.on}") + 1 if self.on else 0
        end = text.index("\n", start) if self.on else len(text)
        assert self.old in text[start:end], "the shipped file no longer says this: renew the fault"
        return text[:start] + text[start:end].replace(self.old, self.new, 1) + text[end:]

    def line_in(self, text: str, broken: str) -> int:
        """The line on which the problem must be said."""
        if self.at:
            return broken.count("\n", 0, broken.index(self.at)) + 1
        # An edit that only removes is on the line where the text goes on.
        first = next(i for i, (a, b) in enumerate(zip(text, broken, strict=False)) if a != b)
        return broken.count("\n", 0, first) + 1


FAULTS = (
    # -- reading
    Fault("Y1", "a parameter written twice", "  coop.within: {label", "  reply.within: {label"),
    Fault("Y1", "a norm written twice", "  N44-coop: {title", "  N43-access: {title"),
    Fault("Y1", "a key twice in a norm", "measure: attendance", "measure: attendance, measure: nps", on="  N46-cancel:"),
    Fault("Y2", "an anchor", "status: draft ", "status: &status draft "),
    Fault("Y2", "an alias", "supersedes: null", "supersedes: *status", at="supersedes: *status"),
    Fault("Y2", "a tag", "status: draft ", "status: !!str draft "),
    Fault("Y3", "a decomposed accent", "Qui fixe la priorité", "Qui fixe la priorite\u0301"),
    Fault("S0", "a word that is no status", "status: draft ", "status: final "),
    Fault("S0", "an unknown key at the top", "supersedes: null", "superseded: null"),
    Fault("S0", "an unknown key in a norm", "exercised_by", "exercisedby", on="  N62-counsel:"),
    Fault("S0", "a title in one language", "fr: \"Un CSM nommé\", en: \"A named CSM\"", "fr: \"Un CSM nommé\"", on="  N2-csm:"),
    Fault("S0", "a date that is none", "published_on: 2024-02-14", "published_on: 2024-02-31"),
    Fault("S0", "hours in English style", 'tue: ["09:00-18:00"]', 'tue: ["9am-6pm"]'),
    Fault("S0", "a norm without evidence", "evidence: [client.reply]", "evidence: []", on="  N42-reply:"),
    Fault("S0", "a boolean in words", "suspendable: false", "suspendable: no", on="  N42-reply:"),
    Fault("S0", "a version that is no version", 'version: "2024.1.0-draft.1"', 'version: "v2024"'),
    Fault("S0", "a debtor nobody knows", "debtor: client", "debtor: customer", on="  N45-policy:"),
    Fault("S0", "an authentic language nobody speaks here", "authentic: fr", "authentic: de"),
    # -- the text
    Fault("A1", "another verb", "MyTraffic s'efforcera de fournir", "MyTraffic s'engage à fournir"),
    Fault("A1", "another title", '{fr: "Qualité du service", en', '{fr: "Qualité des services", en'),
    Fault("A1", "another source", "sha256: fa71", "sha256: fa72"),
    Fault("A2", "no translation", 'en: "regular training sessions on the platform."', 'en: ""'),
    Fault("A2", "a title not translated", 'en: "Personalised approach"}', 'en: ""}'),
    Fault("A3", "six months for twelve", "during the 12-month period", "during the 6-month period"),
    Fault("A4", "a clause that survives and is not there", 'survives: ["3.4"', 'survives: ["3.44"'),
    Fault("A4", "a number of no clause", "clause: \"4.2\"", "clause: \"4.22\"", on="  reply.within:"),
    Fault("A4", "a note on no clause", '  - clause: "5.2"\n    fr: "« Bonne', '  - clause: "5.9"\n    fr: "« Bonne'),
    Fault("A5", "a norm of another clause", "norms: [N2b-training]", "norms: [N2b-training, N2c-monthly]"),
    Fault("A5", "a norm that its clause forgets", "norms: [N32-first, N32-next, N32-resolve]", "norms: [N32-first, N32-resolve]", at="  N32-next:"),
    Fault("A6", "a line taken twice", "lines: [25]", "lines: [27]", at="lines: [27]\n    title: {fr: \"Réponse"),
    Fault("A6", "a line forgotten", "lines: [13]", "lines: [12]", at='  - id: "2.b"'),
    Fault("A6", "a line beyond the end", "lines: [87]", "lines: [870]"),
    Fault("A7", "a quote in other words", "Le client est censé répondre rapidement à toute demande", "Le client répond vite à toute demande", on="  N42-reply:"),
    Fault("A7", "a quote of another clause", "fr: \"session de formation personnalisée\"", "fr: \"rendez-vous régulier\"", on="  N2a-kickoff:"),
    Fault("A7", "a quote of nothing", "en: \"reports produced\"", "en: \"\"", on="  N2e-deliver:"),
    Fault("A7", "an effect of lateness that nobody signed", "fr: \"Les réponses tardives peuvent affecter", "fr: \"Les réponses tardives décalent", on="  N42-reply:"),
    Fault("A7", "a clause of two sentences and no quote", "quote: {fr: \"Les annulations ou les changements de planning doivent être communiqués le plus tôt possible.\", en: \"Cancellations or schedule changes must be communicated as early as possible.\"}, ", "", at="  N46-cancel:", on="  N46-cancel:"),
    Fault("T1", "a term where it is not used", 'used_in: ["2", "2.e"]', 'used_in: ["2", "2.b"]'),
    Fault("T1", "a term in other words", 'en: "Indemnified Parties"', 'en: "Protected Parties"'),
    Fault("T2", "a definition not listed", '  - {id: indemnified, fr: "Parties indemnisées", en: "Indemnified Parties", used_in: ["6.1"]}', "", at='    fr: "MyTraffic devra indemniser'),
    Fault("L1", "a misspelt label", "Délai pour répondre\", en: \"Time to answer\"", "Délais pour réponde\", en: \"Time to anwser\"", on="  reply.within:"),
    Fault("L1", "a misspelt translation", "MyTraffic will endeavour to provide", "MyTraffic will endaevour to provide"),
    # -- the norms
    Fault("B1", "a clause without a norm", "norms: [N31-quality]", "norms: []"),
    Fault("B2", "a power never exercised", "exercised_by: service.suspended, ", "", at="  N48-suspend:", on="  N48-suspend:"),
    Fault("B2", "a prohibition of nothing", "forbids: conduct.decided, ", "", at="  N411-use:", on="  N411-use:"),
    Fault("B2", "an event without a due date", "due: {add: \"@policy.ack_within\"}, ", "", at="  N45-policy:", on="  N45-policy:"),
    Fault("B3", "owed to oneself", "creditor: provider", "creditor: client", on="  N42-reply:"),
    Fault("B4", "a misspelt fact", "[client.reply]", "[client.replied]", on="  N42-reply:"),
    Fault("B4", "evidence that the debtor cannot give", "[client.reply]", "[request.replied]", on="  N42-reply:"),
    Fault("B4", "a misspelt trigger", "fact: complaint.filed", "fact: complaint.file", on="  N311-ack:"),
    Fault("B4", "a misspelt step", "steps: {feedback.acknowledged:", "steps: {feedback.acknowleged:"),
    Fault("B4", "a misspelt excuse", "excused_by: [invoice.disputed", "excused_by: [invoice.contested", on="  N48-pay:"),
    Fault("B5", "a misspelt parameter", "@reply.within", "@reply.withn", on="  N42-reply:"),
    Fault("B5", "a misspelt target", 'target: "@sla.target_pct"', 'target: "@sla.target"'),
    Fault("B6", "recurring without a window", "due: {window: period}", "due: {add: \"@survey.every\"}", on="  N38-ask:"),
    Fault("B6", "recurring without an end", "then: missed", "state: missed", on="  N38-ask:"),
    Fault("B7", "a penalty on best efforts", "late: {cure: until_done", "late: {accrues: [\"@payment.indemnity\"], cure: until_done", on="  N39-restore:"),
    Fault("B8", "excused by oneself", "excused_by: [", "excused_by: [client.late, ", on="  N48-pay:"),
    Fault("B9", "a complaint that a suspension stops", "suspendable: false", "suspendable: true", on="  N311-answer:"),
    Fault("B9", "a backup that a suspension stops", "suspendable: false", "suspendable: true", on="  N39-backup:"),
    Fault("B10", "suspended without a notice", "{fact: formal_notice.served, elapsed: \"@suspend.notice\"}, ", "", on="  N48-suspend:"),
    Fault("B10", "terminated on the day of the notice", ", elapsed: \"@terminate.notice\"", "", on="  N48-terminate:"),
    Fault("B11", "a consequence that is no norm", "N48-terminate]", "N48-fine]", on="  N48-pay:"),
    Fault("B11", "a chain of consequences", "consequence: [escalate]", "consequence: [N48-pay]", on="  N311-answer:"),
    Fault("B12", "a measure that is not there", "measure: client_reply_delay", "measure: reply", on="  N42-reply:"),
    Fault("B13", "an excuse without its number", "  noshow.reoffer: {label", "  noshow.offers: {label", at="  N2a-kickoff:"),
    Fault("B13", "a suspension without its share", "  suspend.discharge_over: {label", "  suspend.share: {label", at="  N48-suspend:"),
    Fault("B14", "a calendar that is not there", "due: {clock: working, ", "due: {clock: working, calendar: night, ", on="  N32-first:"),
    Fault("F1", "an activity of no level", "if_level: monthly", "if_level: weekly", on="  N2c-monthly:"),
    # -- the numbers
    Fault("C2", "a law not cited", 'law: "C. civ. 1343-1", ', ""),
    Fault("C2", "a rule of time not cited", 'start_day_counts: {value: false, law: "CPC 641 al. 1", from: law}', "start_day_counts: {value: false, from: law}"),
    Fault("C3", "a term of nothing", "P5BD", "P0BD", on="  reply.within:"),
    Fault("C3", "a unit that is not there", "P5BD", "P5WD", on="  reply.within:"),
    Fault("C3", "a level with a negative term", "kickoff.term: P15BD", "kickoff.term: P-5BD"),
    Fault("C3", "a wrong term in the rules of time", "tolerance: P5BD", "tolerance: P5B"),
    Fault("C4", "ninety days to pay", "P30D", "P90D", on="  payment.term:"),
    Fault("C4", "two months to pay", "P30D", "P2M", on="  payment.term:"),
    Fault("C4", "sixty days for a periodic invoice", "P45D", "P60D", on="  payment.max_periodic:"),
    Fault("C4", "late interest below the floor", "value: ecb_refi_plus_10, floor: 3x_legal_rate", "value: ecb_refi_plus_2, floor: 1x_legal_rate", on="  payment.late_rate:"),
    Fault("C4", "twice the legal rate", "value: ecb_refi_plus_10", "value: legal_2x", on="  payment.late_rate:"),
    Fault("C4", "an indemnity of ten euros", "value: 40", "value: 10", on="  payment.indemnity:"),
    Fault("C5", "an urgent request that waits longer", "sla.first: {P1: PT2WH, P2: PT4WH, P3: PT9WH, P4: PT18WH}, sla.next", "sla.first: {P1: PT5WH, P2: PT4WH, P3: PT9WH, P4: PT18WH}, sla.next"),
    Fault("C5", "a dearer level that promises less", "sla.target_pct: 98", "sla.target_pct: 80"),
    Fault("C5", "a dearer level with fewer reports", "adhoc.quota: 6", "adhoc.quota: 2"),
    Fault("C6", "a level that sets a misspelt name", "set: {kickoff.term: P15BD", "set: {kickof.term: P15BD"),
    Fault("C6", "a number that nothing reads", "@info.within", "@reply.within", at="  info.within:", on="  N41-info:"),
    Fault("C8", "a misspelt choice", "value: paid", "value: payed", on="  liability.basis:"),
    # -- calendars, dates, orders
    Fault("P1", "a name left to fill in", "name: MyTraffic, seats", "name: <the vendor’s name>, seats"),
    Fault("D1", "a misspelt zone", "zone: Europe/Paris", "zone: Europe/Pariss"),
    Fault("D1", "holidays of nowhere", "holidays: {set: FR-metropole, law", "holidays: {set: FR-corse, law"),
    Fault("D2", "hours that go back", 'mon: ["09:00-18:00"]', 'mon: ["18:00-09:00"]'),
    Fault("D2", "hours that overlap", 'wed: ["09:00-18:00"]', 'wed: ["09:00-13:00", "12:00-18:00"]'),
    Fault("D3", "Good Friday not said", "good_friday: true, ", ""),
    Fault("E2", "an end not required", "ends_on: {required: true", "ends_on: {required: false"),
    Fault("E2", "an order without an end", "must_set: [client.name, level, ends_on, ", "must_set: [client.name, level, "),
    Fault("O1", "an order of a misspelt name", 'may_set: ["sla.*"', 'may_set: ["slas.*"'),
    Fault("O2", "an order above the law", 'payment.term", "adhoc.*"', 'payment.*", "adhoc.*"'),
    Fault("O3", "an order that chooses no level", "must_set: [client.name, level, ", "must_set: [client.name, "),
)  # fmt: skip
