"""What the members of the centre's copies mean, for whoever sends them (said_of.py has the rest)."""

from collections.abc import Mapping

UNTIL = "seconds since 1970; from then on the copy counts for nothing and says so. null: no deadline"

COPIES: Mapping[str, Mapping[str, str]] = {
    "Contacts": {
        "id": "contacts: a new list replaces the one before",
        "people": "everybody who answers for something, at most 500",
        "valid_until_utc": "seconds since 1970; from then on the list counts for nothing and says so",
    },
    "ContactPerson": {
        "name": "as people call him",
        "role": "for what he is called: safety_officer, area_owner, manager, ...",
        "person": "his id, where he has a record on the unit",
        "phone": "how he is reached first: a telephone number; no account of a messenger",
        "second": "a second number, for where no receipt comes from the first (ledger 3-19)",
        "verified_utc": "when somebody last reached him by it; null or older than 90 days: told as unverified",
    },
    "Taxonomy": {
        "id": "taxonomy: a new list replaces the one before",
        "name": "its edition; told again with each code (taxonomy_version)",
        "codes": "by the unit's own codes (docs/RULES.md): GAS-01, RPT-02, ...; at most 1000",
        "valid_until_utc": UNTIL,
    },
    "TaxonomyCode": {"code": "of the centre's list of hazards", "words": "what it is"},
    "GuideCard": {
        "id": "the unit's code whose card it is: GAS-01, ...",
        "name": "its edition; shown with the card",
        "action": "what to do now; stands in place of the unit's own",
        "card": "what each role does, by role; the unit's own hold for roles that are not named",
        "valid_until_utc": UNTIL,
    },
    "SiteMap": {
        "id": "site",
        "map_version": "edition of the map that counts; told in up/health",
        "surveyed_utc": "when the site was last surveyed for it",
        "valid_until_utc": UNTIL,
    },
    "TicketStatus": {
        "id": "of the rectification ticket",
        "event": "seq of the unit's event that it is about",
        "status": "open, accepted, in_progress, done, verified, overdue or rejected",
        "owner": "who is to put it right",
        "deadline_utc": "seconds since 1970, or null",
        "words": "what people should know of it, or null",
    },
    "Advice": {
        "id": "of this piece of advice",
        "event": "seq of the unit's event that it is about",
        "words": "what the centre knows of a like case",
        "origin": "where it knows it from",
    },
    "RuleTable": {
        "id": "rule: a new table replaces the one before; what it takes back waits until no work is under way",
        "rulebook": "name of the rulebook that the unit obeys (up/health: facts.rulebook)",
        "limits": "by their key there (docs/RULES.md): gases.ch4.stop_high, ...; empty: none any more",
    },
    "ModelOffer": {
        "id": "model: a new offer replaces the one before",
        "name": "of the model: its table in manifest.toml",
        "sha256": "of the zip that holds its models folder; the file is named by it on the unit",
        "size": "bytes of that zip",
        "cameras": "which it shall judge, as site.toml names them",
        "url": "where the unit fetches the zip (HTTPS, a host of its [fetch]); null: somebody puts it there",
    },
    "UpdateOrder": {
        "id": "update: a new order replaces the one before",
        "release": "the version, as its seal says it",
        "sha256": "of edge-agent-RELEASE-MACHINE.tar; the file is named by it on the unit",
        "wave": "of the roll-out; only told back",
        "size": "bytes of that file; needed with a url, which never gives more",
        "url": "where the unit fetches it (HTTPS, a host of its [fetch]); null: somebody puts it there",
    },
    "RuleLimit": {
        "value": "as strict as the rulebook's or stricter",
        "unit": "the rulebook's own",
        "reason": "why: people read it beside the limit",
    },
    "DrillOrder": {
        "id": "of the order; its answer names it",
        "permit": "under which it is played: work must be under way",
        "by": "person for whom the centre orders it: a safety officer or shift lead that the unit knows",
        "role": "of that person",
        "drill": "what is played",
    },
    "Drill": {
        "name": "of the drill",
        "steps": "what is played; empty with a seed: the unit draws them, and nobody knows them before",
        "seed": "of an unscripted one, or null",
        "longest_s": "seconds; then it ends by itself",
    },
    "DrillStep": {
        "after_s": "seconds after its beginning",
        "kind": "gas, silence, guard_gone, uplink_cut, power_cut or end",
        "source": "device that a gas or silence step is about",
        "level": "of a gas step",
        "unit": "of that level",
    },
}
