from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.consent.commands import policy_app
from hub.consent.errors import PolicyInvalidError
from hub.consent.loading import DEFAULT, default_document, default_policy, load_policy, parse_policy
from service.errors import UnsafeSettingsError

TEXT = DEFAULT.read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert old in TEXT
    path = tmp_path / "policy.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_hash_names_the_rules_and_not_their_lay_out(tmp_path: Path) -> None:
    assert len(default_policy().hash) == 32
    assert load_policy(changed(tmp_path, "# ---- Legal bases", "\n\n# Bases")).hash == default_policy().hash
    ended = changed(
        tmp_path, "valid_from_on = 2015-01-01", "valid_from_on = 2015-01-01\nvalid_to_on = 2026-12-31"
    )
    assert load_policy(ended).hash != default_policy().hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('code = "WPG_YOUTH"', 'code = "JW_7_1_4_1"'),
        ('kind = "police"', 'kind = "school"'),
        ('bracket = "12-15"', 'bracket = "16-17"'),
        ('age_profile = "strictest"', 'age_profile = "widest"'),
        ('"0-11" = ["representative"]', '"0-11" = []'),
        ('data_processing = ["consent_avg"]', 'data_processing = ["help"]'),
        ('code = "override_hours"\nlength = 24', 'code = "override_hours"\nlength = 25'),
        ('told = ["municipal_team"]', 'told = ["community", "stranger"]'),
        ('feedback = ["data_processing", "secrecy_waiver"]', 'feedback = ["help_agreement"]'),
        ('police_data_recipients = ["municipal_team"]', 'police_data_recipients = ["neighbours"]'),
        ('police_data_recipients = ["municipal_team"]', 'police_data_recipients = ["school"]'),
        ('sender = "police"\nbasis', 'sender = "stranger"\nbasis'),
        ('fact = "restricted"', 'fact = "objection"'),
        ('fact = "restricted"', 'fact = "whatever"'),
        ("needs_consent = false\n", ""),
        ("may_signal = true", "may_signal = true\nmay_search = true"),
        ('signal_kinds = ["contact"]', "signal_kinds = []"),
        ('signal_kinds = ["contact"]', 'signal_kinds = ["urgent"]'),
        ('objection_blocks = "in_scope"', 'objection_blocks = "never"'),
    ],
)
def test_a_policy_set_that_leaves_something_open_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(UnsafeSettingsError):
        load_policy(changed(tmp_path, old, new))


@pytest.mark.parametrize(("days", "allowed"), [(1094, False), (1095, True), (3660, True), (3661, False)])
def test_a_covenant_keeps_the_log_three_years_at_least(days: int, allowed: bool) -> None:
    chosen = {"rule": "audit_private", "days": days, "source": "covenant, 4", "status": "A"}
    with nullcontext() if allowed else pytest.raises(PolicyInvalidError):
        parse_policy(default_document() | {"keeping": [chosen]})


def test_the_policy_can_be_shown() -> None:
    shown = CliRunner().invoke(policy_app, ["show", "--file", str(DEFAULT)], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert default_policy().hash in shown.output
