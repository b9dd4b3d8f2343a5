"""Each thing that `check` refuses, made by one change to a jurisdiction that is otherwise whole."""
# ruff: noqa: E501 - the declarations read best one to a line

from __future__ import annotations

from pathlib import Path

import pytest

from commonweal.register.explanations import EXPLANATIONS
from tests.unit.register import small

ADULT = "age(applicant.birth_date, today) >= 18"
FIRE = 'when: "premises.floor_area >= 300"'
LEVELS = "{kind: Region, id: lower-vale, level: county, parent: lake-city"
SEES = [
    # what is changed, into what, the code, what the message names, the suggestion
    ("authority: market-regulation", "authority: market-regulatoin", "unknown-name", "organisation", "market-regulation"),
    ("by: fire-service/inspector", "by: fire-service/inspectr", "unknown-name", "post", "fire-service/inspector"),
    ("{element: business.sector}", "{element: business.secter}", "unknown-name", "data element", "business.sector"),
    ("evidence: proof-of-age}", "evidence: proof-of-aeg}", "unknown-name", "evidence type", "proof-of-age"),
    ("{any: [lease]}", "{any: [leese]}", "unknown-name", "evidence type", "lease"),
    ("after: [licence, fire]", "after: [license, fire]", "unknown-name", "step", "licence"),
    ("pay: [base]", "pay: [basis]", "unknown-name", "cost", "base"),
    ("pay: [base]", "pay: [basis]", "never-paid", "“base”", None),
    ("output: food-licence,", "output: food-license,", "unknown-name", "output", "food-licence"),
    ("output: food-licence,", "output: food-license,", "never-issued", "“food-licence”", None),
    ("seal: market-regulation", "seal: market", "unknown-name", "organisation", "market-regulation"),
    ("legal: [food-act/35]", "legal: [food-act/36]", "unknown-name", "article 36", "food-act/35"),
    ("legal: [food-act/35]", "legal: [foot-act/35]", "unknown-name", "act", "food-act"),
    ("event: starting-a-business", "event: starting-business", "unknown-name", "life event", "starting-a-business"),
    ("{service: open-restaurant}", "{service: open-restaurants}", "unknown-name", "service", "open-restaurant"),
    ("codelist: sector,", "codelist: sectors,", "unknown-name", "code list", "sector"),
    ("publisher: civil-registry", "publisher: registry", "unknown-name", "organisation", "civil-registry"),
    ("element: person.number}", "element: person.numbr}", "unknown-name", "data element", "person.number"),
    ("dataset: residents,", "dataset: residence,", "unknown-name", "dataset", "residents"),
    ("parent: north, name", "parent: nroth, name", "unknown-name", "region", "north"),
    ("region: lake-city,", "region: lake-ctiy,", "unknown-name", "region", "lake-city"),
    # steps
    ("after: [accept], deadline: P3D", "after: [issue], deadline: P3D", "cycle", "licence → issue → fee → licence", None),
    ("after: [accept], deadline: P3D", "after: [licence], deadline: P3D", "cycle", "licence → licence", None),
    ("after: [accept], deadline: P3D", "after: [licence], deadline: P3D", "unreachable", "“fee”", None),
    ("{id: accept, by: one-stop", "{id: licence, by: one-stop", "declared-twice", "“licence”", None),
    (FIRE, 'when: "false"', "unreachable", "never true", None),
    ("allow: [accept, return]", "allow: [return]", "never-passes", "“accept”", None),
    ("deadline: P5D, overdue: escalate", "overdue: escalate", "no-deadline", "“fire”", None),
    ("id: fire-service/chief, organisation: fire-service, supervises: true", "id: fire-service/chief, organisation: fire-service", "nobody-supervises", "“fire-service”", None),
    ("organisation: one-stop-centre, seats: 2", "organisation: one-stop-centre, seats: 0", "nobody-holds", "one-stop-centre/clerk", None),
    ("after: [licence, fire]}", "after: [licence]}", "issued-early", "“fire”", None),
    ("deadline: {total: P7D}", "deadline: {total: P5D}", "promise-too-short", "6 days", None),
    ("id: fire-service, level: city", "id: fire-service, effective: {to: 2027-12-31}, level: city", "not-there-then", "to 2027-12-31", None),
    ("organisation: one-stop-centre, seats: 2", "organisation: one-stop-centre, effective: {from: 2025-02-01}", "not-there-then", "from 2025-02-01", None),
    # money and outputs
    ("amount: 200.00", "amount: -1", "bad-value", "amount", None),
    ("amount: 200.00", "amount: 0.001", "bad-value", "amount", None),
    ("pay: [base], after: [licence, fire]}", "pay: [base], after: [licence, fire]}\n  - {id: again, pay: [base], after: [fee]}", "paid-twice", "“base”", None),
    ("-{seq:06}", "", "bad-number", "{seq}", None),
    ("{seq:06}", "{sequence}", "bad-number", "{sequence}", None),
    ("{seq:06}", "{seq", "bad-number", "not a number pattern", None),
    # law
    ("legal: food-act/80}", "legal: food-act/35}", "not-permitted", "does not permit fee", None),
    ("effective: {from: 2020-01-01}\n  articles", "effective: {from: 2026-01-01}\n  articles", "law-not-in-force", "from 2026-01-01", None),
    ("effective: {from: 2020-01-01}\n  articles", "effective: {from: 2020-01-01, to: 2030-01-01}\n  articles", "law-not-in-force", "to 2030-01-01", None),
    ("{id: 80, permits: [fee]}", "{id: 80, permits: [fee], effective: {from: 2025-06-01}}", "law-not-in-force", "from 2025-06-01", None),
    ("effective: {from: 2025-01-01}", "effective: {from: 2025-01-01, to: 2024-01-01}", "bad-period", "2024-01-01", None),
    # rules
    (ADULT, "age(applicant.birthdate, today) >= 18", "bad-rule", "applicant.birthdate", "applicant.birth_date"),
    (ADULT, "age(applicant.birth_date) >= 18", "bad-rule", "takes two dates", None),
    (ADULT, "agee(applicant.birth_date, today) >= 18", "bad-rule", "agee", "age"),
    (ADULT, "hat == 'x'", "bad-rule", "never asked", None),
    (ADULT, "business.sector == 3", "bad-rule", "codes have them", None),
    (ADULT, "age(applicant.birth_date, today)", "not-a-condition", "type int", None),
    (ADULT, "age(applicant.birth_date, today) >=", "bad-rule", "does not end", None),
    (ADULT, "premises.county == 'uper-vale'", "unknown-code", "no region", "upper-vale"),
    ("business.sector == '02'", "business.sector in ['01', '2']", "unknown-code", "“2”", "02"),
    ("{element: business.sector}", "{element: business.sector, when: form.uses_gas}", "asked-later", "“form.uses_gas”", None),
    ("{element: business.sector}", "{element: business.sector, when: \"business.sector == '01'\"}", "asked-later", "its own answer", None),
    ("[{service: open-restaurant}]", "[{service: open-restaurant, when: form.uses_oil}]", "bad-rule", "form.uses_oil", "form.uses_gas"),
    # form
    ("{element: premises.floor_area, min: 10}", "{element: premises.floor_area, min: 0}", "changes-standard", "only narrow", "1"),
    ("{element: premises.floor_area, min: 10}", "{element: premises.floor_area, type: integer}", "changes-standard", "cannot change", "decimal"),
    ("{element: business.trade_name}", "{element: business.trade_name, min: 3}", "bad-bounds", "“min”", None),
    ("{element: business.trade_name}", "{element: business.sector}", "declared-twice", "business.sector", None),
    ("type: boolean, label", "type: code, label", "codelist-type", "“uses_gas”", None),
    ("place: premises.county", "place: business.trade_name", "not-a-region", "string", None),
    ("  - {element: premises.county}\n", "", "never-asked", "premises.county", None),
    ("place: premises.county\n", "", "no-place", "one-stop-centre", None),
    ("{id: uses_gas, type", "{id: in, type", "reserved-word", "form.in", None),
    # languages
    ("name: {en: Open a restaurant, zh-hans: 开办餐饮店}", "name: {en: Open a restaurant}", "missing-language", "zh-hans", None),
    ("name: {en: Open a restaurant, zh-hans: 开办餐饮店}", "name: {en: Open a restaurant, zh-hans: ' '}", "missing-language", "zh-hans", None),
    ("zh-hans: 是否使用燃气？", "zh-hant: 是否使用燃氣？", "unknown-language", "zh-hant", "zh-hans"),
    # places
    (LEVELS, "{kind: Region, id: lower-vale, level: county, parent: upper-vale", "level-order", "county", None),
    ("{kind: Region, id: north, level: province", "{kind: Region, id: north, level: province, parent: upper-vale", "cycle", "→", None),
    ("level: city, region: lake-city", "level: county, region: lake-city", "level-mismatch", "city", "city"),
    ("{kind: Post, id: fire-service/chief, organisation: fire-service", "{kind: Post, id: fire-service/chief, organisation: civil-registry", "post-elsewhere", "fire-service/chief", "civil-registry/chief"),
    ("currency: XTS", "currency: XTS\n  accent: '#f0c040'", "contrast", "4.5", None),
    ("timezone: Europe/Tallinn", "timezone: Europe/Talin", "bad-calendar", "time zone", None),
    ("country_calendar: EE", "country_calendar: QQ", "bad-calendar", "QQ", None),
    ("country_calendar: EE", "weekend: [0, 1, 2, 3, 4, 5, 6]", "bad-calendar", "working day", None),
    # the data standard
    ("id: person.number, type", "id: package.number, type", "reserved-word", "package", None),
    ("{code: 02,", "{code: 01,", "duplicate-code", "“01”", None),
    ("{code: 02,", "{code: 02, broader: 03,", "unknown-code", "“03”", None),
    ("{code: 02,", "{code: 02, broader: 02,", "cycle", "“02”", None),
    ("zh-hans: 商号名称}}", "zh-hans: 商号名称}, concept: x}\n- {kind: DataElement, id: firm.name, type: string, concept: x, name: {en: Firm, zh-hans: 企业}}", "same-thing", "concept", "business.trade_name"),
    ("zh-hans: 商号名称}}", "zh-hans: 商号名称}}\n- {kind: DataElement, id: firm.name, type: string, name: {en: TRADE-NAME, zh-hans: 企业}}", "same-thing", "business.trade_name", "business.trade_name"),
    ("type: string, name: {en: Trade", "type: string, pattern: '[a', name: {en: Trade", "bad-pattern", "regular expression", None),
    ("type: string, name: {en: Trade", "type: string, pattern: '(a+)+b', name: {en: Trade", "bad-pattern", "for ever", None),
    ("type: string, name: {en: Trade", "type: string, pattern: '[A-Z]+', example: abc, name: {en: Trade", "bad-example", "abc", None),
    ("type: string, name: {en: Trade", "type: string, identifies: person, name: {en: Trade", "identifier-open", "is personal", "sensitivity: personal"),
    ("type: decimal, unit: m2, min: 1", "type: decimal, unit: m2, min: 1, max: 0", "bad-bounds", "between 1 and 0", None),
    ("type: decimal, unit: m2, min: 1", "type: decimal, unit: m2, min: 2020-01-01", "bad-bounds", "a number", None),
    ("type: decimal, unit: m2", "type: decimal, max_length: 3, unit: m2", "bad-bounds", "no length", None),
    ("type: code, codelist: sector", "type: code", "codelist-type", "needs a code list", None),
    ("keys: [number]", "keys: [numbr]", "unknown-column", "“numbr”", "number"),
    ("subject: number", "subject: name", "unknown-column", "“name”", "number"),
    ("  subject: number\n", "", "no-subject", "residents", None),
    ("subject: number", "subject: number\n  region: born", "column-type", "region or code", None),
    ("{name: born, element", "{name: number, element", "declared-twice", "“number”", None),
    ("{kind: EvidenceType, id: lease,", "{kind: EvidenceType, id: lease, upload: false,", "unsatisfiable", "“lease”", None),
    ("  source: {type: register}\n", "", "unsatisfiable", "no source", None),
    ("articles: [{id: 7, permits: [share, collect]}]", "articles: [{id: 7, permits: [collect]}]", "unsatisfiable", "No article named permits", None),
    ("source: {type: register}", "source: {type: file, path: ../x.csv}", "outside", "beside", None),
    ("source: {type: register}", "source: {type: register, recode: {nubmer: {a: b}}}", "unknown-column", "nubmer", "number"),
    ("source: {type: register}", "source: {type: journal}", "missing-key", "projection", None),
    ("source: {type: register}", "source: {type: sql, address: CENSUS_DB}", "missing-key", "“table” or a “query”", None),
    ("source: {type: register}", "source: {type: sql, table: people}", "missing-key", "“address”", None),
    ("source: {type: register}", "source: {type: sql, address: 'postgresql://me:secret@db/x', table: people}", "bad-value", "address", None),
    ("source: {type: register}", "source: {type: sql, address: CENSUS_DB, query: DROP TABLE people}", "bad-source", "one SELECT", None),
    ("source: {type: register}", "source: {type: sql, address: CENSUS_DB, query: 'SELECT 1; DROP TABLE people'}", "bad-source", "semicolon", None),
    ("source: {type: register}", "source: {type: register, table: people}", "wrong-source", "“table”", None),
    ("source: {type: register}", "source: {type: register, cursor: changed}", "wrong-source", "by a cursor", None),
    ("source: {type: register}", "source: {type: http, url: 'ftp://data.example/x'}", "bad-source", "https://", None),
    ("source: {type: register}", "source: {type: http, url: 'https://me:secret@data.example/x'}", "secret", "token", None),
    ("source: {type: register}", "source: {type: http, url: 'https://data.example/x', cursor: changed}", "missing-key", "since", None),
    ("source: {type: register}", "source: {type: http, url: 'https://data.example/x', pages: {by: cursor, parameter: after}}", "missing-key", "“path”", None),
    ("source: {type: register}", "source: {type: http, url: 'https://data.example/x', format: csv, pages: {by: link, path: next}}", "bad-source", "CSV", None),
    ("  legal: [registry-act/7]\n- {kind: EvidenceType, id: lease, name: {en: Lease, zh-hans: 租约}}\n- {kind: EvidenceType, id: proof-of-age, dataset: residents, upload: false, legal: registry-act/7", "- {kind: EvidenceType, id: lease, name: {en: Lease, zh-hans: 租约}}\n- {kind: EvidenceType, id: proof-of-age, dataset: residents", "no-legal-basis", "asked for paper", None),
    # life events
    ("services: [{service: open-restaurant}]", "services: []", "empty-event", "no services", None),
    ("services: [{service: open-restaurant}]", "services: []", "not-in-event", "open-restaurant", None),
    ("zh-hans: 开办企业}\naudience: [business]", "zh-hans: 开办企业}\naudience: [citizen]", "other-audience", "open-restaurant", None),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "said", "suggestion"), SEES)
def test_check_names_what_is_wrong(
    tmp_path: Path, old: str, new: str, code: str, said: str, suggestion: str | None
) -> None:
    found = small.faults(tmp_path, (old, new))
    assert all(fault.code in EXPLANATIONS for fault in found)
    matching = [fault for fault in found if fault.code == code and said in fault.message]
    assert matching, found
    assert suggestion in [fault.suggestion for fault in matching]


def test_a_fault_stands_where_it_is_mended(tmp_path: Path) -> None:
    (fault,) = small.faults(tmp_path, ("by: fire-service/inspector", "by: fire-service/inspectr"))
    text = Path(fault.file).read_text().splitlines()[fault.line - 1]
    assert text[fault.column - 1 :].startswith("fire-service/inspectr")


def test_a_fault_stands_inside_any(tmp_path: Path) -> None:
    (fault,) = small.faults(tmp_path, ("{any: [lease]}", "{any: [lease, leese]}"))
    text = Path(fault.file).read_text().splitlines()[fault.line - 1]
    assert text[fault.column - 1 :].startswith("leese")


def test_a_rule_s_fault_stands_inside_the_rule(tmp_path: Path) -> None:
    (fault,) = small.faults(tmp_path, ("premises.floor_area >= 300", "premises.flor_area >= 300"))
    text = Path(fault.file).read_text().splitlines()[fault.line - 1]
    assert text[fault.column - 1 :].startswith("premises.flor_area >= 300")
    (fault,) = small.faults(tmp_path, ("premises.floor_area >= 300", "premises.floor_area >= 300 && nobody"))
    text = Path(fault.file).read_text().splitlines()[fault.line - 1]
    assert text[fault.column - 1 :].startswith("nobody")


def test_a_name_that_leads_to_a_broken_declaration_is_not_called_unknown(tmp_path: Path) -> None:
    (fault,) = small.faults(tmp_path, ("id: market-regulation, level: county", "id: market-regulation, level: conty"))
    assert fault.suggestion == "county"


def test_one_entity_may_have_several_facts_of_one_concept(tmp_path: Path) -> None:
    days = (
        "{{kind: DataElement, id: work.{0}, type: decimal, unit: days, concept: time, name: {{en: {0}, zh-hans: {1}}}}}"
    )
    assert not small.faults(tmp_path, more=f"- {days.format('mean', '平均')}\n- {days.format('median', '中位')}\n")


def test_what_stands_in_a_file_that_cannot_be_read_is_not_called_unknown(tmp_path: Path) -> None:
    (fault,) = small.faults(tmp_path, ("zh-hans: 开办餐饮店}", "zh-hans: 开办: 餐饮店"))
    assert (fault.code, "put words that hold any of" in fault.message) == ("yaml", True)
    (fault,) = small.faults(tmp_path / "a", ("kind: PublicService", "kind: Service"))
    assert fault.code == "unknown-kind"
    (fault,) = small.faults(tmp_path / "b", ("type: decimal, unit", "type: number, unit"))
    assert fault.code == "bad-value"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("deadline: {total: P7D}", "deadline: 7 days", "deadline: a mapping is needed here, such as {total: …}"),
        ("total: P7D", "total: 7 days", "“7 days” is not a duration such as P3D"),
        ("amount: 200.00", "amount: 200 XTS", "amount: a number is needed here"),
        ("seats: 2", "seats: two", "seats: a whole number is needed here, not “two”"),
        (
            "{element: business.sector}",
            "business.sector",
            "item 2 of form: a mapping is needed here, such as {element: …}",
        ),
        ("legal: [food-act/35]", "legal: food-act/35", "legal: a list is needed here, such as [a, b]"),
        ("by: one-stop-centre/clerk", "by: clerk", "“clerk” is not a post: organisation/role"),
    ],
)
def test_a_usual_mistake_is_answered_in_the_author_s_words(tmp_path: Path, old: str, new: str, said: str) -> None:
    (fault,) = small.faults(tmp_path, (old, new))
    assert said in fault.message


def test_every_code_is_explained_and_used() -> None:
    folder = Path(small.__file__).parents[3] / "src" / "commonweal" / "register"
    sources = "".join(path.read_text() for path in folder.rglob("*.py") if path.name != "explanations.py")
    assert [code for code in EXPLANATIONS if f'"{code}"' not in sources] == []
