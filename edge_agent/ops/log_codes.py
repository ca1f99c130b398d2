"""Stable codes of what the programs write into their log from WARNING up: to count, to filter, to look up.

The code belongs to where an entry is written and to its words as they stand there, so that no caller names
one; it is kept when the words change (change them here, too: a test compares). docs/observability/logs.md
is made from this.
"""

import logging

from msgspec import Struct

from edge_agent.domain.words import Words


class Entry(Struct, frozen=True):
    """One kind of entry. `of` is its logger, `says` its words before they are filled in."""

    code: str
    of: str
    says: str
    next: Words  # what to do


SEE_DISK = Words("检查磁盘：edge-agent doctor", "see to the disk: edge-agent doctor")
REPORT = Words("把这条日志报告给供应商", "report this entry to the maker")
NOTHING_NOW = Words("无需处理，仅供记录", "nothing to do: for the record")
SEE_NETWORK = Words("检查现场网络和消息服务器", "see to the field's network and broker")
SEE_SETTINGS = Words("按提示修改设置，运行 edge-agent check", "mend the settings as it says: edge-agent check")
SAFE = Words(
    "输出已断开；查看此前的日志，排除后重新启动", "outputs are off: read the entries before it, mend, start again"
)

ENTRIES = (
    # L-1: the box itself
    Entry(
        "L-101",
        "edge_agent.supervisor",
        "the brain has not stepped for %.1f s%s: the process ends, outputs fall",
        SAFE,
    ),
    Entry("L-102", "edge_agent.supervisor", "worker %s died %d times in %.0f s: %s", SAFE),
    Entry("L-103", "edge_agent.supervisor", "worker %s died; it is started again", REPORT),
    Entry("L-104", "edge_agent.supervisor", "systemd was not told %s: %s", REPORT),
    Entry(
        "L-105",
        "edge_agent.ops.box.box",
        "worker %s cannot be kept alive (%s): the box ends, outputs are off",
        SAFE,
    ),
    Entry("L-106", "edge_agent.ops.box.box", "worker %s did not end in time", REPORT),
    Entry("L-107", "edge_agent.ops.box.box", "the box starts anew", NOTHING_NOW),
    Entry("L-108", "edge_agent.ops.run", "it cannot guard so: %s", SEE_SETTINGS),
    Entry(
        "L-109",
        "edge_agent.ops.run",
        "this box is retired: %s",
        Words("本机不得再运行", "it must not run any more"),
    ),
    Entry("L-110", "edge_agent.ops.down", "%s / %s (%s)", SAFE),
    Entry("L-111", "edge_agent.ops.down", "%s", REPORT),
    Entry(
        "L-112",
        "edge_agent.ops.box.reception",
        "this box cannot be claimed, its code cannot be kept: %s",
        SEE_DISK,
    ),
    Entry("L-113", "edge_agent.ops.box.reception", "the pages' list of people is not written: %s", SEE_DISK),
    Entry(
        "L-114",
        "edge_agent.tell.who.claim",
        "本机尚无管理员，请用此启用码启用 / no administrator yet: claim this box with %s",
        Words("在本机旁用此码启用", "claim the box with it, standing beside it"),
    ),
    Entry(
        "L-115", "edge_agent.ops.unit_key", "a new key of this unit was made; its public half is %s", NOTHING_NOW
    ),
    Entry(
        "L-116",
        "edge_agent.ops.unit_key",
        "the unit's key %s cannot be used (%s): moved to %s, a new one is made",
        Words("把新公钥告知中心", "tell the centre the new public key"),
    ),
    Entry("L-117", "edge_agent.ops.bundle_files", "%s was accepted by nobody: it is dropped", NOTHING_NOW),
    Entry("L-118", "edge_agent.ops.bundle_files", "nobody knows which settings were accepted: %s", SEE_DISK),
    Entry("L-119", "edge_agent.ops.doctor.command", "the look at %s broke", REPORT),
    Entry(
        "L-120",
        "edge_agent.ops.power_cut",
        "the mains are gone: what is known is being put on the disk",
        NOTHING_NOW,
    ),
    Entry("L-121", "edge_agent.ops.power_cut", "not all could be put on the disk: %s", SEE_DISK),
    Entry("L-122", "edge_agent.ops.run", "which settings run is not written down: %s", SEE_DISK),
    # L-2: records and disk
    Entry(
        "L-201",
        "edge_agent.ops.opening",
        "the records are damaged and moved aside to %s: %s",
        Words("保留该文件交审计，更换存储卡", "keep that file for the auditor, replace the card"),
    ),
    Entry(
        "L-202",
        "edge_agent.ops.opening",
        "the records end at event %d, numbers go on behind %d: they are not all there",
        Words("检查是否有人换回旧库，检查存储卡", "did somebody put an older copy in place? see to the card"),
    ),
    Entry(
        "L-203", "edge_agent.ops.opening", "the records come from a backup: numbers go on behind %d", NOTHING_NOW
    ),
    Entry("L-204", "edge_agent.ops.integrity", "the full look at the records found: %s", SEE_DISK),
    Entry("L-205", "edge_agent.ops.integrity", "the records could not be looked at: %s", SEE_DISK),
    Entry("L-206", "edge_agent.ops.box.box", "the damaged records cannot be marked: %s", SEE_DISK),
    Entry("L-207", "edge_agent.ops.run", "the records cannot be opened: %s", SEE_DISK),
    Entry("L-208", "edge_agent.agent.keeper", "records are not kept: %s", SEE_DISK),
    Entry("L-209", "edge_agent.ops.recorder", "evidence is not kept: %s", SEE_DISK),
    Entry("L-210", "edge_agent.ops.patrol", "patrol records are not kept: %s", SEE_DISK),
    Entry("L-211", "edge_agent.ops.gas_history", "the gas history lacks its last minute: %s", SEE_DISK),
    Entry("L-212", "edge_agent.ops.gas_history", "the gas history is damaged and put aside: %s", SEE_DISK),
    Entry("L-213", "edge_agent.ops.recordings.keeper", "film %s: %s", SEE_DISK),
    Entry("L-214", "edge_agent.ops.recordings.keeper", "a film cannot be renamed: %s", SEE_DISK),
    Entry("L-215", "edge_agent.ops.recordings.copies", "masked copies: %s", SEE_DISK),
    Entry(
        "L-216", "edge_agent.ops.recordings.copies", "no masked copy of %s (exit %s): it stays on the box", REPORT
    ),
    Entry("L-220", "edge_agent.ops.recordings.shown", "no copy of %s: %s", SEE_DISK),
    Entry("L-217", "edge_agent.ops.bundles", "no bundle has such a name: %r", REPORT),
    Entry("L-218", "edge_agent.ops.bundles", "the bundle %s was not made: %s", SEE_DISK),
    Entry("L-219", "edge_agent.ops.disk_watch", "how much lies on the disk is not known: %s", SEE_DISK),
    Entry(
        "L-221",
        "edge_agent.ops.opening",
        "the journal ends at event %d, the records at %d: it is not all there",
        Words("检查是否有人删除了日志文件，检查存储卡", "did somebody remove journal files? see to the card"),
    ),
    Entry("L-222", "edge_agent.ops.recordings.keeper", "which films stay is not written down: %s", SEE_DISK),
    # L-3: the ways to others
    Entry("L-301", "edge_agent.agent.outward", "%d messages (%s) for the centre gave way", SEE_NETWORK),
    Entry(
        "L-302", "edge_agent.ops.acknowledged", "the centre has events up to %d: %d are told again", NOTHING_NOW
    ),
    Entry("L-303", "edge_agent.ops.acknowledged", "what the centre lost cannot be read: %s", SEE_DISK),
    Entry(
        "L-304",
        "edge_agent.tell.uplink",
        "outbox row %d cannot be carried by MQTT (topic or size): it stays in the outbox",
        REPORT,
    ),
    Entry("L-305", "edge_agent.tell.upload.progress", "%s: what was under way is sent anew: %s", NOTHING_NOW),
    Entry(
        "L-306",
        "edge_agent.tell.neighbours",
        "the field broker is not reached for the other boxes: %s",
        SEE_NETWORK,
    ),
    Entry("L-307", "edge_agent.tell.neighbours", "the field broker refuses us: %s", SEE_NETWORK),
    Entry("L-308", "edge_agent.tell.neighbours", "what %s says does not count: %s", SEE_SETTINGS),
    Entry("L-309", "edge_agent.ops.messenger", "%s: %s", SEE_NETWORK),
    # L-4: the field
    Entry("L-401", "edge_agent.sense.http_field", "a request broke the reader", REPORT),
    Entry("L-402", "edge_agent.sense.mqtt_field", "a message broke the reader", REPORT),
    Entry("L-403", "edge_agent.sense.mqtt_sensors", "a message broke the reader", REPORT),
    Entry("L-404", "edge_agent.act.log_only", "LOG ONLY, nothing switched: %s %s/%s on=%s", SEE_SETTINGS),
    Entry("L-405", "edge_agent.ops.offers", "the offered model %s: %s", NOTHING_NOW),
    Entry("L-406", "edge_agent.ops.fetching", "the file of the %s is not here: %s", SEE_NETWORK),
    Entry("L-407", "edge_agent.ops.ordered", "the order of an update: %s", NOTHING_NOW),
    Entry("L-408", "edge_agent.ops.bundle_pruned", "old files of cameras' log-ins stay: %s", SEE_DISK),
    # L-5: the pages
    Entry("L-501", "web_ui.errors", "error %s", REPORT),
    Entry("L-502", "web_ui.lanes", "a request ended by a crash", REPORT),
    Entry("L-503", "web_ui.look", "the look at the field gave nothing that can be read", REPORT),
    Entry("L-509", "edge_agent.ops.looks", "a look gave nothing that can be read", REPORT),
    Entry("L-504", "web_ui.calculations", "a calculation gave nothing that can be read", REPORT),
    Entry("L-505", "web_ui.calculations", "a calculation failed: %s", REPORT),
    Entry("L-506", "web_ui.records", "%s cannot be used: it is put aside, everybody logs in anew", SEE_DISK),
    Entry("L-507", "web_ui.serve", "the certificate could not be renewed: the one in use stays", SEE_DISK),
    Entry(
        "L-508",
        "web_ui.tls.keeper",
        "%s: the box's authority may not vouch for these, so browsers warn there. To change that "
        "remove %s and %s; then every phone must be enrolled anew.",
        SEE_SETTINGS,
    ),
)

CODES = {(one.of, one.says): one.code for one in ENTRIES}


def code_of(record: logging.LogRecord) -> str:
    """The code of an entry of ours; "" of one below WARNING, or of a library's."""
    return CODES.get((record.name, str(record.msg)), "")
