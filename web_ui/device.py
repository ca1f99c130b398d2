"""What a browser says that it runs on, in two words that people know. It proves nothing."""

SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"),
    ("iPad", "iPad"), ("Windows", "Windows"), ("Macintosh", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
# The special ones first: most also call themselves Chrome or Safari.
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("HuaweiBrowser", "Huawei Browser"), ("SamsungBrowser", "Samsung Internet"),
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Such as "Android · Chrome"; "" where nothing of it is known."""
    found = (next((name for mark, name in table if mark in user_agent), "") for table in (SYSTEMS, BROWSERS))
    return " · ".join(one for one in found if one)
