# ruff: noqa: E501 - the declarations read best one to a line
"""A small whole jurisdiction, written as an author would, and a way to change it."""

from __future__ import annotations

from pathlib import Path

from commonweal.register import Fault, Register
from commonweal.register.loader import load

GOVERNMENT = """\
- kind: Jurisdiction
  id: testland
  name: {en: Testland, zh-hans: 试验地}
  languages: [en, zh-hans]
  currency: XTS
  timezone: Europe/Tallinn
  country_calendar: EE
  fictional: true
- {kind: Region, id: north, level: province, name: {en: North, zh-hans: 北省}, group: hills}
- {kind: Region, id: lake-city, level: city, parent: north, name: {en: Lake City, zh-hans: 湖市}, group: hills}
- {kind: Region, id: upper-vale, level: county, parent: lake-city, name: {en: Upper Vale, zh-hans: 上谷县}, group: hills}
- {kind: Region, id: lower-vale, level: county, parent: lake-city, name: {en: Lower Vale, zh-hans: 下谷县}, group: hills}
- {kind: PublicOrganisation, id: one-stop-centre, level: county, name: {en: One-stop centre, zh-hans: 政务服务中心}}
- {kind: PublicOrganisation, id: market-regulation, level: county, name: {en: Market office, zh-hans: 市场监管局}}
- {kind: PublicOrganisation, id: fire-service, level: city, region: lake-city, name: {en: Fire service, zh-hans: 消防局}}
- {kind: PublicOrganisation, id: civil-registry, level: province, name: {en: Civil registry, zh-hans: 户籍登记处}}
- {kind: Post, id: one-stop-centre/clerk, organisation: one-stop-centre, seats: 2, name: {en: Clerk, zh-hans: 窗口人员}}
- {kind: Post, id: market-regulation/examiner, organisation: market-regulation, name: {en: Examiner, zh-hans: 审查员}}
- {kind: Post, id: market-regulation/head, organisation: market-regulation, supervises: true, name: {en: Head, zh-hans: 局长}}
- {kind: Post, id: fire-service/inspector, organisation: fire-service, name: {en: Inspector, zh-hans: 消防检查员}}
- {kind: Post, id: fire-service/chief, organisation: fire-service, supervises: true, name: {en: Chief, zh-hans: 消防队长}}
- kind: LegalResource
  id: food-act
  name: {en: Food Act, zh-hans: 食品法}
  effective: {from: 2020-01-01}
  articles:
    - {id: 35, permits: [collect, decide]}
    - {id: 80, permits: [fee]}
- kind: LegalResource
  id: registry-act
  name: {en: Registry Act, zh-hans: 登记法}
  articles: [{id: 7, permits: [share, collect]}]
"""

STANDARD = """\
- {kind: DataElement, id: applicant.birth_date, type: date, name: {en: Date of birth, zh-hans: 出生日期}}
- {kind: DataElement, id: business.trade_name, type: string, name: {en: Trade name, zh-hans: 商号名称}}
- {kind: DataElement, id: business.sector, type: code, codelist: sector, name: {en: Line of business, zh-hans: 行业}}
- {kind: DataElement, id: premises.county, type: region, name: {en: County of the premises, zh-hans: 场所所在县}}
- {kind: DataElement, id: premises.floor_area, type: decimal, unit: m2, min: 1, name: {en: Floor area, zh-hans: 建筑面积}}
- {kind: DataElement, id: person.number, type: string, name: {en: Personal number, zh-hans: 个人编号}, sensitivity: personal}
- kind: CodeList
  id: sector
  name: {en: Lines of business, zh-hans: 行业}
  codes:
    - {code: 01, name: {en: Restaurant, zh-hans: 餐馆}}
    - {code: 02, name: {en: Bakery, zh-hans: 面包店}}
- kind: Dataset
  id: residents
  name: {en: Residents, zh-hans: 居民}
  publisher: civil-registry
  grain: person
  subject: number
  columns: [{name: number, element: person.number}, {name: born, element: applicant.birth_date}]
  keys: [number]
  access: restricted
  source: {type: register}
  legal: [registry-act/7]
- {kind: EvidenceType, id: lease, name: {en: Lease, zh-hans: 租约}}
- {kind: EvidenceType, id: proof-of-age, dataset: residents, upload: false, legal: registry-act/7, name: {en: Proof of age, zh-hans: 年龄证明}}
"""

SERVICE = """\
kind: PublicService
id: open-restaurant
name: {en: Open a restaurant, zh-hans: 开办餐饮店}
authority: market-regulation
audience: [business]
event: starting-a-business
effective: {from: 2025-01-01}
legal: [food-act/35]
place: premises.county
requirements:
  - {id: adult, rule: "age(applicant.birth_date, today) >= 18", legal: food-act/35}
  - {id: age, evidence: proof-of-age}
  - {id: premises, evidence: {any: [lease]}}
form:
  - {element: business.trade_name}
  - {element: business.sector}
  - {element: premises.county}
  - {element: premises.floor_area, min: 10}
  - {id: uses_gas, type: boolean, label: {en: Will you cook with gas?, zh-hans: 是否使用燃气？}}
steps:
  - {id: accept, by: one-stop-centre/clerk, allow: [accept, return], deadline: P1D}
  - {id: licence, by: market-regulation/examiner, after: [accept], deadline: P3D}
  - {id: fire, by: fire-service/inspector, after: [accept], when: "premises.floor_area >= 300", deadline: P5D, overdue: escalate}
  - {id: fee, pay: [base], after: [licence, fire]}
  - {id: issue, output: food-licence, after: [fee]}
deadline: {total: P7D}
cost:
  - {id: base, amount: 200.00, exempt_when: "form.uses_gas && business.sector == '02'", legal: food-act/80}
outputs:
  - {id: food-licence, name: {en: Food licence, zh-hans: 食品许可证}, number: "FB{year}-{region}-{seq:06}", valid: P5Y, seal: market-regulation}
channels: [web, counter]
retention: P10Y
"""

EVENT = """\
kind: LifeEvent
id: starting-a-business
name: {en: Starting a business, zh-hans: 开办企业}
audience: [business]
services: [{service: open-restaurant}]
"""

FILES = {
    "government/all.yaml": GOVERNMENT,
    "standard/all.yaml": STANDARD,
    "services/open-restaurant.yaml": SERVICE,
    "events/business.yaml": EVENT,
}


def write(folder: Path, *changes: tuple[str, str], **more: str) -> Path:
    """Write the jurisdiction, each (old, new) text replaced once, and further files by name."""
    files = dict(FILES)
    for old, new in changes:
        (where,) = [name for name, text in files.items() if old in text]
        files[where] = files[where].replace(old, new, 1)
    for name, text in (files | {f"more/{name}.yaml": text for name, text in more.items()}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, *changes: tuple[str, str], **more: str) -> list[Fault]:
    """What is found wrong with the changed jurisdiction."""
    return list(load(write(folder, *changes, **more))[1])


def register(folder: Path, *changes: tuple[str, str], **more: str) -> Register:
    """The changed jurisdiction, which must have no errors."""
    made, found = load(write(folder, *changes, **more))
    assert made is not None, found
    assert not [fault for fault in found if fault.severity == "error"], found
    return made
