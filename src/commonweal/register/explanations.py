"""Every code a fault can have, and what it means; the reference page and SARIF rules are made from this."""

from __future__ import annotations

from collections.abc import Mapping

READING: Mapping[str, str] = {
    "no-folder": "The folder named does not exist.",
    "unreadable": "A file or folder cannot be opened.",
    "not-a-file": "Something other than an ordinary file has the name of a declaration.",
    "symlink": "A link leads to a folder, or out of the jurisdiction's folder; it is not followed.",
    "too-large": "A file is larger than 4 MiB.",
    "too-many": "There are more than 200,000 files.",
    "too-many-faults": "A file has more than 2,000 faults; the rest are not shown.",
    "encoding": "A file is not UTF-8, or holds a character that only some programs take for a line end.",
    "yaml": "A file is not YAML from this place on.",
    "depth": "Values are nested more than 40 deep.",
    "alias": "An alias has no anchor before it, or aliases repeat too much.",
    "tag": "A YAML tag is used; a register needs none.",
    "key": "A key is a list or a mapping.",
    "duplicate-key": "A key is written twice in one mapping.",
    "not-a-declaration": "A document or an item of a list is not a mapping.",
    "missing-kind": "A declaration does not say its kind.",
    "unknown-kind": "No kind of declaration has this name.",
    "unknown-key": "The kind has no such key.",
    "missing-key": "A key that the kind needs is absent.",
    "bad-value": "A value is not of the type, form or size that its key takes.",
    "duplicate-id": "Two declarations of one kind have the same id.",
    "no-jurisdiction": "No Jurisdiction is declared.",
    "two-jurisdictions": "More than one Jurisdiction is declared.",
}

GOVERNMENT: Mapping[str, str] = {
    "missing-language": "A text lacks one of the jurisdiction's languages, or is blank in it.",
    "unknown-language": "A text has a language that the jurisdiction does not use.",
    "declared-twice": "A list holds the same name twice.",
    "unknown-name": "A name leads to nothing that is declared.",
    "bad-period": "A declaration ends before it begins.",
    "bad-calendar": "The time zone, country calendar or week cannot be used.",
    "contrast": "White words on the accent colour cannot be read by everyone (WCAG 2.2, 4.5 to 1).",
    "cycle": "Things lead back to where they began: steps, regions, organisations or codes.",
    "level-order": "A region lies in one that is not above its level.",
    "level-mismatch": "An organisation's region is not of its level.",
    "no-branch": "An organisation has a branch in every region of a level that no region has.",
    "post-elsewhere": "A post's id and its organisation differ.",
    "bad-shape": "A map's file is no GeoJSON, or an outline cannot be drawn: not closed, crossing itself, or empty.",
}

STANDARD: Mapping[str, str] = {
    "duplicate-code": "A code list holds a code twice.",
    "unknown-code": "A code or region is named that does not exist.",
    "reserved-word": "A name holds a word that means something else in rules, so that no rule could read it.",
    "codelist-type": "A code has no code list, or something else has one.",
    "bad-bounds": "A minimum, maximum or length does not fit the type, or leaves no value.",
    "bad-pattern": "A pattern is not a regular expression, or could take for ever.",
    "bad-example": "An example does not fit its own pattern.",
    "same-thing": "Two data elements say the same thing.",
    "identifier-open": "A national identifier is no string, or everybody may see it.",
    "unknown-column": "A dataset names a column it does not have.",
    "column-type": "A dataset's region or period column is bound to an element of another type.",
    "outside": "A dataset's file lies outside the jurisdiction's folder.",
    "wrong-source": "A key of a source that its type does not have.",
    "bad-source": "A source cannot be fetched as it is declared: its address, query or pages.",
    "secret": "A password stands in a declaration.",
    "unsatisfiable": "Neither a dataset nor an upload can satisfy an evidence type.",
    "no-subject": "A dataset about persons that answers evidence does not say which column names them.",
    "no-legal-basis": "A dataset is to answer evidence and no article named permits sharing it.",
    "law-not-in-force": "A law is not in force over the whole time it is needed.",
    "not-permitted": "An article does not permit what it is named for (a fee, a decision, collecting, linking).",
    "not-compared": "Two columns hold facts that cannot be compared in the way a link names.",
    "never-stored": "A column that is only read for linking is a key, or what a dataset cannot do without.",
    "never-linked": "A dataset's source cannot be read for linking.",
}

SERVICE: Mapping[str, str] = {
    "bad-rule": "A rule does not type, or reads something that is never asked or held.",
    "not-a-condition": "A rule gives something other than true or false.",
    "asked-later": "Whether a question is asked depends on itself or on a later one.",
    "changes-standard": "A form changes or widens what the data standard says of an element.",
    "never-asked": "The answer that routes the case is not asked.",
    "not-a-region": "The answer that routes the case is not a region.",
    "no-place": "Branches work on a service that does not say which answer is the place.",
    "not-in-event": "A service names a life event that does not list it.",
    "empty-event": "A life event has no services.",
    "other-audience": "A life event lists a service that is for other people.",
    "unreachable": "A step can never be taken.",
    "never-passes": "A step allows no act that lets a case pass.",
    "nobody-holds": "A step is worked by a post without seats.",
    "not-there-then": "A post or organisation is not there for the whole time a service needs it.",
    "no-deadline": "A step says what happens when overdue and has no deadline.",
    "nobody-supervises": "An overdue step is to be escalated and nobody supervises.",
    "issued-early": "An output can be issued before every decision is made.",
    "promise-too-short": "The steps' deadlines together exceed the total.",
    "never-paid": "A cost is paid in no step.",
    "paid-twice": "A cost is paid in two steps.",
    "never-issued": "An output is issued by no step.",
    "bad-number": "A number pattern cannot be used.",
    "unknown-signer": "Nobody could know who a signer is.",
    "too-simple": "The way of signing is weaker than what the service asks for.",
}

ONCE_ONLY: Mapping[str, str] = {
    "already-held": "A department already holds what a question or a paper asks for.",
}

EXPLANATIONS: Mapping[str, str] = {**READING, **GOVERNMENT, **STANDARD, **SERVICE, **ONCE_ONLY}
