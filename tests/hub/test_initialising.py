"""A new hub is made once, and needs nobody else for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.context import open_database
from hub.initialising import initialise, public_part
from hub.settings import HubSettings
from service.errors import UnsafeSettingsError
from service.work import SYSTEM


def versions(settings: HubSettings) -> int:
    from hub.consent.versions_store import list_versions

    database = open_database(settings)
    with database.look(SYSTEM) as work:
        found = len(list_versions(work.session))
    database.close()
    return found


def test_a_hub_is_made_before_its_key_holder_knows_it(tmp_path: Path) -> None:
    settings = HubSettings(
        data=tmp_path,
        data_keys_url="https://127.0.0.1:9",
        data_keys_public="A" * 43,
        hub_id="hub.dat.example",
    )
    initialise(settings)
    assert public_part(settings)["dataKeyClient"]["kty"] == "OKP"
    assert versions(settings) == 0


def test_a_hub_for_trial_has_its_first_policy_at_once(tmp_path: Path) -> None:
    settings = HubSettings(data=tmp_path)
    initialise(settings)
    assert versions(settings) == 1


def test_a_second_time_draws_no_new_keys_and_says_so(tmp_path: Path) -> None:
    settings = HubSettings(data=tmp_path)
    initialise(settings)
    before = public_part(settings)
    with pytest.raises(UnsafeSettingsError, match="already"):
        initialise(settings)
    assert public_part(settings) == before
