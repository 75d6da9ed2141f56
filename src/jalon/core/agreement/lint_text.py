"""Rules A, T and L: the words. What was signed, its translation, its defined terms, its spelling."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from jalon.core.agreement.reading import Path
from jalon.core.agreement.rules import Found, Subject, rule
from jalon.core.text import _

_PREFIX = re.compile(r"(?:•|\d+(?:\.\d+)*\.?|\([a-z]\))?(.*?):?")
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"[\"“«]\s*([^\"”»]{3,60}?)\s*[\"”»]")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCES = re.compile(r"[.;:!?]\s+\S")
_LEAST_LETTERS = 4  # shorter words are abbreviations as often as words


@rule(
    "A1", _("The authentic text is the source’s, word for word, and the source is the one named by its hash."),
    _("What is computed must be what was signed."), _("Copy the words from the source."),
)  # fmt: skip
def words_of_the_source(subject: Subject) -> Iterator[Found]:
    """Only where the source is at hand."""
    if subject.source is None:
        return
    digest = hashlib.sha256(subject.source.encode("utf-8")).hexdigest()
    if digest != subject.agreement.source_sha256:
        yield Found(("source", "sha256"), _("The source text is not the one that this file was made from."),
                    _("Its SHA-256 is %(digest)s.", digest=digest))  # fmt: skip
    lines = subject.source.split("\n")
    for i, clause in enumerate(subject.agreement.clauses):
        if not all(1 <= n <= len(lines) for n in clause.lines):
            continue  # A6 says it
        theirs = _bare(" ".join(lines[n - 1] for n in clause.lines))
        ours, title = (
            _bare(clause.text.said(subject.authentic)),
            _bare(clause.title.said(subject.authentic)),
        )
        prefix = theirs.removesuffix(ours) if theirs.endswith(ours) else None
        found = _PREFIX.fullmatch(prefix) if prefix is not None else None
        if found is None:
            yield Found(("clauses", i, subject.authentic), _("Clause %(id)s does not say the source’s words.", id=clause.id),
                        _("Copy its text from the source, word for word."))  # fmt: skip
        elif found[1] != title:
            yield Found(("clauses", i, "title"), _("The title of clause %(id)s is not the source’s.", id=clause.id),
                        _("Copy its title from the source, word for word."))  # fmt: skip


@rule(
    "A2", _("Every clause is said in the other language too."),
    _("Everything that a person reads exists in French and English."), _("Write the translation."),
)  # fmt: skip
def translated(subject: Subject) -> Iterator[Found]:
    """The text where there is one, and the title."""
    other = subject.translation
    for i, clause in enumerate(subject.agreement.clauses):
        if clause.text.said(subject.authentic).strip() and not clause.text.said(other).strip():
            yield Found(("clauses", i, other), _("Clause %(id)s is not translated.", id=clause.id))
        if not clause.title.said(other).strip():
            yield Found(("clauses", i, "title"), _("The title of clause %(id)s is not translated.", id=clause.id))  # fmt: skip


@rule(
    "A3", _("Both languages of a clause hold the same numbers."),
    _("A translation with another delay is another contract."), _("Compare the two texts, number by number."),
)  # fmt: skip
def same_numbers(subject: Subject) -> Iterator[Found]:
    """Digits only: a number in words is a word."""
    for i, clause in enumerate(subject.agreement.clauses):
        french, english = set(_NUMBER.findall(clause.text.fr)), set(_NUMBER.findall(clause.text.en))
        if french != english:
            alone = tuple(sorted(french ^ english))
            yield Found(("clauses", i, subject.translation), _("Clause %(id)s does not have the same numbers in both "
                        "languages: %(numbers)s stand in one only.", id=clause.id, numbers=alone))  # fmt: skip


@rule(
    "A4", _("Every clause that is referred to exists."), _("A number without its clause cannot be argued."),
    _("Write the number of a clause of this file."),
)  # fmt: skip
def references_resolve(subject: Subject) -> Iterator[Found]:
    """Of norms, parameters, survival, defined terms and notes."""
    ids = {clause.id for clause in subject.agreement.clauses}
    for path, clause_id in _references(subject):
        if clause_id not in ids:
            yield Found(path, _("There is no clause %(id)s.", id=clause_id))


def _references(subject: Subject) -> Iterator[tuple[Path, str]]:
    agreement = subject.agreement
    for name, norm in agreement.norms.items():
        yield ("norms", name, "clause"), norm.clause
    for name, parameter in agreement.parameters.items():
        yield ("parameters", name, "clause"), parameter.clause
    for i, clause_id in enumerate(agreement.effect["survives"]):
        yield ("effect", "survives", i), str(clause_id)
    for i, term in enumerate(agreement.defined_terms):
        for j, clause_id in enumerate(term.get("used_in", [])):
            yield ("defined_terms", i, "used_in", j), str(clause_id)
    for i, note in enumerate(agreement.editorial_notes):
        yield ("editorial_notes", i, "clause"), str(note.get("clause", ""))


@rule(
    "A5", _("A clause lists its norms, and each norm names that clause; a clause is written once."),
    _("The page shows each norm beside the sentence that founds it."), _("Make the two agree."),
)  # fmt: skip
def clauses_and_norms_agree(subject: Subject) -> Iterator[Found]:
    """Both ways."""
    agreement = subject.agreement
    ids = [clause.id for clause in agreement.clauses]
    for i, clause in enumerate(agreement.clauses):
        if clause.id in ids[:i]:
            yield Found(("clauses", i, "id"), _("Clause %(id)s is written twice.", id=clause.id))
        for j, norm_id in enumerate(clause.norms):
            known = agreement.norms.get(norm_id)
            if known is None or known.clause != clause.id:
                yield Found(("clauses", i, "norms", j), _("Clause %(id)s lists the norm %(norm)s, which is not its own.",
                            id=clause.id, norm=norm_id))  # fmt: skip
    listed = {clause.id: clause.norms for clause in agreement.clauses}
    for norm in agreement.norms.values():
        if norm.clause in listed and norm.id not in listed[norm.clause]:
            yield Found(("norms", norm.id, "clause"), _("Clause %(id)s does not list the norm %(norm)s.",
                        id=norm.clause, norm=norm.id))  # fmt: skip


@rule(
    "A6", _("Every line of the source is in one clause, or is listed as ignored."),
    _("A sentence that nobody encoded would bind unseen."), _("Add the line to a clause, or to source.ignored_lines."),
)  # fmt: skip
def source_is_covered(subject: Subject) -> Iterator[Found]:
    """Said where the line is missing: at the clause that follows it."""
    if subject.source is None:
        return
    lines, clauses = subject.source.split("\n"), subject.agreement.clauses
    covered: set[int] = set()
    for i, clause in enumerate(clauses):
        for j, number in enumerate(clause.lines):
            if not 1 <= number <= len(lines) or number in covered:
                yield Found(("clauses", i, "lines", j), _("Line %(line)s of the source is not there, or is already "
                            "another clause’s.", line=number))  # fmt: skip
            covered.add(number)
    covered |= set(subject.data["source"].get("ignored_lines", []))
    title = _bare(subject.agreement.title.said(subject.authentic))
    for number, line in enumerate(lines, start=1):
        if not line.strip() or number in covered or _bare(line) == title:
            continue
        after = next((i for i, c in enumerate(clauses) if any(n > number for n in c.lines)), len(clauses) - 1)
        yield Found(("clauses", after), _("Line %(line)s of the source is in no clause: “%(words)s”.", line=number,
                    words=_shortened(line.strip())))  # fmt: skip


@rule(
    "A7", _("A norm quotes the words of its clause that found it, word for word, in both languages."),
    _("The page underlines the sentence on which the promise rests: a sentence that is not in the clause founds nothing."),
    _("Copy the words from the clause."),
)  # fmt: skip
def quotes_are_in_the_clause(subject: Subject) -> Iterator[Found]:
    """Without a quote the whole clause founds the norm: enough where it says one thing, a warning where it says several."""
    clauses = {clause.id: clause for clause in subject.agreement.clauses}
    for norm in subject.agreement.norms.values():
        clause = clauses.get(norm.clause)
        if clause is None:
            continue  # A4 says it
        path: Path = ("norms", norm.id)
        for place, quote in (((*path, "quote"), norm.quote), ((*path, "late", "quote"), norm.late_quote)):
            for lang in ("fr", "en"):
                if quote is not None and not (
                    quote.said(lang).strip() and quote.said(lang) in clause.text.said(lang)
                ):
                    yield Found((*place, lang), _("Clause %(id)s does not say “%(words)s”.", id=clause.id,
                                words=_shortened(quote.said(lang))))  # fmt: skip
        if norm.quote is None and _SENTENCES.search(clause.text.said(subject.authentic)):
            yield Found(path, _("Clause %(id)s says several things: nothing says which one founds this norm.", id=clause.id),
                        _("Add quote: {fr: …, en: …}."), severity="warning")  # fmt: skip


@rule(
    "T1", _("A defined term stands in each clause that is said to use it, in both languages."),
    _("A definition applies where its word is written, and nowhere else."),
    _("Correct used_in, or the term’s words."),
)  # fmt: skip
def terms_are_used(subject: Subject) -> Iterator[Found]:
    """The title counts; so does the form in brackets: “Customer Success Manager (CSM)” is used by “the CSM”."""
    clauses = {clause.id: clause for clause in subject.agreement.clauses}
    for i, term in enumerate(subject.agreement.defined_terms):
        for j, clause_id in enumerate(term.get("used_in", [])):
            clause = clauses.get(str(clause_id))
            if clause is None:
                continue  # A4 says it
            for lang in ("fr", "en"):
                said = _stems(_plain(f"{clause.title.said(lang)} {clause.text.said(lang)}"))
                if not any(form in said for form in _forms(str(term.get(lang, "")))):
                    yield Found(("defined_terms", i, "used_in", j), _("Clause %(id)s does not use the term “%(term)s”.",
                                id=str(clause_id), term=str(term.get(lang, ""))))  # fmt: skip


@rule(
    "T2", _("Every term that the text defines is among defined_terms."),
    _("A word with a meaning of its own must be found by who reads the clause."),
    _("Add it to defined_terms, with the clauses that use it."),
)  # fmt: skip
def definitions_are_listed(subject: Subject) -> Iterator[Found]:
    """A word between quotation marks, in the authentic text."""
    listed = {
        form
        for term in subject.agreement.defined_terms
        for form in _forms(str(term.get(subject.authentic, "")))
    }
    for i, clause in enumerate(subject.agreement.clauses):
        for word in _QUOTED.findall(clause.text.said(subject.authentic)):
            if not listed & set(_forms(word)):
                yield Found(("clauses", i, subject.authentic), _("“%(term)s” is defined here and is not listed.",
                            term=word))  # fmt: skip


@rule(
    "L1", _("Every word is spelled as its language’s dictionary has it."),
    _("A misspelt contract is quoted against who wrote it."),
    _("Correct it; a name or a word of the trade goes into accepted_words; a defect of the signed text, between “ ” in "
      "editorial_notes."),
    severity="warning",
)  # fmt: skip
def spelling(subject: Subject) -> Iterator[Found]:
    """Titles, texts and labels, in both languages; capitals and accepted words aside."""
    spelled = subject.spelled
    if spelled is None:
        return
    accepted = {str(word).casefold() for word in subject.data.get("accepted_words", [])}
    noted = {word.casefold() for note in subject.agreement.editorial_notes for lang in ("fr", "en")
             for quoted in _QUOTED.findall(str(note.get(lang, ""))) for word in _WORD.findall(quoted)}  # fmt: skip
    said: set[tuple[str, str]] = set()  # each word once, where it is read first
    for path, lang, text in _texts(subject):
        for word in dict.fromkeys(_words(text, lang)):
            if word.isupper() or set(word.casefold().split("-")) <= accepted | noted:
                continue
            if (lang, word.casefold()) not in said and not spelled(word, lang):
                said.add((lang, word.casefold()))
                yield Found(path, _("“%(word)s” is not in the dictionary.", word=word))


def _words(text: str, lang: str) -> Iterator[str]:
    """The words long enough to be judged; what French elides before an apostrophe (jusqu’, l’) is none."""
    if lang == "fr":
        text = re.sub(r"[^\W\d_]+[’']", " ", text)
    for word in _WORD.findall(text.replace("’", " ").replace("'", " ")):
        if len(word) >= _LEAST_LETTERS:
            yield word


def _texts(subject: Subject) -> Iterator[tuple[Path, str, str]]:
    agreement = subject.agreement
    for lang in ("fr", "en"):
        yield ("title",), lang, agreement.title.said(lang)
        for i, clause in enumerate(agreement.clauses):
            yield ("clauses", i, "title"), lang, clause.title.said(lang)
            yield ("clauses", i, lang), lang, clause.text.said(lang)
        for name, norm in agreement.norms.items():
            yield ("norms", name, "title"), lang, norm.title.said(lang)
        for name, parameter in agreement.parameters.items():
            if parameter.label:
                yield ("parameters", name, "label"), lang, parameter.label.said(lang)
        for name, level in agreement.levels.items():
            yield ("levels", name, "name"), lang, level.name.said(lang)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def _forms(term: str) -> list[str]:
    """The whole term, the form in brackets and the one before it; singular and plural alike."""
    whole = _plain(term)
    inside = re.fullmatch(r"(.*?)\s*\((.*)\)", whole)
    forms = [whole, *(inside.groups() if inside else ())]
    return [_stems(form) for form in forms if form]


def _stems(text: str) -> str:
    return re.sub(r"s\b", "", text)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + "…"
