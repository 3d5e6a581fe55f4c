from __future__ import annotations

import pytest

from keys.protocol.errors import ProtocolError


def every_error() -> list[type[ProtocolError]]:
    return [ProtocolError, *ProtocolError.__subclasses__()]


@pytest.mark.parametrize("error", every_error())
def test_an_error_says_a_constant_and_takes_no_data(error: type[ProtocolError]) -> None:
    assert str(error()) == error.message
    with pytest.raises(TypeError):
        error("a value")  # type: ignore[call-arg]
