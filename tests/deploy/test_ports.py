import socket

import pytest

from deploy.local import ports

pytestmark = pytest.mark.usefixtures("ports_may_be_tried")


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.create_server((ports.HOST, 0)) as server:
        port = server.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.is_open(port)
    assert ports.is_free(port)
    assert not ports.is_open(port)


def test_a_port_that_somebody_listens_on_everywhere_is_not_free() -> None:
    with socket.create_server(("", 0)) as server:
        assert not ports.is_free(server.getsockname()[1])


def test_a_picked_port_is_free_and_below_those_of_outgoing_connections() -> None:
    port = ports.pick()
    assert ports.LOWEST <= port <= ports.HIGHEST
    assert ports.is_free(port)


def test_known_ports_are_kept_and_free_wishes_are_granted() -> None:
    wish = ports.pick()
    chosen = ports.choose(("a", "b"), {"a": 1}, {"a": 2, "b": wish})
    assert chosen == {"a": 1, "b": wish}


def test_a_wish_that_is_taken_is_replaced() -> None:
    with socket.create_server((ports.HOST, 0)) as server:
        taken = server.getsockname()[1]
        assert ports.choose(("a",), {}, {"a": taken})["a"] != taken


def test_one_wish_is_not_granted_twice() -> None:
    wish = ports.pick()
    assert ports.choose(("a", "b"), {}, {"a": wish, "b": wish})["b"] != wish
