"""The invented people one signs in as on a demo: who they are and where they sit. No data is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from commonweal.register.models import Text

PASSWORD = "riverland-demo"  # noqa: S105  # shown on the sign-in page: demo people are public by intent
COUNTY, CITY, PROVINCE = "upper-vale", "stonegate", "riverland"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to sign in as. `seats` are posts with the region of their branch; none for people and businesses."""

    username: str
    name: str
    role: Text
    kind: Literal["citizen", "business", "staff"]
    seats: tuple[tuple[str, str], ...] = ()
    birth_date: date = date(1990, 4, 12)
    home_region: str = COUNTY
    language: str = "en"


def _applicant(
    username: str, name: str, kind: Literal["citizen", "business"], en: str, zh: str, **more: str
) -> Persona:
    return Persona(username, name, _both(en, zh), kind, **more)  # type: ignore[arg-type]


def _staff(username: str, name: str, en: str, zh: str, *seats: tuple[str, str]) -> Persona:
    return Persona(username, name, _both(en, zh), "staff", seats)


def _both(en: str, zh: str) -> Text:
    return Text.model_validate({"en": en, "zh-hans": zh})


PERSONAS: tuple[Persona, ...] = (
    _applicant("lin", "Demo Applicant Lin", "citizen", "A resident of Upper Vale", "上谷县居民"),
    _applicant("wen", "Demo Business Wen", "business", "Runs a business in Upper Vale", "上谷县个体经营者"),
    _applicant("rosa", "Demo Parent Rosa", "citizen", "Mother of Mina, who is six", "六岁米娜的母亲"),
    _applicant("he", "演示申请人禾", "citizen", "A resident who reads Chinese", "使用中文的居民", language="zh-hans"),
    _staff("clerk", "Demo Clerk Aru", "One-stop centre: receives applications", "政务服务中心：受理",
           ("one-stop-centre/clerk", COUNTY)),
    _staff("examiner", "Demo Examiner Bo", "Market regulation: food licences", "市场监管：食品许可审查",
           ("market-regulation/examiner", COUNTY)),
    _staff("kitchen", "Demo Inspector Cai", "Market regulation: visits kitchens", "市场监管：现场核查",
           ("market-regulation/inspector", COUNTY)),
    _staff("fire", "Demo Fire Inspector Dov", "Fire service: inspects premises", "消防：安全检查",
           ("fire-service/inspector", CITY)),
    _staff("city", "Demo Officer Eun", "City management: signs and parking", "城管：招牌与停车",
           ("city-management/officer", COUNTY)),
    _staff("registrar", "Demo Registrar Fay", "Police civil registry: births and addresses", "公安户籍：出生与住址",
           ("civil-registry/registrar", COUNTY)),
    _staff("social", "Demo Officer Gil", "Social security: cards and allowances", "人社：社保卡与补贴",
           ("social-security/officer", CITY)),
    _staff("insurance", "Demo Officer Han", "Medical insurance: enrols children", "医保：参保",
           ("medical-insurance/officer", CITY)),
    _staff("tax", "Demo Tax Officer Ines", "Tax office: deductions", "税务：专项扣除", ("tax/officer", COUNTY)),
    _staff("nurse", "Demo Nurse Jun", "Public health: visits newborns", "卫健：新生儿访视", ("health/nurse", COUNTY)),
    _staff("roads", "Demo Engineer Kit", "Roads office: roadworks", "交通：道路施工", ("roads/engineer", COUNTY)),
    _staff("traffic", "Demo Traffic Officer Lio", "Traffic police: closures and vehicles", "交警：交通组织与车辆",
           ("traffic-police/planner", CITY), ("traffic-police/registrar", CITY)),
    _staff("networks", "Demo Planner Mun", "Gas and power networks", "燃气电力管网", ("utilities/planner", CITY)),
    _staff("water", "Demo Engineer Noa", "Water office", "水务", ("water/engineer", CITY)),
    _staff("parks", "Demo Officer Ori", "Parks and green spaces", "园林绿化", ("parks/officer", COUNTY)),
    _staff("school", "Demo Officer Pim", "Education office: school places", "教育：入学",
           ("education/admissions", COUNTY)),
    _staff("treasurer", "Demo Treasurer Qin", "Treasury: takes payments at the desk", "财政：窗口收费",
           ("treasury/cashier", COUNTY), ("treasury/treasurer", COUNTY)),
    _staff("head", "Demo Head Rui", "Head of the one-stop centre: gets what is escalated", "政务服务中心主任：督办",
           ("one-stop-centre/head", COUNTY)),
    _staff("leader", "Demo Leader Sol", "Provincial leader: cockpit and findings", "省级领导：驾驶舱与发现",
           ("province-office/leader", PROVINCE)),
    _staff("auditor", "Demo Auditor Tam", "Audit office: the journal", "审计：办事日志",
           ("audit-office/auditor", PROVINCE)),
    _staff("data", "Demo Data Steward Uma", "Data bureau: datasets and standards", "数据局：数据目录",
           ("data-bureau/steward", PROVINCE)),
    _staff("keeper", "Demo Keeper Vik", "Data bureau: keeps the keys with the steward",
           "数据局：与数据管理员共同保管密钥", ("data-bureau/head", PROVINCE)),
)  # fmt: skip
