"""One way of writing for each fact that is compared. Pure; text in, text out, None for what says nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

_TRADITIONAL = (
    "張陳劉趙黃吳孫馬鄭謝韓馮於蕭許葉閻蔣賈鄧鄒賴龍萬錢譚陸顧龔湯喬賀嚴齊莊魯遲關歐陽麗華偉國強東軍傑濤飛"
    "紅蘭鳳雲榮貴寶慶學興業義禮賢愛連鋼鐵銀錦長門開靈書畫詩詠頌豐聖聰穎瓊瑩潔濱澤潤滬漢寧靜順頤馳騰駿驍樂"
    "鴻鵬鳴鶴麥黨區縣鄉鎮號樓層單園橋廣場灣島嶺崗蘇楊鐘羅聶範薩盧竇簡衛儲應談車巖維縉紹緯繼綺綱綸經總緒線"
    "練純紋納紐紡紗續"
)
_SIMPLIFIED = (
    "张陈刘赵黄吴孙马郑谢韩冯于萧许叶阎蒋贾邓邹赖龙万钱谭陆顾龚汤乔贺严齐庄鲁迟关欧阳丽华伟国强东军杰涛飞"
    "红兰凤云荣贵宝庆学兴业义礼贤爱连钢铁银锦长门开灵书画诗咏颂丰圣聪颖琼莹洁滨泽润沪汉宁静顺颐驰腾骏骁乐"
    "鸿鹏鸣鹤麦党区县乡镇号楼层单园桥广场湾岛岭岗苏杨钟罗聂范萨卢窦简卫储应谈车岩维缙绍纬继绮纲纶经总绪线"
    "练纯纹纳纽纺纱续"
)
_SAME = str.maketrans(dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)))
"""Traditional characters that are common in names and addresses; rarer ones stay as they are written."""
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam", "先生", "女士", "小姐"])
_WAYS = {
    "street": "st", "str": "st", "road": "rd", "avenue": "ave", "av": "ave", "lane": "ln", "place": "pl",
    "court": "ct", "crescent": "cres", "drive": "dr", "square": "sq", "close": "cl", "circuit": "cct",
    "apartment": "apt", "flat": "apt", "unit": "apt", "number": "no", "saint": "st", "terrace": "tce", "parade": "pde",
}  # fmt: skip
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Compatibility forms folded (NFKC), case and diacritics dropped, common traditional characters simplified."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).replace("ß", "ss").replace("ø", "o").replace("ł", "l").translate(_SAME)


def is_han(text: str) -> bool:
    """Whether a text is written in Chinese characters."""
    return bool(_HAN.search(text))


def name(parts: Sequence[str | None]) -> tuple[str, ...] | None:
    """The parts of a name in an order that does not depend on how it was written.

    Words of a Latin name, characters of a Chinese one: `LIN, Xiao-Ming` and `Xiao Ming Lin` are the same. An
    apostrophe joins (`O'Brien`), titles are left out.
    """
    text = plain(" ".join(part for part in parts if part))
    if is_han(text):
        words = [word for word in _WORD.findall(text) if word not in _TITLES]
        letters = "".join(words)
        return tuple(sorted(_HAN.findall(letters))) or None
    words = _WORD.findall(re.sub(r"['’`.]", "", text))
    kept = [word for word in words if word not in _TITLES] or words
    return tuple(sorted(kept)) or None


def han_as_written(parts: Sequence[object], *, apart: bool) -> str:
    """The characters of a Chinese name, surname first; `apart` parts are a given and a family name."""
    told = ["" if part is None else plain(str(part)) for part in parts]
    ordered = reversed(told) if apart else told
    return "".join(_HAN.findall("".join(part for part in ordered if part not in _TITLES)))


def one_name(part: str | None) -> str | None:
    """A given or a family name alone, its words in the order written."""
    told = _WORD.findall(re.sub(r"['’`.]", "", plain(part or "")))
    return " ".join(told) or None


def birth_date(value: object) -> str | None:
    """Eight digits, year first; the order of day and month where the text leaves no doubt, else as it stands."""
    if value is None:
        return None
    if isinstance(value, date):
        return f"{value.year:04d}{value.month:02d}{value.day:02d}"
    pieces = re.findall(r"\d+", unicodedata.normalize("NFKC", str(value)))
    joined = "".join(pieces)
    if len(pieces) == 3 and len(pieces[0]) == 4:
        return pieces[0] + pieces[1].zfill(2)[-2:] + pieces[2].zfill(2)[-2:]
    if len(pieces) == 3 and len(pieces[2]) == 4:
        return pieces[2] + pieces[1].zfill(2)[-2:] + pieces[0].zfill(2)[-2:]
    return joined if len(joined) == 8 else None


def either_way(day: str) -> str:
    """A birth date under which day and month may stand in either order."""
    return day[:4] + "".join(sorted((day[4:6], day[6:8])))


def address(parts: Sequence[object]) -> tuple[str, ...] | None:
    """The words of an address with the usual abbreviations; Chinese ones by runs of characters and numbers."""
    text = plain(" ".join(str(part) for part in parts if part not in (None, "")))
    found: list[str] = []
    for word in _WORD.findall(text):
        pieces = re.findall(r"[a-z]+|\d+|[^\W\da-z_]+", word) if is_han(word) else [word]
        found += [_WAYS.get(piece, piece) for piece in pieces]
    return tuple(found) or None


def grams(words: Sequence[str]) -> tuple[str, ...]:
    """The pairs of neighbouring letters of each word, every one once: what is alike in spite of a slip of the pen."""
    pairs = {word[i : i + 2] for word in words for i in range(max(1, len(word) - 1))}
    return tuple(sorted(pairs))


def phone(value: object) -> str | None:
    """The last nine digits: country codes and leading zeros differ between registers."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", str(value or "")))
    return digits.lstrip("0")[-9:] or None if len(digits) >= 5 else None


def code(value: object) -> str | None:
    """Letters and digits of a code, without case, spaces and hyphens."""
    if value is None:
        return None
    return "".join(letter for letter in plain(str(value)) if letter.isalnum()) or None
