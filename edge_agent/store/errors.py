"""What can go wrong with the disk, as one typed error with the remedy in words."""

import errno
from enum import StrEnum
from pathlib import Path

import apsw
from peewee import PeeweeException

from edge_agent.domain.words import Words


class StoreFault(StrEnum):
    """What kind of trouble it is; the agent decides by this, people read the words."""

    FULL = "full"
    IO = "io"
    CORRUPT = "corrupt"
    LOCKED = "locked"
    READ_ONLY = "read_only"
    VERSION = "version"  # a file of another program, a newer schema, or a SQLite that corrupts WAL files
    FORK = "fork"  # the batch does not continue the chain that is on the disk
    OTHER = "other"


REMEDIES: dict[StoreFault, Words] = {
    StoreFault.FULL: Words(
        zh="磁盘已满。请删除或移走该分区上的其他文件；许可判断和继电器照常工作。",
        en="the disk is full: remove or move other files from this partition; guarding goes on meanwhile",
    ),
    StoreFault.IO: Words(
        zh="磁盘读写出错。请查看 dmesg，检查并更换存储卡。",
        en="the disk fails to read or write: look at dmesg, check and replace the card",
    ),
    StoreFault.CORRUPT: Words(
        zh="数据库已损坏。请保留损坏的文件作为证据，由备份恢复。",
        en="the database is damaged: keep the damaged file as evidence and restore from a backup",
    ),
    StoreFault.LOCKED: Words(
        zh="另一个程序正在写这个数据库。请先停止它。",
        en="another process is writing this database: stop it first",
    ),
    StoreFault.READ_ONLY: Words(
        zh="没有写权限。请检查状态目录的所有者和挂载方式。",
        en="not writable: check the owner of the state folder and how it is mounted",
    ),
    StoreFault.VERSION: Words(
        zh="文件或 SQLite 的版本不符。请安装匹配的版本。",
        en="file or SQLite of another version: install the version that matches",
    ),
    StoreFault.FORK: Words(
        zh="要写入的记录接不上磁盘上的链。请重新启动程序，由磁盘重新装载。",
        en="the records do not continue the chain on the disk: restart the agent so that it loads the disk's",
    ),
    StoreFault.OTHER: Words(
        zh="数据库出错。请把这条信息报告给供应商。",
        en="the database fails: report this message to the maker",
    ),
}

_BY_APSW: tuple[tuple[type[apsw.Error], StoreFault], ...] = (
    (apsw.FullError, StoreFault.FULL),
    (apsw.IOError, StoreFault.IO),
    (apsw.CorruptError, StoreFault.CORRUPT),
    (apsw.NotADBError, StoreFault.CORRUPT),
    (apsw.BusyError, StoreFault.LOCKED),
    (apsw.LockedError, StoreFault.LOCKED),
    (apsw.ReadOnlyError, StoreFault.READ_ONLY),
    (apsw.CantOpenError, StoreFault.READ_ONLY),
)

# What apsw and peewee raise; everything else that leaves a query is a defect of ours.
DATABASE_ERRORS = (apsw.Error, PeeweeException)


class StoreError(Exception):
    """The disk did not do what was asked. Nothing of the failed call was kept."""

    def __init__(self, fault: StoreFault, path: Path, detail: str) -> None:
        """`path` is the file concerned, `detail` what the layer below said."""
        super().__init__(f"{path}: {detail}: {REMEDIES[fault].en}")
        self.fault = fault
        self.path = path
        self.detail = detail

    @property
    def words(self) -> Words:
        """What, where and how to mend, for people."""
        remedy = REMEDIES[self.fault]
        return Words(
            zh=f"{self.path}：{remedy.zh}（{self.detail}）", en=f"{self.path}: {remedy.en} ({self.detail})"
        )


def from_database(trouble: Exception, path: Path) -> StoreError:
    """The typed error for what apsw (perhaps wrapped by peewee) raised."""
    root: BaseException = trouble
    while isinstance(root, PeeweeException) and root.__context__ is not None:
        root = root.__context__  # peewee raises its own while apsw's is being handled
    for kind, fault in _BY_APSW:
        if isinstance(root, kind):
            return StoreError(fault, path, f"{type(root).__name__}: {root}")
    return StoreError(StoreFault.OTHER, path, f"{type(root).__name__}: {root}")


def from_os(trouble: OSError, path: Path) -> StoreError:
    """The typed error for a failed system call on a file."""
    faults = {
        errno.ENOSPC: StoreFault.FULL,
        errno.EDQUOT: StoreFault.FULL,
        errno.EFBIG: StoreFault.FULL,
        errno.EACCES: StoreFault.READ_ONLY,
        errno.EPERM: StoreFault.READ_ONLY,
        errno.EROFS: StoreFault.READ_ONLY,
        errno.ENOENT: StoreFault.READ_ONLY,
        errno.EWOULDBLOCK: StoreFault.LOCKED,
    }
    return StoreError(faults.get(trouble.errno or 0, StoreFault.IO), path, str(trouble.strerror or trouble))
