"""What the operating system says about a connection or a file, in both languages.

The English half is the system's own text, the Chinese half comes from the table below; an error that
is not in it keeps its number, so that it can be looked up.
"""

import errno
import socket
import ssl

from edge_agent.domain.words import Words

BY_ERRNO: dict[int, str] = {
    errno.ECONNREFUSED: "连接被拒绝",
    errno.ECONNRESET: "连接被对方复位",
    errno.ECONNABORTED: "连接被中止",
    errno.EPIPE: "连接已断开",
    errno.ENOTCONN: "未连接",
    errno.ETIMEDOUT: "连接超时",
    errno.EAGAIN: "连接超时",
    errno.EINPROGRESS: "连接超时",
    errno.EHOSTUNREACH: "主机不可达",
    errno.EHOSTDOWN: "主机未开机",
    errno.ENETUNREACH: "网络不可达",
    errno.ENETDOWN: "网络已断开",
    errno.EADDRNOTAVAIL: "本机地址不可用",
    errno.EADDRINUSE: "端口被占用",
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "操作不被允许",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径不存在",
    errno.EIO: "读写出错",
    errno.EINVAL: "参数无效",
    errno.ENOMEM: "内存不足",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "文件系统只读",
}


def of(fault: OSError) -> Words:
    """Why a connection or a file cannot be had."""
    return Words(_zh(fault), fault.strerror or str(fault) or type(fault).__name__)


def _zh(fault: OSError) -> str:
    match fault:
        case ssl.SSLCertVerificationError():
            return f"证书不可信（{fault.verify_code}）"
        case ssl.SSLError():
            return f"TLS 握手失败（{fault.reason}）"
        case socket.gaierror():
            return "找不到主机"
        case TimeoutError():
            return "连接超时"
    return BY_ERRNO.get(fault.errno or 0) or f"系统错误 {fault.errno or type(fault).__name__}"
