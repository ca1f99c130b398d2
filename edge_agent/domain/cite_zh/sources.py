"""Words that stand beside the name of a source."""

SOURCES = {
    "ledger": "台账",
    "from memory, check before use": "凭记忆，使用前须核对",
    "check before use": "使用前须核对",
    "check the nameplate": "以铭牌为准",
    **{f"GB 30871-2022 Annex A.{form}": f"GB 30871-2022 附录 A.{form}" for form in range(1, 9)},
    "GB 30871-2022 5.2.9, Annex A.1": "GB 30871-2022 5.2.9、附录 A.1",
    "GB 30871-2022 4.11 a, Annex B": "GB 30871-2022 4.11 a、附录 B",
    "GB 30871-2022 5.1.1, 4.11 a, Annex B": "GB 30871-2022 5.1.1、4.11 a、附录 B",
    "GBZ 2.1-2019 amendment 1 STEL 6 mg/m3": "GBZ 2.1-2019 第 1 号修改单 STEL 6 mg/m3",
    "GBZ 2.1-2019 amendment 1 TWA 3 mg/m3": "GBZ 2.1-2019 第 1 号修改单 TWA 3 mg/m3",
    "GB/T 50493 first alarm": "GB/T 50493 一级报警",
    "the widest fall radius of GB/T 3608": "GB/T 3608 中最大的坠落半径",
    "calibration interval at most one year": "检定周期不超过一年",
    "ISEA via OSHA SHIB": "ISEA，转引自 OSHA SHIB",
    "8-hour average": "8 小时平均",
    "15-minute average": "15 分钟平均",
    "no figure in a standard": "标准未给出数值",
    "GB 30871-2022 5.2.14 names no time": "GB 30871-2022 5.2.14 未规定时间",
    "GB 30871-2022 5.2.14 names no distance": "GB 30871-2022 5.2.14 未规定距离",
    "GB 30871-2022 6.8 has the guard keep in touch and names no time": (
        "GB 30871-2022 6.8 要求监护人保持联系，未规定间隔"
    ),
    "GB 30871-2022 4.10 f is stricter": "GB 30871-2022 4.10 f 更严",
    "1910.146 names no time": "1910.146 未规定时间",
    "1910.146(d)(5) names no time": "1910.146(d)(5) 未规定时间",
    "1910.146(d)(5)(i) tests before entry and names no time": "1910.146(d)(5)(i) 要求进入前检测，未规定时间",
    "1910.146(i)(5) has the attendant communicate and names no time": (
        "1910.146(i)(5) 要求监护人保持联系，未规定间隔"
    ),
    "1910.252(a)(2)(vi)(C) forbids explosive atmospheres and names no time": (
        "1910.252(a)(2)(vi)(C) 禁止在爆炸性环境动火，未规定时间"
    ),
    "as GB 30871-2022 5.3.1 c": "同 GB 30871-2022 5.3.1 c",
    "as GB 30871-2022 5.3.1 d": "同 GB 30871-2022 5.3.1 d",
    "as GB 30871-2022 6.3 a": "同 GB 30871-2022 6.3 a",
    "as GB 30871-2022 6.3 f": "同 GB 30871-2022 6.3 f",
    "the ledger's first level": "台账第一级",
    "site rule 3": "站点规则 3",
    "site rule 8": "站点规则 8",
    "site rule 12": "站点规则 12",
    "site rule 21": "站点规则 21",
    "site rule 21, after GB 30871-2022 6": "站点规则 21，参照 GB 30871-2022 6",
}
