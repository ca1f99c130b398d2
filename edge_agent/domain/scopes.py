"""What a certificate can cover, in words (GB 30871-2022 4.8, Order 30 of 2010: 特种作业目录)."""

from edge_agent.domain.words import Words

SCOPES = {
    "hot": Words("动火（焊接与热切割）", "hot work (welding, thermal cutting)"),
    "confined_space": Words("受限空间作业", "confined spaces"),
    "height": Words("高处作业", "work at height"),
    "lifting": Words("起重吊装", "lifting"),
    "low_voltage": Words("低压电工", "low-voltage work"),
    "high_voltage": Words("高压电工", "high-voltage work"),
    "guard": Words("作业监护", "guarding work"),
    "gas_test": Words("气体检测分析", "gas testing"),
}


def scope_words(scope: str) -> Words:
    """The name of a scope; one of a site's own is named by its id."""
    return SCOPES.get(scope, Words(scope, scope))
