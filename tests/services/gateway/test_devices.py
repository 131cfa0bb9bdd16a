"""Devices: a cookie that only we can make, and a name without versions."""

import pytest

from services.gateway.devices import Devices, device_name, new_device

DEVICES = Devices(b"d" * 32)
DEVICE = "d0" * 16


def test_a_cookie_of_ours_is_read() -> None:
    assert DEVICES.read(DEVICES.cookie(DEVICE)) == DEVICE


@pytest.mark.parametrize(
    "cookie",
    [
        None,
        "",
        DEVICE,
        f"{DEVICE}.",
        f"{DEVICE}.{'0' * 64}",
        Devices(b"e" * 32).cookie(DEVICE),
        DEVICES.cookie(DEVICE).replace("d0", "d1", 1),
        f"{DEVICES.cookie(DEVICE)}\n",
        DEVICES.cookie(DEVICE).upper(),
    ],
)
def test_any_other_is_nobodys(cookie: str | None) -> None:
    assert DEVICES.read(cookie) is None


def test_ids_are_never_the_same() -> None:
    assert len({new_device() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox sur Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome sur Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge sur Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari sur iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("curl/8.5", "Navigateur"),
        ("", "Navigateur"),
    ],
)
def test_a_device_has_a_name_that_its_owner_knows(agent: str, name: str) -> None:
    assert device_name(agent) == name
